"""One bill or one payment, in a drawer beside the page: ?bill=ID or ?payment=ID in the address opens it."""

from datetime import date

import streamlit as st

from data_access.queries.applications import Application
from data_access.queries.bills import BillRow, ChargeRow
from data_access.queries.details import BillDetail, PaymentDetail
from data_access.queries.payments import PaymentRow
from domain.masking import masked_within
from ui import denials, dispute_forms, evidence, facts, links, outlook, payment_words, reads
from ui.formats import DASH, day, escape, exact_money, plain_amount
from ui.ledger_tables import account_name, due_in_words, period_of
from ui.page_address import Here, number_in
from ui.tables import Column, report
from ui.viewer import Viewer

BILL, PAYMENT = "bill", "payment"
WIDTH = 620
CLOSED = {BILL: None, PAYMENT: None}


def open_if_asked(viewer: Viewer, here: Here, as_of: date) -> None:
    """Open the drawer that the address names; an id that this viewer has not got on this day is said, and ignored."""
    for key, draw in ((BILL, _bill), (PAYMENT, _payment)):
        if key not in st.query_params:
            continue
        wanted = number_in(key)
        detail = reads.plain(f"{key}_detail", viewer, as_of=as_of, **{f"{key}_id": wanted}) if wanted else None
        if detail is None:
            denials.not_found(viewer, key, wanted)
            st.toast(f"There is no such {key} on {day(as_of)}.", icon=":material/link_off:")
            continue
        title = f"Bill {escape(detail.parts[0].number)}" if key == BILL else _payment_title(detail.payment)
        opened = st.dialog(title, position="right", width=WIDTH, on_dismiss=lambda: here.put(CLOSED))(draw)
        opened(viewer, detail, here, as_of)
        return


def _payment_title(payment: PaymentRow) -> str:
    word = {"payment": "Payment", "refund": "Refund", "reversal": "Return"}[payment.kind]
    return f"{word} of {escape(exact_money(payment.amount, payment.currency))}"


def _whose(row: BillRow | PaymentRow) -> list[tuple[str, str]]:
    name = account_name(row.vendor, row.account_number, row.site)
    return [
        ("Account", links.link(name, "sites", {"account": str(row.account_id)})),
        ("Site", escape(row.site_name)),
    ]


def _bill(viewer: Viewer, detail: BillDetail, here: Here, as_of: date) -> None:
    """What the bill is, its lines, what was applied, and the disputes about it."""
    first, code = detail.parts[0], detail.parts[0].currency
    note = first.kind == "credit_note"
    amount = sum(part.amount for part in detail.parts)
    settled = sum(part.settled for part in detail.parts)
    due = f"{day(first.due_on)}" + (" (from the terms; the bill names no day)" if first.due_missing else "")
    facts.draw(
        [
            *_whose(first),
            ("Issued", day(first.issued_on)),
            ("Period", period_of(first)),
            ("Due", "" if note else due + (f", {due_in_words(first.due_on, as_of)}" if settled < amount else "")),
            ("Credit" if note else "Amount", exact_money(amount, code)),
            ("Used" if note else "Settled", exact_money(settled, code)),
            ("Left" if note else "Open", f"**{exact_money(amount - settled, code)}**"),
        ]
    )
    if not note and settled < amount:
        _outlook(viewer, detail, as_of)
    if not note and viewer.may_write() and as_of == viewer.today:
        st.markdown(f"[:material/gavel: Dispute]({dispute_forms.form_address(first.id)})")
    _lines(detail.charges, -amount if note else amount, code)
    _applied(detail.applied, code, here, "Where the credit went" if note else "What settled it", from_bill=not note)
    for dispute in detail.disputes:
        until = f"{dispute.outcome or 'closed'} on {day(dispute.closed_on)}" if dispute.closed_on else "open"
        st.markdown(
            f":orange-badge[:material/gavel: Disputed] {exact_money(dispute.amount, code)} since "
            f"{day(dispute.opened_on)}, {escape(until)}: "
            f"{escape(masked_within(dispute.reason, dispute.account_number))}"
        )


def _outlook(viewer: Viewer, detail: BillDetail, as_of: date) -> None:
    """What is to expect of the bill, or of each part of it that is open."""
    found = outlook.of_open_bills(viewer, as_of, (part.account_id for part in detail.parts))
    for part in detail.parts:
        if part.id in found:
            st.markdown(outlook.in_words(found[part.id], part.due_on, as_of))


def _bearer(site: str | None) -> str:
    return "" if site is None else escape(site) or "another site"


