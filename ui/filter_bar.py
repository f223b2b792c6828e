"""What the filter bar says: the address keys, and the typed filters that every read is handed.

ui/filter_chips.py draws it. The front door does that, not the page: Streamlit keeps a bound value through a page switch
only for widgets of the entry point. A page asks `chosen(viewer)`.
"""

from collections import Counter
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

import streamlit as st

from data_access.queries.dimensions import FilterOptions
from domain.filters import Filters
from domain.periods import add_months, month_start
from ui import run
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
_HELD, _ADDRESS, _NAMES = "filter-held", "filter-address", "names"
_ABSENT = object()
_KNOWN = 32  # scopes whose labels are kept
_said: dict[int, tuple[FilterOptions, dict[str, dict[str, str]]]] = {}


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


def site_name(options: FilterOptions, code: str) -> str:
    """How a site is called: its name, with the code where two share a name."""
    return _labels(options)[_NAMES].get(code, code)


def site_label(options: FilterOptions, code: str) -> str:
    """The same as its chip shows it, and as addresses have it."""
    return _offered(site_name(options, code), len(options.sites))


def _offered(label: str, among: int) -> str:
    """Pills read Markdown; the list that takes their place where there are many does not."""
    return label if among > PILLS_AT_MOST else escape(label)


def labels_of(options: FilterOptions, key: str) -> Mapping[str, str]:
    """Label by value of one of CHOICES, in the order in which its chip offers them."""
    return _labels(options)[key]


def _labels(options: FilterOptions) -> dict[str, dict[str, str]]:
    """By key, and the plain names of sites. Made once for what a read brought, which is the same to everybody in that scope."""
    known = _said.get(id(options))
    if known is None or known[0] is not options:
        while len(_said) >= _KNOWN:
            _said.pop(next(iter(_said)), None)
        known = _said[id(options)] = options, _made(options)
    return known[1]


def _made(options: FilterOptions) -> dict[str, dict[str, str]]:
    shared = Counter(name for _, name, _ in options.sites)
    names = {code: name if shared[name] == 1 else f"{name} ({code})" for code, name, _ in options.sites}
    values = {
        REGION: options.regions,
        VENDOR: options.vendors,
        TYPE: options.service_types,
        CURRENCY: options.currencies,
    }
    labels = {key: {value: _offered(value, len(known)) for value in known} for key, known in values.items()}
    labels[SITE] = {code: _offered(name, len(names)) for code, name in names.items()}
    return labels | {_NAMES: names}


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
