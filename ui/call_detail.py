"""One call with all that belongs to it: what was agreed, the payment and where it went, other calls of the account."""

import streamlit as st

from data_access.queries.call_sheet import CallSheet
from data_access.queries.calls import CallRow
from data_access.queries.details import PaymentDetail
from data_access.queries.payments import PaymentRow
from domain.filters import Filters
from domain.masking import masked
from ui import (
    call_facts,
    call_links,
    call_table,
    call_words,
    denials,
    evidence,
    links,
    notices,
    page_address,
    payment_actions,
    reads,
    section,
)
from ui.formats import day, escape, exact_money, plain_amount
from ui.tables import Column, report
from ui.viewer import Viewer

NEIGHBOURS = 20


def draw(viewer: Viewer, asked: str) -> None:
    """The call that the address names, in its newest version."""
    versions: list[CallRow] = (
        reads.plain("call_versions", viewer, call_id=int(asked), as_of=viewer.today) if asked.isdecimal() else []
    )
    st.markdown(f"[:material/arrow_back: All calls]({links.address('calls', call_links.here())})")
    if not versions:
        denials.not_found(viewer, "call", page_address.number_in(call_links.CALL))
        notices.empty("There is no such call", "It may belong to a site that you do not see.", ":material/call_end:")
        return
    call = versions[-1]
    _told()
    made: list[PaymentRow] = reads.plain("payments_on_call", viewer, call_id=call.id, as_of=viewer.today)
    sheet: CallSheet = reads.plain("call_sheet", viewer, account_id=call.account_id, as_of=viewer.today)
    others: list[CallRow] = reads.filtered(
        "call_rows", viewer, Filters(as_of=viewer.today), account_id=call.account_id, limit=NEIGHBOURS
    )
    section.finding(
        f"{escape(call.vendor)}: {escape(call.outcome or call.purpose or 'call')}",
        f"Call of {call_words.started(call)}, {escape(call.site_name)}, "
        f"{escape(call.service_type or 'service')} account {masked(call.account_number)}",
    )
    if viewer.may_write():
        _buttons(call)
    left, right = st.columns([1, 1.1], gap="medium")
    with left:
        call_facts.draw(viewer, call, made, others)
        call_facts.corrections(versions)
    with right:
        payment_actions.told()
        for payment in made:
            _payment(viewer, payment)
        if not made:
            section.finding("No payment was made on this call", _owed(sheet))
    section.finding(
        "The only call of this account" if len(others) == 1 else "Earlier and later calls of this account",
        "Newest first, in the local time of the site",
    )
    call_table.draw("neighbours", others, Filters(as_of=viewer.today), current=call.id, of_one_account=True)


def _told() -> None:
    done = st.session_state.pop("call-done", None)
    if done:
        st.success(done, icon=":material/check_circle:")


def _buttons(call: CallRow) -> None:
    def correct() -> None:
        st.query_params[call_links.FIX] = str(call.id)

    with st.container(horizontal=True):
        st.button("Correct this call", icon=":material/edit:", key="call-fix", on_click=correct)
        st.button(
            "Log another call",
            icon=":material/add_call:",
            key="call-again",
            on_click=call_links.open_form,
            args=(call.account_id,),
        )


def _payment(viewer: Viewer, payment: PaymentRow) -> None:
    code = payment.currency
    found: PaymentDetail | None = reads.plain("payment_detail", viewer, as_of=viewer.today, payment_id=payment.id)
    went = found.applied if found else []
    posted = f", posted {day(payment.posted_on)}" if payment.posted_on and payment.status == "posted" else ""
    with st.container(border=True):
        section.finding(
            f"{escape(exact_money(payment.amount, code))} paid by {escape(payment.method or 'an unknown method')}",
            f"{day(payment.paid_on)}{posted}"
            + (f", confirmation {escape(payment.confirmation_number)}" if payment.confirmation_number else "")
            + (f", came back {day(payment.reversed_on)}" if payment.reversed_on else ""),
            [call_words.STATUSES[payment.status]],
        )
        if went:
            report(
                f"went-{payment.id}",
                [
                    Column("Bill", [escape(part.target_name) for part in went], "Applied"),
                    Column("Applied on", [day(part.applied_on) for part in went]),
                    Column(
                        f"Amount, {code}",
                        [plain_amount(part.amount, code) for part in went],
                        plain_amount(sum(part.amount for part in went), code),
                        right=True,
                    ),
                ],
                "Where the payment went",
                total=True,
            )
        if payment.unapplied:
            st.caption(
                f":orange[:material/warning:] {escape(exact_money(payment.unapplied, code))} of it is not applied to a bill."
            )
        evidence.offer(viewer, payment, viewer.today)
        payment_actions.draw(viewer, payment)


def _owed(sheet: CallSheet) -> str:
    code = sheet.account.currency
    if not sheet.balance:
        return "Nothing is owed on the account today."
    text = f"{escape(exact_money(sheet.balance, code))} is owed on the account today"
    return f"{text}, {escape(exact_money(sheet.overdue, code))} of it past due." if sheet.overdue else f"{text}."
