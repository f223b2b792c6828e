"""The filter bar: chips in the head row of every page, each bound to the address, so that a link shows the same picture.

The chips are drawn by the front door, not by the page: Streamlit keeps a bound value through a page switch only for
widgets of the entry point. A page asks `chosen(viewer)` for the result.
"""

from collections.abc import Sequence
from datetime import date, timedelta

import streamlit as st

from data_access.queries.dimensions import FilterOptions
from domain.filters import Filters
from domain.periods import add_months, month_start
from ui import reads
from ui.formats import currency_name, day, escape, short_day
from ui.viewer import Viewer

# Address keys, which are also the widgets' keys.
REGION, SITE, VENDOR, TYPE, CURRENCY = "region", "site", "vendor", "type", "currency"
PERIOD, FROM, TO, AS_OF, SHOW_IN = "period", "from", "to", "as_of", "show"
CHOICES = (REGION, SITE, VENDOR, TYPE, CURRENCY)
KEYS = (*CHOICES, PERIOD, FROM, TO, AS_OF, SHOW_IN)
PERIODS = ("This month", "Last month", "This quarter", "This year", "Last 12 months", "Custom")
EACH = "Each by itself"
PILLS_AT_MOST = 40  # more options than this are searched, not looked over


def site_label(options: FilterOptions, code: str) -> str:
    """How a site is called in the chips and in addresses: its name, with the code where two share a name."""
    names = [name for _, name, _ in options.sites]
    for known, name, _ in options.sites:
        if known == code:
            return escape(name if names.count(name) == 1 else f"{name} ({code})")
    return code


def _labels(options: FilterOptions, key: str) -> dict[str, str]:
    """Label by value, in the order in which a chip offers them."""
    if key == SITE:
        return {code: site_label(options, code) for code, _, _ in options.sites}
    values = {
        REGION: options.regions,
        VENDOR: options.vendors,
        TYPE: options.service_types,
        CURRENCY: options.currencies,
    }
    return {value: escape(value) for value in values[key]}


def draw(viewer: Viewer) -> None:
    """The row of chips. Values in the address that this viewer has not got are said, and ignored."""
    options = reads.options(viewer)
    _tell_unknown(options)
    with st.container(horizontal=True, wrap=False, width="content", gap="xsmall", key="filter-bar"):
        for key, name in ((REGION, "Region"), (SITE, "Site"), (VENDOR, "Vendor"), (TYPE, "Service")):
            _choice(key, name, _labels(options, key))
        _currency_chip(options)
        _period_chip(viewer)
        _as_of_chip(viewer)
        if any(st.session_state.get(key) for key in KEYS):
            st.button("Clear", type="tertiary", on_click=_clear, key="filter-clear", help="Remove all filters")


def chosen(viewer: Viewer) -> Filters:
    """What the bar says now; without it (a page drawn by itself) everything, as of today."""
    state = st.session_state
    as_of: date = state.get(AS_OF) or viewer.today
    since, until = _period(as_of)
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


def in_words(filters: Filters, options: FilterOptions) -> list[tuple[str, str]]:
    """The filters that are set, as (name, values) for exports and captions; the as-of date first."""
    said = [("As of", filters.as_of.isoformat())]
    sites = {code: name for code, name, _ in options.sites}
    for name, values in (
        ("Region", filters.regions),
        ("Site", tuple(sites.get(code, code) for code in filters.sites)),
        ("Vendor", filters.vendors),
        ("Service", filters.service_types),
        ("Currency", filters.currencies),
        ("Method", filters.methods),
    ):
        if values:
            said.append((name, ", ".join(values)))
    if filters.since or filters.until:
        last = (filters.until - timedelta(days=1)).isoformat() if filters.until else "today"
        said.append(("Period", f"{filters.since.isoformat() if filters.since else 'the beginning'} to {last}"))
    if filters.search:
        said.append(("Search", filters.search))
    return said


def address_values() -> dict[str, list[str]]:
    """The bar as address parameters, for links that keep the picture."""
    values: dict[str, list[str]] = {}
    labels = st.session_state.get("filter-labels", {})
    for key in KEYS:
        value = st.session_state.get(key)
        if isinstance(value, date):
            values[key] = [value.isoformat()]
        elif isinstance(value, str):
            values[key] = [value]
        elif value:
            values[key] = [labels.get((key, item), item) for item in value]
    return values


def _choice(key: str, name: str, labels: dict[str, str]) -> None:
    picked = _picked(key, labels)
    first = f"**{name}:** {labels[picked[0]]}" if picked else name
    with st.popover(f"{first} +{len(picked) - 1}" if len(picked) > 1 else first, key=f"chip-{key}"):
        _pick(key, name, labels)


