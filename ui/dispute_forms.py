"""What people do with disputes: open one on a bill, record the vendor's reply and its credit, close it."""

from collections.abc import Callable
from datetime import date
from typing import Any

import streamlit as st

from data_access.commands.disputes import ANSWERS, close_dispute, open_dispute, record_credit, record_reply
from data_access.database import Writing
from data_access.queries.bills import BillRow
from data_access.queries.details import BillDetail
from data_access.queries.disputes import DisputeCase
from domain.filters import Filters
from domain.money import to_decimal
from ui import denials, links, reads, section
from ui.call_entry import EntryError, amount_of
from ui.formats import day, escape, exact_money
from ui.ledger_tables import account_name
from ui.page_address import number_in
from ui.viewer import Viewer
from ui.writes import RefusedError, write

BILL = "bill"  # address key: the bill to open a dispute on
DONE = "dispute-done"  # session state: what the last click did
LONGEST_TEXT = 300
MOST_BILLS = 500  # of an account, looked through for credit notes


def form_address(bill_id: int) -> str:
    """Where a dispute on a bill is opened."""
    return links.address("reconcile", {"view": "Disputes", BILL: str(bill_id)})


def may_act(viewer: Viewer, filters: Filters) -> bool:
    """People act on the disputes of today, not on those of another day."""
    return viewer.may_write() and filters.as_of == viewer.today


def told() -> None:
    """What the last click did, once."""
    if done := st.session_state.pop(DONE, None):
        st.success(done, icon=":material/check_circle:")


def open_if_asked(viewer: Viewer, filters: Filters) -> None:
    """The form of a new dispute on the bill that the address names."""
    if BILL not in st.query_params or not may_act(viewer, filters):
        return
    wanted = number_in(BILL)
    detail: BillDetail | None = (
        reads.plain("bill_detail", viewer, as_of=filters.as_of, bill_id=wanted) if wanted else None
    )
    bill = next((part for part in detail.parts if part.id == wanted), None) if detail else None
    if bill is None or bill.kind != "invoice":
        denials.not_found(viewer, BILL, wanted)
        st.toast(f"There is no such bill on {day(filters.as_of)}.", icon=":material/link_off:")
        return
    with st.container(border=True, key="dispute-new"):
        _new(viewer, bill)


def _new(viewer: Viewer, bill: BillRow) -> None:
    name = account_name(bill.vendor, bill.account_number, bill.site)
    section.finding(
        f"Dispute bill {escape(bill.label)}",
        f"{escape(name)}, issued {day(bill.issued_on)}, {exact_money(bill.amount, bill.currency)}, of which "
        f"{exact_money(bill.open_amount, bill.currency)} is open. What is withheld does not count as past due.",
    )
    key = f"dispute-new-{bill.id}"
    left, right = st.columns(2)
    with left:
        amount = _amount("Amount to withhold", key, bill.currency, bill.open_amount or bill.amount)
    with right:
        opened_on = _day("Told the vendor on", key, bill.issued_on, viewer)
    reason = _text("Why", key, "Billed for a line that was cancelled in May")
    if st.button("Open the dispute", type="primary", icon=":material/gavel:", key=f"{key}-save"):
        if not reason:
            st.session_state[f"{key}-refused"] = "Say why: the vendor will ask."
        else:

            def work(writing: Writing) -> Any:
                withheld = amount_of(amount, bill.currency)
                return open_dispute(writing, viewer.scope, bill.id, amount=withheld, reason=reason, opened_on=opened_on)

            _act(viewer, key, work, f"Bill {escape(bill.label)} is disputed from {day(opened_on)}.")
    _refusal(key)


def actions(viewer: Viewer, filters: Filters, row: DisputeCase) -> None:
    """Buttons for what an open dispute allows, for those who may write; a refusal stands below them."""
    if row.closed_on or not may_act(viewer, filters):
        return
    key = f"dispute-{row.id}"
    with st.container(horizontal=True, key="dispute-actions"):
        with st.popover("Record a reply", icon=":material/reply:", key=f"{key}-reply"):
            _reply(viewer, row, f"{key}-reply", key)
        with st.popover("Record a credit", icon=":material/receipt_long:", key=f"{key}-credit"):
            _credit(viewer, row, f"{key}-credit", key)
        with st.popover("Close it", icon=":material/task_alt:", key=f"{key}-close"):
            _close(viewer, row, f"{key}-close", key)
    _refusal(key)