def _lines(charges: list[ChargeRow], amount: int, code: str) -> None:
    st.subheader("Lines", anchor=False)
    if not charges:
        st.caption("This bill came without its lines.")
        return
    whole = sum(line.amount for line in charges)
    columns = [
        Column("Line", [escape(line.line) or DASH for line in charges], "Total"),
        Column("Kind", [line.type.replace("_", "-") for line in charges]),
        Column("Description", [escape(line.description) for line in charges]),
    ]
    if any(line.chargeback_site is not None for line in charges):
        columns.append(Column("Borne by", [_bearer(line.chargeback_site) for line in charges]))
    amounts = [plain_amount(line.amount, code) for line in charges]
    columns.append(Column(f"Amount, {code}", amounts, plain_amount(whole, code), right=True))
    report("total-lines", columns, "Lines of the bill", total=True)
    if whole != amount:
        st.markdown(
            f":orange-badge[:material/warning: Lines differ] The lines add up to {exact_money(whole, code)}, "
            f"the bill says {exact_money(amount, code)}."
        )


def _applied(rows: list[Application], code: str, here: Here, title: str, *, from_bill: bool) -> None:
    """Allocations with the other end of each as a link."""
    st.subheader(title, anchor=False)
    if not rows:
        st.caption("Nothing yet.")
        return
    report(
        "total-applied",
        [
            Column("Applied", [f"{row.applied_on:%Y-%m-%d}" for row in rows], "Total"),
            Column("What", [_other_end(row, here, from_bill) for row in rows]),
            Column(
                f"Amount, {code}",
                [plain_amount(row.amount, code) for row in rows],
                plain_amount(sum(row.amount for row in rows), code),
                right=True,
            ),
        ],
        title,
        total=True,
    )


def _other_end(row: Application, here: Here, from_bill: bool) -> str:
    back = ", taken back" if row.amount < 0 else ""
    if from_bill and row.source == "payment":
        name = " ".join(filter(None, (payment_words.method_name(row.method), row.source_name)))
        return here.link(name, {**CLOSED, PAYMENT: str(row.source_id)}) + back
    if from_bill:
        return here.link(f"Credit note {row.source_name}", {**CLOSED, BILL: str(row.source_id)}) + back
    if row.target == "refund":
        return here.link("Refund", {**CLOSED, PAYMENT: str(row.target_id)}) + back
    late = (row.applied_on - row.due_on).days if row.due_on else 0
    when = f", {late} {'day' if late == 1 else 'days'} late" if late > 0 and not back else ""
    return here.link(f"Bill {row.target_name}", {**CLOSED, BILL: str(row.target_id)}) + when + back


def _payment(viewer: Viewer, detail: PaymentDetail, here: Here, as_of: date) -> None:
    """What the payment is, where it went, the call it was made on, and what became of it."""
    payment, code = detail.payment, detail.payment.currency
    facts.draw(
        [
            *_whose(payment),
            ("Status", payment_words.status_badge(payment)),
            ("How", payment_words.how(payment)),
            ("Confirmation", escape(payment.confirmation_number)),
            ("Returned" if payment.kind == "reversal" else "Paid", day(payment.paid_on)),
            ("Posted", day(payment.posted_on) if payment.posted_on and payment.kind == "payment" else ""),
            ("Unapplied", f"**{exact_money(payment.unapplied, code)}**" if payment.unapplied else ""),
            ("Note", escape(masked_within(payment.note, payment.account_number))),
        ]
    )
    evidence.offer(viewer, payment, as_of)
    for other, words in ((detail.reversal, "Came back"), (detail.original, "Takes back the payment of")):
        if other is not None:
            said = here.link(f"{words} {day(other.paid_on)}", {**CLOSED, PAYMENT: str(other.id)})
            note = f": {escape(masked_within(other.note, other.account_number))}" if other.note else ""
            st.markdown(f":red-badge[:material/undo: {'Returned' if detail.reversal else 'Return'}] {said}{note}")
    if payment.kind == "payment":
        _applied(detail.applied, code, here, "Where it went", from_bill=False)
    elif payment.kind == "refund":
        _applied(detail.applied, code, here, "Out of what it was paid back", from_bill=True)
    if detail.call is not None:
        call = detail.call
        st.subheader("The call", anchor=False)
        words = f"{call.started_at:%d %b %Y %H:%M} UTC, {call.outcome}"
        verified = {"yes": "caller verified", "no": "caller not verified"}.get(call.caller_verified, "")
        with_whom = ", ".join(filter(None, (f"with {call.agent}" if call.agent else "", call.number, verified)))
        st.markdown(links.link(words, "calls", {"call": str(call.id)}))
        st.caption(escape(with_whom))
