"""The filter bar on the screen: one chip a filter, bound to the address, so that a link shows the same picture."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

import streamlit as st

from data_access.queries.dimensions import FilterOptions
from ui import filter_bar, reads
from ui.filter_bar import (
    AS_OF,
    CHOICES,
    CURRENCY,
    FROM,
    KEYS,
    LABELS,
    PERIOD,
    PERIODS,
    PILLS_AT_MOST,
    REGION,
    SHOW_IN,
    SITE,
    TO,
    TYPE,
    VENDOR,
    address_values,
    labels_of,
    settled,
)
from ui.formats import currency_name, day, escape, short_day
from ui.viewer import Viewer

# Without bounds Streamlit takes dates of ten years around today only, and drops others from the address.
EARLIEST, LATEST = date(1970, 1, 1), date(2099, 12, 31)
UNKNOWN, WRITTEN_BACK = "filter-unknown", "filter-written-back"  # session state
Held = Mapping[str, Any]  # what the chips hold by key, see filter_bar.held


def draw(viewer: Viewer) -> None:
    """The row of chips."""
    options = reads.options(viewer)
    _note_unknown(options)
    before = filter_bar.held()
    st.session_state[LABELS] = {key: labels_of(options, key) for key in CHOICES}
    with st.container(horizontal=True, wrap=False, width="content", gap="xsmall", key="filter-bar"):
        for key, name in ((REGION, "Region"), (SITE, "Site"), (VENDOR, "Vendor"), (TYPE, "Service")):
            _choice_chip(key, name, labels_of(options, key), before)
        _currency_chip(options, before)
        _period_chip(viewer, before)
        _as_of_chip(viewer, before)
        now = filter_bar.held()
        if any(now.values()):
            st.button("Clear", type="tertiary", on_click=_clear, key="filter-clear", help="Remove all filters")
    _write_back(now)
    settled(now)


def tell_unknown() -> None:
    """Say which values of the address were ignored because this viewer has not got them, until the filters change."""
    noted = st.session_state.get(UNKNOWN)
    if noted is None:
        return
    now = address_values()
    text, then = noted[0], noted[1] if noted[1] is not None else now
    if then == now:
        st.session_state[UNKNOWN] = (text, now)
        st.warning(f"The address asks for {text}, which is not here. It was ignored.", icon=":material/link_off:")
    else:
        del st.session_state[UNKNOWN]


def _note_unknown(options: FilterOptions) -> None:
    """Before the chips are drawn: drawing them takes unknown values out of the address."""
    unknown = []
    for key in CHOICES:
        if asked := st.query_params.get_all(key):
            known = set(labels_of(options, key).values())
            unknown += [f"{key} {escape(value)}" for value in asked if value and value not in known]
    if unknown:
        st.session_state[UNKNOWN] = (", ".join(unknown), None)


def _choice_chip(key: str, name: str, labels: Mapping[str, str], held: Held) -> None:
    picked = [labels[value] for value in _picked(key, labels, held)]
    if len(labels) > PILLS_AT_MOST:
        picked = [escape(label) for label in picked]
    with st.popover(_active(name, picked), key=f"chip-{key}"):
        _choice(key, name, labels, held)


def _active(name: str, picked: list[str]) -> str:
    """A chip's label: **Region:** South +1."""
    if not picked:
        return name
    return f"**{name}:** {picked[0]}" + (f" +{len(picked) - 1}" if len(picked) > 1 else "")


def _choice(key: str, name: str, labels: Mapping[str, str], held: Held) -> None:
    _keep(key, held)
    if len(labels) > PILLS_AT_MOST:
        st.multiselect(name, list(labels), format_func=labels.__getitem__, key=key, bind="query-params", width=320)
    elif labels:
        st.pills(
            name, list(labels), selection_mode="multi", format_func=labels.__getitem__, key=key, bind="query-params"
        )
    else:
        st.caption(f"No {name.lower()} is known yet.")