def _reply(viewer: Viewer, row: DisputeCase, key: str, whole: str) -> None:
    answer = st.segmented_control("The vendor's answer", ANSWERS, key=f"{key}-answer") or ""
    dated = _day("Dated", key, row.opened_on, viewer)
    granted = _amount("Amount that it grants, if it names one", key, row.currency, None)
    text = _text("What it says", key, "Half of it is credited with the next bill")
    if st.button("Record the reply", type="primary", key=f"{key}-save", disabled=not answer):

        def work(writing: Writing) -> Any:
            amount = amount_of(granted, row.currency) if granted else None
            return record_reply(writing, viewer.scope, row.id, dated=dated, answer=answer, amount=amount, text=text)

        _act(viewer, whole, work, f"The reply to the dispute of bill {escape(row.number)} is recorded.")


def _credit(viewer: Viewer, row: DisputeCase, key: str, whole: str) -> None:
    typed = _amount("Amount credited", key, row.currency, row.amount - row.credited or None)
    dated = _day("Credited on", key, row.opened_on, viewer)
    note = _credit_note(viewer, row, key)
    text = _text("Where it shows", key, "With the bill of June")
    st.caption("It is no longer withheld. No money moves: the credit note itself is imported and applied as any other.")
    if st.button("Record the credit", type="primary", key=f"{key}-save"):

        def work(writing: Writing) -> Any:
            amount = amount_of(typed, row.currency)
            told = {"dated": dated, "amount": amount, "credit_note_id": note, "text": text}
            return record_credit(writing, viewer.scope, row.id, **told)

        _act(viewer, whole, work, f"The credit for bill {escape(row.number)} is recorded.")


def _credit_note(viewer: Viewer, row: DisputeCase, key: str) -> int | None:
    """One of the account's, the newest first; none where it has not come yet."""
    bills: list[BillRow] = reads.filtered(
        "bill_rows", viewer, Filters(as_of=viewer.today), account_id=row.account_id, limit=MOST_BILLS
    )
    notes = {bill.id: bill for bill in bills if bill.kind == "credit_note"}
    return st.selectbox(
        "Credit note",
        [None, *notes],
        format_func=lambda note: (
            f"{notes[note].label}, {day(notes[note].issued_on)}, {exact_money(notes[note].amount, row.currency)}"
            if note
            else "None, or not here yet"
        ),
        key=f"{key}-note",
    )


def _close(viewer: Viewer, row: DisputeCase, key: str, whole: str) -> None:
    closed_on = _day("Closed on", key, row.opened_on, viewer)
    outcome = _text("What came of it", key, "Credited in full")
    st.caption("What was withheld counts as owed again from that day, unless it was credited.")
    if st.button("Close the dispute", type="primary", key=f"{key}-save", disabled=not outcome):
        _act(
            viewer,
            whole,
            lambda writing: close_dispute(writing, viewer.scope, row.id, closed_on, outcome),
            f"The dispute of bill {escape(row.number)} is closed.",
        )


def _amount(label: str, key: str, currency: str, suggested: int | None) -> str:
    value = f"{to_decimal(suggested, currency)}" if suggested else ""
    typed = st.text_input(f"{label}, {currency}", value, key=f"{key}-amount", placeholder="1,234.56", max_chars=30)
    return (typed or "").strip()


def _day(label: str, key: str, first: date, viewer: Viewer) -> date:
    latest = max(viewer.today, first)
    picked = st.date_input(
        label, value=latest, min_value=first, max_value=latest, key=f"{key}-day", format="YYYY-MM-DD"
    )
    return picked or latest


def _text(label: str, key: str, hint: str) -> str:
    return (st.text_input(label, placeholder=hint, max_chars=LONGEST_TEXT, key=f"{key}-text") or "").strip()


def _act(viewer: Viewer, key: str, work: Callable[[Writing], Any], done: str) -> None:
    """Do it, close the form of a new dispute and say so; or keep what was typed and say why not."""
    try:
        write(viewer, work)
    except (RefusedError, EntryError) as error:
        st.session_state[f"{key}-refused"] = str(error)
        return
    st.session_state[DONE] = done
    st.query_params.pop(BILL, None)
    st.rerun()


def _refusal(key: str) -> None:
    if refused := st.session_state.pop(f"{key}-refused", None):
        st.error(escape(refused), icon=":material/error:")