def _pick(key: str, name: str, labels: dict[str, str]) -> None:
    st.session_state.setdefault("filter-labels", {}).update({(key, value): label for value, label in labels.items()})
    _keep(key)
    if len(labels) > PILLS_AT_MOST:
        st.multiselect(name, list(labels), format_func=labels.__getitem__, key=key, bind="query-params", width=320)
    elif labels:
        st.pills(
            name, list(labels), selection_mode="multi", format_func=labels.__getitem__, key=key, bind="query-params"
        )
    else:
        st.caption(f"No {name.lower()} is known yet.")


def _currency_chip(options: FilterOptions) -> None:
    codes = options.currencies
    picked, shown = _picked(CURRENCY, {code: code for code in codes}), _one(SHOW_IN)
    label = "Currency"
    if shown:
        label = f"**In:** {shown}"
    elif picked:
        label = f"**Currency:** {picked[0]}" + (f" +{len(picked) - 1}" if len(picked) > 1 else "")
    with st.popover(label, key="chip-currency"):
        _pick(CURRENCY, "Currency", {code: code for code in codes})
        if len(codes) > 1:
            _keep(SHOW_IN)
            st.pills(
                "Show amounts in",
                list(codes),
                key=SHOW_IN,
                bind="query-params",
                help="Nothing chosen: each currency by itself. They are never added up without a rate.",
            )
            st.caption("\n".join(f"- {code}: {currency_name(code)}" for code in codes))


def _period_chip(viewer: Viewer) -> None:
    period = _one(PERIOD)
    label = f"**Period:** {period.lower() if period != 'Custom' else _custom_words(viewer)}" if period else "Period"
    with st.popover(label, key="chip-period"):
        _keep(PERIOD)
        st.pills("Period of bills, payments and calls", PERIODS, key=PERIOD, bind="query-params")
        if period == "Custom":
            for key, name in ((FROM, "From"), (TO, "To, this day included")):
                _keep(key)
                st.date_input(name, value=None, key=key, bind="query-params", format="YYYY-MM-DD")
            if _reversed():
                st.warning("The period ends before it begins, so it is not used.")
        st.caption("Balances do not depend on it: they are what is open on the as-of day.")


def _as_of_chip(viewer: Viewer) -> None:
    as_of = _date(AS_OF)
    with st.popover(f"**As of:** {day(as_of or viewer.today)}", key="chip-as-of"):
        _keep(AS_OF)
        st.date_input("As of", value=None, key=AS_OF, bind="query-params", format="YYYY-MM-DD")
        st.caption("Empty follows today. A date here becomes part of the address, so that a link keeps it.")


def _period(as_of: date) -> tuple[date | None, date | None]:
    """Half-open (since, until) of the chosen period; open ends are None."""
    this_month = month_start(as_of)
    after = as_of + timedelta(days=1)
    chosen = st.session_state.get(PERIOD)
    if chosen == "Custom":
        last = st.session_state.get(TO)
        return (None, None) if _reversed() else (st.session_state.get(FROM), last + timedelta(days=1) if last else None)
    if chosen == "Last month":
        return add_months(this_month, -1), this_month
    back = {"This month": 0, "This quarter": (as_of.month - 1) % 3, "This year": as_of.month - 1, "Last 12 months": 11}
    return (add_months(this_month, -back[chosen]), after) if chosen in back else (None, None)


def _reversed() -> bool:
    first, last = _date(FROM), _date(TO)
    return bool(first and last and last < first)


def _custom_words(viewer: Viewer) -> str:
    first, last = _date(FROM), _date(TO)
    if _reversed() or not (first or last):
        return "custom"
    begin = short_day(first, viewer.today) if first else "beginning"
    return f"{begin} to {short_day(last, viewer.today) if last else 'today'}"


# On the first run after a link was opened the chips have no state yet, so their labels are read from the address.


def _picked(key: str, labels: dict[str, str]) -> list[str]:
    if key in st.session_state:
        return [value for value in st.session_state[key] or () if value in labels]
    asked = st.query_params.get_all(key)
    return [value for value, label in labels.items() if label in asked]


def _one(key: str) -> str | None:
    return st.session_state[key] if key in st.session_state else st.query_params.get(key) or None


def _date(key: str) -> date | None:
    if key in st.session_state:
        return st.session_state[key]
    try:
        return date.fromisoformat(st.query_params.get(key, ""))
    except ValueError:
        return None


def _keep(key: str) -> None:
    """Write a value that the address has lost back into it: the first page switch after opening a link drops it."""
    if st.session_state.get(key) and key not in st.query_params:
        st.session_state[key] = st.session_state[key]


def _clear() -> None:
    for key in KEYS:
        if st.session_state.get(key):
            st.session_state[key] = [] if key in CHOICES else None


def _tell_unknown(options: FilterOptions) -> None:
    for key in CHOICES:
        known = set(_labels(options, key).values())
        unknown = _not_in(st.query_params.get_all(key), known)
        if unknown:
            st.toast(
                f"The address asks for {key} {', '.join(map(escape, unknown))}, which is not here. It was ignored.",
                icon=":material/link_off:",
                duration="long",
            )


def _not_in(asked: Sequence[str], known: set[str]) -> list[str]:
    return [value for value in asked if value and value not in known]