def _currency_chip(options: FilterOptions, held: Held) -> None:
    labels = labels_of(options, CURRENCY)
    shown = _one(SHOW_IN, labels, held)
    with st.popover(
        f"**In:** {shown}" if shown else _active("Currency", _picked(CURRENCY, labels, held)), key="chip-currency"
    ):
        _choice(CURRENCY, "Currency", labels, held)
        if len(labels) > 1:
            _keep(SHOW_IN, held)
            st.pills(
                "Show amounts in",
                list(labels),
                key=SHOW_IN,
                bind="query-params",
                help="Nothing chosen: each currency by itself. They are never added up without a rate.",
            )
            st.caption("\n".join(f"- {code}: {currency_name(code)}" for code in labels))


def _period_chip(viewer: Viewer, held: Held) -> None:
    period = _one(PERIOD, PERIODS, held)
    words = _custom_words(viewer, held) if period == "Custom" else period.lower() if period else ""
    with st.popover(f"**Period:** {words}" if period else "Period", key="chip-period"):
        _keep(PERIOD, held)
        st.pills("Period of bills, payments and calls", PERIODS, key=PERIOD, bind="query-params")
        if period == "Custom":
            for key, name in ((FROM, "From"), (TO, "To, this day included")):
                _keep(key, held)
                _date_input(name, key)
            if _reversed(held):
                st.warning("The period ends before it begins, so it is not used.")
        st.caption("Balances do not depend on it: they are what is open on the as-of day.")


def _as_of_chip(viewer: Viewer, held: Held) -> None:
    with st.popover(f"**As of:** {day(_date(AS_OF, held) or viewer.today)}", key="chip-as-of"):
        _keep(AS_OF, held)
        _date_input("As of", AS_OF)
        st.caption("Empty follows today. A date here becomes part of the address, so that a link keeps it.")


def _date_input(name: str, key: str) -> None:
    st.date_input(
        name,
        value=None,
        min_value=EARLIEST,
        max_value=LATEST,
        key=key,
        bind="query-params",
        format="YYYY-MM-DD",
    )


def _reversed(held: Held) -> bool:
    first, last = _date(FROM, held), _date(TO, held)
    return bool(first and last and last < first)


def _custom_words(viewer: Viewer, held: Held) -> str:
    first, last = _date(FROM, held), _date(TO, held)
    if _reversed(held) or not (first or last):
        return "custom"
    begin = short_day(first, viewer.today) if first else "beginning"
    return f"{begin} to {short_day(last, viewer.today) if last else 'today'}"


# On the first run after a link was opened the chips have no state yet, so their labels are read from the address.


def _picked(key: str, labels: Mapping[str, str], held: Held) -> list[str]:
    if key in held:
        return [value for value in held[key] or () if value in labels]
    asked = st.query_params.get_all(key)
    return [value for value, label in labels.items() if label in asked]


def _one(key: str, known: Collection[str], held: Held) -> str | None:
    value = held[key] if key in held else st.query_params.get(key)
    return value if value in known else None


def _date(key: str, held: Held) -> date | None:
    if key in held:
        return held[key]
    try:
        asked = date.fromisoformat(st.query_params.get(key, ""))
    except ValueError:
        return None
    return asked if EARLIEST <= asked <= LATEST else None


def _lost(key: str, held: Held) -> bool:
    return bool(held.get(key)) and key not in st.query_params


def _keep(key: str, held: Held) -> None:
    """Write a value that the address has lost back into it; before its widget is drawn."""
    if _lost(key, held):
        st.session_state[key] = held[key]


def _write_back(held: Held) -> None:
    """The first page switch of a session drops bound values from the address and keeps them in the widgets.

    One more run puts them back (see _keep); a second one in a row would change nothing, so there is none.
    """
    if any(_lost(key, held) for key in held) and not st.session_state.get(WRITTEN_BACK):
        st.session_state[WRITTEN_BACK] = True
        st.rerun()
    st.session_state[WRITTEN_BACK] = False


def _clear() -> None:
    for key in KEYS:
        if st.session_state.get(key):
            st.session_state[key] = [] if key in CHOICES else None
