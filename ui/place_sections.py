"""What a site or an account has in the ledger, one kind of rows at a time."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import streamlit as st

from data_access.queries.payment_sheets import payments_sheet, unapplied_sheet
from data_access.queries.sheets import bills_sheet, open_bills_sheet
from domain.filters import Filters
from ui import (
    call_table,
    exports,
    ledger_tables,
    notices,
    outlook,
    paging,
    place_risk,
    place_tables,
    place_usage,
    reads,
    section,
    wording,
)
from ui import window as windows
from ui.formats import day, escape, exact_money
from ui.place import Place
from ui.search_box import search_box

TAB, FIND = "tab", "find"  # address keys
ACCOUNTS, SERVICES, OPEN, BILLS = "Accounts", "Services", "Open bills", "Bill history"
PAYMENTS, CALLS, UNAPPLIED, DISPUTES, RISK, USAGE = "Payments", "Calls", "Unapplied", "Disputes", "Risk", "Usage"
OF_SITE = (ACCOUNTS, SERVICES, RISK, OPEN, BILLS, PAYMENTS, CALLS, UNAPPLIED, DISPUTES, USAGE)
OF_ACCOUNT = (OPEN, RISK, BILLS, PAYMENTS, CALLS, UNAPPLIED, DISPUTES, SERVICES, USAGE)
OPEN_AT_MOST = 500


def draw(place: Place) -> None:
    """A choice of kinds, and the rows of the one chosen."""
    kinds = OF_ACCOUNT if place.account_id else OF_SITE
    if st.session_state.get(TAB) not in kinds:
        st.session_state.pop(TAB, None)
    kind = st.segmented_control(
        "What is shown",
        kinds,
        default=kinds[0],
        required=True,
        key=TAB,
        bind="query-params",
        label_visibility="collapsed",
    )
    sections: dict[str, Callable[[Place], None]] = {
        ACCOUNTS: _accounts,
        SERVICES: _services,
        RISK: place_risk.draw,
        OPEN: _open_bills,
        BILLS: _bills,
        PAYMENTS: _payments,
        CALLS: _calls,
        UNAPPLIED: _unapplied,
        DISPUTES: _disputes,
        USAGE: place_usage.draw,
    }
    sections[kind or kinds[0]](place)


def _money(place: Place, amounts: list[tuple[int, str]]) -> str:
    shown = place.shown
    return escape(exact_money(sum(shown.minor(amount, code) for amount, code in amounts), shown.currency))


def _empty(title: str, why: str = "Another period or as-of date may have some.") -> None:
    notices.empty(title, why)


def _period(place: Place) -> str:
    filters = place.filters
    words = windows.in_words(filters) if filters.since or filters.until else f"up to {day(filters.as_of)}"
    return words[:1].upper() + words[1:]


def _found_by(place: Place, what: str) -> Filters:
    """The place's filters with what is typed to find a row."""
    return replace(place.filters, search=search_box(what, FIND))


def _export(place: Place, name: str, sheet: Callable[..., Any], filters: Any) -> None:
    title = f"{place.name} {name}"
    exports.offer(name, title, place.viewer, partial(reads.sheet, place.viewer, filters, sheet, **place.kept))


def _accounts(place: Place) -> None:
    rows = place.read("account_rows", place.always)
    owed = {row.labels["account_id"]: row for row in reads.aging(place.viewer, place.always, "account")}
    late = [owed[str(row.id)] for row in rows if str(row.id) in owed and owed[str(row.id)].overdue]
    section.finding(
        f"{wording.counted(len(rows), 'account')}, {len(late) or 'none'} past due",
        f"Balances on {day(place.filters.as_of)}, each in its own currency",
    )
    if rows:
        place_tables.accounts(rows, owed)
    else:
        _empty("No account here", "Accounts come with an import, or with the first bill of a spending list.")


def _services(place: Place) -> None:
    rows = place.read("service_rows", place.always)
    vital = sum(row.criticality >= 4 and not row.ended_on for row in rows)  # noqa: PLR2004 - badly missed, or worse
    section.finding(
        f"{wording.counted(len(rows), 'service')}, {vital or 'none'} of them critical",
        f"Criticality 1 to 5, contracts as of {day(place.filters.as_of)}",
    )
    if rows:
        place_tables.services(rows, place.filters.as_of)
    else:
        _empty("No service is recorded here", "Import services to see lines, criticality and contract ends.")


