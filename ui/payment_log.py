"""The tables of the Payments page: payments, late bills or money on account."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import partial

import streamlit as st

from data_access.exporting import Sheet
from data_access.queries.payment_sheets import late_bills_sheet, payments_sheet, unapplied_sheet
from ui import details, exports, ledger_tables, notices, paging, payment_words, reads, scrolling, section, wording
from ui import window as windows
from ui.currencies import Shown
from ui.formats import day, escape, exact_money
from ui.ledger_tables import EVERYWHERE
from ui.page_address import Here
from ui.payment_narrowing import (
    ANY,
    AT,
    FIND,
    LATE,
    PAID,
    PART,
    ROWS,
    STATUS,
    STEP,
    UNAPPLIED,
    Narrowed,
    chips,
    narrowed,
)
from ui.search_box import search_box
from ui.viewer import Viewer


@dataclass(frozen=True, slots=True)
class Table:
    """Whose rows, in which currency, narrowed to what."""

    viewer: Viewer
    shown: Shown
    here: Here
    choice: Narrowed

    @property
    def bill(self) -> Callable[[int], str]:
        """The address that opens a bill."""
        return self.here.opening(details.BILL, details.CLOSED)

    @property
    def payment(self) -> Callable[[int], str]:
        """The address that opens a payment."""
        return self.here.opening(details.PAYMENT, details.CLOSED)

    def sheet(self, rows: str) -> Callable[[], Sheet]:
        """What writes the rows of this table to a file."""
        viewer, choice = self.viewer, self.choice
        if rows == LATE:
            return lambda: reads.sheet(viewer, choice.filters, late_bills_sheet)
        if rows == UNAPPLIED:
            return lambda: reads.sheet(viewer, choice.filters, unapplied_sheet)
        kept = {"statuses": choice.statuses, "channels": choice.channels}
        return lambda: reads.sheet(viewer, choice.filters, payments_sheet, **kept)


def draw(viewer: Viewer, shown: Shown, here: Here) -> None:
    """Controls, what it is narrowed to, and the rows."""
    with st.container(key="payments-rows"):
        with st.container(horizontal=True, vertical_alignment="center"):
            rows, search, status = _controls()
            st.space("stretch")
            table = Table(viewer, shown, here, narrowed(viewer, shown, rows, search, status))
            exports.offer("payments", rows, viewer, table.sheet(rows))
        {PAID: _payments, LATE: _late, UNAPPLIED: _unapplied}[rows](table)
    scrolling.follow("payments-rows", tuple(st.query_params.get(key) for key in (ROWS, STEP, PART, AT, STATUS)))


def _controls() -> tuple[str, str, str]:
    rows = st.segmented_control(
        "Rows",
        [PAID, LATE, UNAPPLIED],
        default=PAID,
        required=True,
        key=ROWS,
        bind="query-params",
        label_visibility="collapsed",
    )
    search = search_box("a confirmation, account, vendor or site", FIND, 320)
    status = ANY
    if rows == PAID:
        status = st.selectbox(
            "Status",
            [ANY, *payment_words.STATUS_CHOICES],
            key=STATUS,
            bind="query-params",
            label_visibility="collapsed",
            width=150,
        )
    return rows or PAID, search, status or ANY


def _payments(table: Table) -> None:
    viewer, shown, choice = table.viewer, table.shown, table.choice
    kept = {"statuses": choice.statuses, "channels": choice.channels}
    totals = reads.filtered("payment_totals", viewer, choice.filters, by="currency", **kept)
    number = sum(row.count for row in totals)
    net = sum(shown.minor(row.net, row.currency) for row in totals)
    section.finding(
        f"{wording.counted(number, 'payment')}, {escape(exact_money(net, shown.currency))}",
        f"Refunds and returns are negative; {shown.unit}, {windows.in_words(choice.filters)}",
    )
    chips(table.here, choice)
    if not number:
        _nothing("No payment here")
        return
    found = paging.page(
        "payments",
        choice,
        partial(reads.filtered, "payment_rows", viewer, choice.filters, **kept),
        ledger_tables.PAYMENT_ORDERS,
    )
    ledger_tables.payments(found, table.here, table.payment, EVERYWHERE)
    paging.turner(found, ledger_tables.mark_of(found), number)


def _late(table: Table) -> None:
    viewer, filters = table.viewer, table.choice.filters
    groups = reads.filtered("punctuality", viewer, filters, by="month")
    number, unpaid = sum(row.late for row in groups), sum(row.unpaid for row in groups)
    section.finding(
        f"{wording.counted(number, 'bill')} {'was' if number == 1 else 'were'} late, {unpaid:,} still unpaid",
        f"Bills that fell due and were not settled by then, {windows.in_words(filters)}",
    )
    chips(table.here, table.choice)
    if not number:
        _nothing("No bill was late here")
        return
    fetch = partial(reads.filtered, "late_bills", viewer, filters)
    found = paging.page("late", filters, fetch, paging.one_order(date, int))
    ledger_tables.late("late", found.rows, table.bill, EVERYWHERE)
    paging.turner(found, lambda row: (row.due_on, row.id), number)


def _unapplied(table: Table) -> None:
    shown, filters = table.shown, table.choice.filters
    found = reads.filtered("unapplied_rows", table.viewer, filters)
    left = -sum(shown.minor(row.left, row.currency) for row in found)
    section.finding(
        f"{escape(exact_money(left, shown.currency))} is not applied to a bill",
        f"Payments and credit notes of any age with something left on {day(filters.as_of)}, {shown.unit}",
    )
    chips(table.here, table.choice)
    if not found:
        _nothing("Everything is applied")
        return
    ledger_tables.on_account("unapplied", found, table.bill, table.payment, EVERYWHERE)


def _nothing(title: str) -> None:
    notices.empty(title, "Clear the search or a choice above.", ":material/filter_alt_off:")
