"""The filter bar on the screen: one chip a filter, bound to the address, so that a link shows the same picture."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import streamlit as st

from ui.filter_address import (
    EARLIEST,
    LATEST,
    Held,
    asked,
    at_least,
    day_of,
    held_before,
    keep,
    one_of,
    picked,
)
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

UNKNOWN = "filter-unknown"  # session state
COMING = "Fetching names"  # in a chip that was opened just now
Drawn = dict[str, Any]  # what the chips hold by key, as drawing them told


def draw(viewer: Viewer) -> None:
    """The row of chips."""
    _note_unknown(viewer)
    before = held_before()
    labels = {key: labels_of(viewer, key) for key in CHOICES}
    st.session_state[LABELS] = labels
    now: Drawn = {}
    with st.container(horizontal=True, wrap=False, width="content", gap="xsmall", key="filter-bar"):
        for key, name in ((REGION, "Region"), (SITE, "Site"), (VENDOR, "Vendor"), (TYPE, "Service")):
            now |= _choice_chip(key, name, labels[key], before)
        now |= _currency_chip(labels[CURRENCY], before) | _period_chip(viewer, before) | _as_of_chip(viewer, before)
        if any(now.values()):
            st.button("Clear", type="tertiary", on_click=_clear, key="filter-clear", help="Remove all filters")
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


def _note_unknown(viewer: Viewer) -> None:
    """Before the chips are drawn: drawing them takes unknown values out of the address."""
    unknown = []
    for key in CHOICES:
        if values := asked().get(key):
            known = set(labels_of(viewer, key).values())
            unknown += [f"{key} {escape(value)}" for value in values if value not in known]
    if unknown:
        st.session_state[UNKNOWN] = (", ".join(unknown), None)


def _choice_chip(key: str, name: str, labels: Mapping[str, str], held: Held) -> Drawn:
    chosen, many = [labels[value] for value in picked(key, labels, held)], len(labels) > PILLS_AT_MOST
    if many:
        chosen = [escape(label) for label in chosen]
    chip = st.popover(_active(name, chosen), key=f"chip-{key}", on_change="rerun" if many else "ignore")
    with chip:
        return _choice(key, name, labels, held, closed=chip.open is False)


def _active(name: str, chosen: list[str]) -> str:
    """A chip's label: **Region:** South +1."""
    if not chosen:
        return name
    return f"**{name}:** {chosen[0]}" + (f" +{len(chosen) - 1}" if len(chosen) > 1 else "")


def _choice(key: str, name: str, labels: Mapping[str, str], held: Held, *, closed: bool = False) -> Drawn:
    keep(key, held)
    named = labels.__getitem__
    if len(labels) > PILLS_AT_MOST:
        # Nobody looks at what a closed chip offers, and ten thousand sites are most of what a run would send.
        offered = at_least(key, labels, held) if closed else list(labels)
        chosen = st.multiselect(
            name,
            offered,
            format_func=named,
            key=key,
            bind="query-params",
            placeholder=COMING if closed else None,
            width=320,
        )
        return {key: chosen}
    if labels:
        chosen = st.pills(name, list(labels), selection_mode="multi", format_func=named, key=key, bind="query-params")
        return {key: chosen}
    st.caption(f"No {name.lower()} is known yet.")
    return {}


def _currency_chip(labels: Mapping[str, str], held: Held) -> Drawn:
    shown = one_of(SHOW_IN, labels, held)
    with st.popover(
        f"**In:** {shown}" if shown else _active("Currency", picked(CURRENCY, labels, held)), key="chip-currency"
    ):
        now = _choice(CURRENCY, "Currency", labels, held)
        if len(labels) > 1:
            keep(SHOW_IN, held)
            now[SHOW_IN] = st.pills(
                "Show amounts in",
                list(labels),
                key=SHOW_IN,
                bind="query-params",
                help="Nothing chosen: each currency by itself. They are never added up without a rate.",
            )
            st.caption("\n".join(f"- {code}: {currency_name(code)}" for code in labels))
    return now


def _period_chip(viewer: Viewer, held: Held) -> Drawn:
    period = one_of(PERIOD, PERIODS, held)
    words = _custom_words(viewer, held) if period == "Custom" else period.lower() if period else ""
    with st.popover(f"**Period:** {words}" if period else "Period", key="chip-period"):
        keep(PERIOD, held)
        now: Drawn = {PERIOD: st.pills("Period of bills, payments and calls", PERIODS, key=PERIOD, bind="query-params")}
        if period == "Custom":
            for key, name in ((FROM, "From"), (TO, "To, this day included")):
                keep(key, held)
                now[key] = _date_input(name, key)
            if _reversed(held):
                st.warning("The period ends before it begins, so it is not used.")
        st.caption("Balances do not depend on it: they are what is open on the as-of day.")
    return now


def _as_of_chip(viewer: Viewer, held: Held) -> Drawn:
    with st.popover(f"**As of:** {day(day_of(AS_OF, held) or viewer.today)}", key="chip-as-of"):
        keep(AS_OF, held)
        now: Drawn = {AS_OF: _date_input("As of", AS_OF)}
        st.caption("Empty follows today. A date here becomes part of the address, so that a link keeps it.")
    return now


def _date_input(name: str, key: str) -> date | None:
    return st.date_input(
        name,
        value=None,
        min_value=EARLIEST,
        max_value=LATEST,
        key=key,
        bind="query-params",
        format="YYYY-MM-DD",
    )


def _reversed(held: Held) -> bool:
    first, last = day_of(FROM, held), day_of(TO, held)
    return bool(first and last and last < first)


def _custom_words(viewer: Viewer, held: Held) -> str:
    first, last = day_of(FROM, held), day_of(TO, held)
    if _reversed(held) or not (first or last):
        return "custom"
    begin = short_day(first, viewer.today) if first else "beginning"
    return f"{begin} to {short_day(last, viewer.today) if last else 'today'}"


def _clear() -> None:
    for key in KEYS:
        if st.session_state.get(key):
            st.session_state[key] = [] if key in CHOICES else None