def _open_bills(place: Place) -> None:
    rows = place.read("open_bills", place.always, limit=OPEN_AT_MOST)
    more = "the first " if len(rows) == OPEN_AT_MOST else ""
    late = [row for row in rows if row.days_late]
    with st.container(horizontal=True, vertical_alignment="bottom"):
        section.finding(
            f"{more}{wording.counted(len(rows), 'open bill')}, {_money(place, [(r.open_amount, r.currency) for r in rows])}"
            + (f"; {len(late)} past due, the oldest by {late[0].days_late} days" if late else ""),
            f"The oldest due first, {day(place.filters.as_of)}; ⚑ has no due date and counts from the terms. "
            "Expected: half or more of such bills are paid by then",
        )
        if rows:
            _export(place, "open bills", open_bills_sheet, place.always)
    if rows:
        as_of = place.filters.as_of
        outlooks = outlook.of_open_bills(place.viewer, as_of, (row.account_id for row in rows))
        place_tables.open_bills(rows, outlooks, as_of, place.bill, place.columns)
    else:
        notices.empty(
            "No open bills", f"Everything was settled on {day(place.filters.as_of)}.", ":material/check_circle:"
        )


def _bills(place: Place) -> None:
    filters = _found_by(place, "a bill's number")
    found = paging.page(
        "bills", (filters, place.account_id), partial(place.read, "bill_rows", filters), ledger_tables.BILL_ORDERS
    )
    with st.container(horizontal=True, vertical_alignment="bottom"):
        section.finding("Bills and credit notes", f"{_period(place)}; a number opens lines and payments")
        if found.rows:
            _export(place, "bills", bills_sheet, filters)
    if not found.rows:
        _empty("No bills here")
        return
    ledger_tables.bills(found, place.here, place.bill, place.filters.as_of, place.columns)
    paging.turner(found, ledger_tables.mark_of(found))


def _payments(place: Place) -> None:
    filters = _found_by(place, "a confirmation number")
    found = paging.page(
        "payments",
        (filters, place.account_id),
        partial(place.read, "payment_rows", filters),
        ledger_tables.PAYMENT_ORDERS,
    )
    with st.container(horizontal=True, vertical_alignment="bottom"):
        section.finding("Payments", f"{_period(place)}; a date opens where the money went")
        if found.rows:
            _export(place, "payments", payments_sheet, filters)
    if not found.rows:
        _empty("No payments here")
        return
    ledger_tables.payments(found, place.here, place.payment, place.columns)
    paging.turner(found, ledger_tables.mark_of(found))


def _calls(place: Place) -> None:
    filters = _found_by(place, "an agent, number or note")
    found = paging.page(
        "calls", (filters, place.account_id), partial(place.read, "call_rows", filters), call_table.ORDERS
    )
    section.finding("Calls", f"{_period(place)}, in the local time of the site")
    if not found.rows:
        _empty("No calls here", "Calls with vendors are logged on the Calls page, or come with an import.")
        return
    head = found.head(place.here.address, "Started", "started_at")
    call_table.draw("place-calls", found.rows, filters, of_one_account=place.account_id is not None, started=head)
    paging.turner(found, ledger_tables.mark_of(found))


def _unapplied(place: Place) -> None:
    rows = place.read("unapplied_rows", place.always)
    left = _money(place, [(-row.left, row.currency) for row in rows])
    with st.container(horizontal=True, vertical_alignment="bottom"):
        section.finding(
            f"{left} is not applied to a bill",
            f"Payments and credit notes with something left on {day(place.filters.as_of)}",
        )
        if rows:
            _export(place, "unapplied", unapplied_sheet, place.always)
    if rows:
        ledger_tables.on_account("unapplied", rows, place.bill, place.payment, place.columns)
    else:
        notices.empty(
            "Everything is applied", "No payment or credit note has anything left.", ":material/check_circle:"
        )


def _disputes(place: Place) -> None:
    rows = place.read("dispute_rows", place.always)
    still = [row for row in rows if row.closed_on is None]
    section.finding(
        f"{wording.counted(len(still), 'dispute')} open, {_money(place, [(r.withheld, r.currency) for r in still])} withheld",
        f"{wording.count(len(rows), 'dispute')} up to {day(place.filters.as_of)}",
    )
    if rows:
        place_tables.disputes(rows, place.bill, place.columns)
    else:
        _empty("No bill was ever disputed here", "A dispute withholds part of a bill until the vendor decides.")
