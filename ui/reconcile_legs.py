"""The three legs of each payment: call, posting, bank; what is missing first, and one payment at length below."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from functools import partial

import streamlit as st

from data_access.queries.leg_states import LegState
from data_access.queries.legs_sheet import legs_sheet
from data_access.queries.reconciliation import COUNTED, LegRow
from domain.filters import Filters
from ui import exports, filter_bar, ledger_tables, notices, paging, reads, reconcile_payment, section
from ui import reconcile_words as words
from ui import window as windows
from ui.formats import day, plain_amount
from ui.page_address import Here
from ui.search_box import search_box
from ui.tables import Column, report
from ui.viewer import Viewer

FIND, STATE, LEG = "q", "legs", "leg"  # address keys: the search, the state shown, the payment at length
HERE = Here("reconcile", {FIND: "", STATE: "All", LEG: ""} | paging.OWN)
CHOICES: dict[str, LegState | None] = {"All": None} | {words.state_name(state): state for state in LegState}


def draw(viewer: Viewer) -> None:
    """Figures by state, the table, and the payment that the address names."""
    filters = filter_bar.chosen(viewer)
    counts: dict[LegState, int] = reads.filtered("leg_counts", viewer, filters)
    oldest: dict[LegState, int] = reads.filtered("oldest_legs", viewer, filters)
    with st.grid(len(LegState), min_column_width=150, key="legs-figures"):
        for state in LegState:
            _figure(state, counts[state], oldest.get(state))
    with st.container(horizontal=True, vertical_alignment="center"):
        search, state = _controls()
        st.space("stretch")
        narrowed = replace(filters, search=search)
        exports.offer("legs", "reconcile", viewer, lambda: reads.sheet(viewer, narrowed, legs_sheet, state=state))
    if search:
        counts = reads.filtered("leg_counts", viewer, narrowed)
        oldest = reads.filtered("oldest_legs", viewer, narrowed)
    _table(viewer, narrowed, state, counts, oldest)
    reconcile_payment.open_if_asked(viewer, filters, HERE, LEG)


def _figure(state: LegState, number: int, oldest: int | None) -> None:
    with st.container(border=True, gap="xxsmall", key=f"legs-{state.value.replace(' ', '-')}"):
        st.metric(words.state_name(state), words.counted(number))
        if number:
            link = HERE.link("see them →", {STATE: words.state_name(state), LEG: None, FIND: None, **paging.AFRESH})
            st.markdown(f":small[{f'oldest {words.waited(oldest)}, ' if oldest is not None else ''}{link}]")
        else:
            st.caption("none")


def _controls() -> tuple[str, LegState | None]:
    search = search_box("a confirmation, account, vendor or site", FIND, 320)
    picked = st.selectbox(
        "State", list(CHOICES), key=STATE, bind="query-params", label_visibility="collapsed", width=190
    )
    return search, CHOICES[picked or "All"]


def _table(
    viewer: Viewer, filters: Filters, state: LegState | None, counts: dict[LegState, int], oldest: dict[LegState, int]
) -> None:
    number = counts[state] if state else sum(counts.values())
    told = state or worst(counts, oldest)
    basis = f"What lacks a leg first, the oldest first; {windows.in_words(filters)}, as of {day(filters.as_of)}"
    section.finding(words.finding(told, counts[told], oldest.get(told)), basis)
    if not number:
        notices.empty("No payment here", "Clear the search or a choice above.", ":material/filter_alt_off:")
        return
    found = paging.page(
        "legs",
        (filters, state),
        partial(reads.filtered, "legs", viewer, filters, state=state),
        paging.one_order(int, date, int),
    )
    rows: list[LegRow] = list(found.rows)
    leg = HERE.opening(LEG)
    as_of = filters.as_of
    report(
        "rows-legs",
        [
            Column("Paid", [f"[{row.paid_on:%Y-%m-%d}]({leg(row.id)})" for row in rows]),
            *ledger_tables.place_columns(rows, ledger_tables.EVERYWHERE),
            Column("Call", [words.call_leg(row) for row in rows]),
            Column("Posted", [words.posted_leg(row, as_of) for row in rows]),
            Column("Bank", [words.bank_leg(row, as_of) for row in rows]),
            *ledger_tables.currency_column(rows),
            Column("Amount", [f"**{plain_amount(row.amount, row.currency)}**" for row in rows], right=True),
        ],
        "Payments and their three legs",
        height=ledger_tables.TALL,
        dense=True,
    )
    counted = max(counts.values()) <= COUNTED
    paging.turner(found, lambda row: row.mark, number if counted else None, ("Before", "After"))


def worst(counts: Mapping[LegState, int], oldest: Mapping[LegState, int]) -> LegState:
    """The state that the finding is about: what is missing most often, of those the longest, else what cannot be known, else that all is complete."""
    missing = [state for state in LegState if state not in (LegState.NO_STATEMENT, LegState.COMPLETE)]
    first = max(missing, key=lambda state: (counts[state], oldest.get(state, 0)))
    if counts[first]:
        return first
    return LegState.NO_STATEMENT if counts[LegState.NO_STATEMENT] else LegState.COMPLETE
