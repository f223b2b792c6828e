"""What the filter bar says: the address keys, and the typed filters that every read is handed.

ui/filter_chips.py draws it. The front door does that, not the page: Streamlit keeps a bound value through a page switch
only for widgets of the entry point. A page asks `chosen(viewer)`.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

import streamlit as st

from data_access.queries.dimensions import FilterOptions
from data_access.queries.site_names import SiteName
from domain.filters import Filters
from domain.periods import add_months, month_start
from ui import reads, run
from ui.formats import escape
from ui.viewer import Viewer

# Address keys, which are also the widgets' keys.
REGION, SITE, VENDOR, TYPE, CURRENCY = "region", "site", "vendor", "type", "currency"
PERIOD, FROM, TO, AS_OF, SHOW_IN = "period", "from", "to", "as_of", "show"
CHOICES = (REGION, SITE, VENDOR, TYPE, CURRENCY)
KEYS = (*CHOICES, PERIOD, FROM, TO, AS_OF, SHOW_IN)
PILLS_AT_MOST = 40  # more options than this are searched, not looked over
PERIODS = ("This month", "Last month", "This quarter", "This year", "Last 12 months", "Custom")
LABELS = "filter-labels"  # session state: by key the label of each value, as the address has it
_HELD, _ADDRESS = "filter-held", "filter-address"
_ABSENT = object()


def chosen(viewer: Viewer) -> Filters:
    """What the bar says now; without it (a page drawn by itself) everything, as of today."""
    state = held()
    as_of: date = state.get(AS_OF) or viewer.today
    since, until = period_of(state.get(PERIOD), as_of, state.get(FROM), state.get(TO))
    return Filters(
        as_of=as_of,
        regions=tuple(state.get(REGION) or ()),
        sites=tuple(state.get(SITE) or ()),
        vendors=tuple(state.get(VENDOR) or ()),
        service_types=tuple(state.get(TYPE) or ()),
        currencies=tuple(state.get(CURRENCY) or ()),
        since=since,
        until=until,
    )


def held() -> Mapping[str, Any]:
    """What the chips hold, by key; those without state are left out. Session state is asked once a run, when they are drawn."""
    known = run.memo()
    return known[_HELD] if known is not None and _HELD in known else _held_now()


def _held_now() -> dict[str, Any]:
    state = st.session_state
    return {key: value for key in KEYS if (value := state.get(key, _ABSENT)) is not _ABSENT}


def period_of(
    period: str | None, as_of: date, first: date | None, last: date | None
) -> tuple[date | None, date | None]:
    """Half-open (since, until) of one of PERIODS as of a day; open ends are None. `first` and `last` belong to Custom.

    A Custom period that ends before it begins is none.
    """
    this_month = month_start(as_of)
    if period == "Custom":
        if first and last and last < first:
            return None, None
        return first, last + timedelta(days=1) if last else None
    if period == "Last month":
        return add_months(this_month, -1), this_month
    back = {"This month": 0, "This quarter": (as_of.month - 1) % 3, "This year": as_of.month - 1, "Last 12 months": 11}
    if period not in back:
        return None, None
    return add_months(this_month, -back[period]), as_of + timedelta(days=1)


def site_name(viewer: Viewer, code: str) -> str:
    """How a site is called: its name, with the code where two share a name."""
    return reads.sites_named(viewer, [code])[code]


def site_label(viewer: Viewer, code: str) -> str:
    """The same as its chip shows it, and as addresses have it."""
    return site_labels(viewer, [code])[code]


def site_labels(viewer: Viewer, codes: Iterable[str]) -> Mapping[str, str]:
    """The same of some."""
    among = reads.options(viewer).site_count
    return {code: _offered(name, among) for code, name in reads.sites_named(viewer, codes).items()}


def _offered(label: str, among: int) -> str:
    """Pills read Markdown; the list that takes their place where there are many does not."""
    return label if among > PILLS_AT_MOST else escape(label)


def labels_of(viewer: Viewer, key: str) -> Mapping[str, str]:
    """Label by value of one of CHOICES, in the order in which its chip offers them."""
    if key == SITE:
        return _SiteLabels(viewer, reads.options(viewer).site_count)
    return reads.made(_labels, "filter_options", viewer, None)[key]


def _labels(options: FilterOptions) -> Mapping[str, Mapping[str, str]]:
    values = {
        REGION: options.regions,
        VENDOR: options.vendors,
        TYPE: options.service_types,
        CURRENCY: options.currencies,
    }
    return {key: {value: _offered(value, len(known)) for value in known} for key, known in values.items()}


class _SiteLabels(Mapping[str, str]):
    """Label by code of a known number of sites, which are read when somebody looks: there may be thousands."""

    def __init__(self, viewer: Viewer, number: int) -> None:
        self._viewer, self._number = viewer, number

    def _all(self) -> Mapping[str, str]:
        return reads.made(_labels_by_code, "site_names", self._viewer, None)

    def __len__(self) -> int:
        return self._number

    def __iter__(self) -> Iterator[str]:
        return iter(self._all())

    def __getitem__(self, code: str) -> str:
        return self._all()[code]


def _labels_by_code(sites: Sequence[SiteName]) -> Mapping[str, str]:
    return {site.code: _offered(site.called, len(sites)) for site in sites}


def address_values() -> dict[str, list[str]]:
    """The bar as address parameters, for links that keep the picture."""
    return address()[0]


def settled(now: Mapping[str, Any]) -> None:
    """The bar is drawn and holds what it holds `now`, to the end of this run."""
    run.once(_HELD, lambda: now)
    run.once(_ADDRESS, _put_together)


def address() -> tuple[dict[str, list[str]], str]:
    """The same, and beside it as a query."""
    known = run.memo()
    return known[_ADDRESS] if known is not None and _ADDRESS in known else _put_together()


def _put_together() -> tuple[dict[str, list[str]], str]:
    values = _address_values()
    return values, urlencode(values, doseq=True)


def _address_values() -> dict[str, list[str]]:
    values: dict[str, list[str]] = {}
    labels, state = st.session_state.get(LABELS, {}), held()
    for key in KEYS:
        value = state.get(key)
        if isinstance(value, date):
            values[key] = [value.isoformat()]
        elif isinstance(value, str):
            values[key] = [value]
        elif value:
            values[key] = [labels.get(key, {}).get(item, item) for item in value]
    return values
