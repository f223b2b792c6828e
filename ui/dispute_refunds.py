"""Late fees to have back, on Reconcile's disputes and beside their alert: one click opens the dispute with its facts."""

import streamlit as st

from data_access.commands.disputes import open_dispute
from data_access.printed.refund_case import refund_case_document
from data_access.queries.disputes import DisputeCase
from data_access.queries.refund_cases import LATE_FEE, RefundCandidate, refund_case
from domain.filters import Filters
from ui import dispute_forms, links, printed, reads, wording
from ui.formats import day, escape, exact_money
from ui.ledger_tables import account_name
from ui.printed import Printed
from ui.viewer import Viewer
from ui.writes import RefusedError, write

MOST = 8  # candidates shown at once


def candidates(viewer: Viewer, filters: Filters) -> None:
    """The late fees that R24 finds, each with its button; nothing where there are none."""
    found: list[RefundCandidate] = reads.filtered("refund_candidates", viewer, filters)
    if not found:
        return
    with st.expander(
        f"{wording.count(len(found), 'late fee')} charged though paid in time, not disputed yet",
        icon=":material/currency_exchange:",
        key="dispute-refunds",
    ):
        for candidate in found[:MOST]:
            _candidate(viewer, filters, candidate)
        if len(found) > MOST:
            st.caption(f"The newest {MOST} of {len(found)}; the next ones follow as these are disputed.")


def of_bill(viewer: Viewer, filters: Filters, bill_id: int) -> None:
    """The button beside the alert of a bill; nothing where its fee is disputed already."""
    found: list[RefundCandidate] = reads.filtered("refund_candidates", viewer, filters)
    for candidate in found:
        if candidate.bill.id == bill_id:
            _button(viewer, filters, candidate)


def offer(viewer: Viewer, filters: Filters, row: DisputeCase) -> None:
    """The refund case to print, of a dispute of a late fee."""
    if row.kind != LATE_FEE:
        return
    arguments = {"dispute_id": row.id, "as_of": filters.as_of}
    case = Printed(f"refund case {row.id}", row.account_id, refund_case, arguments, refund_case_document)
    printed.offer(f"refund-{row.id}", "Refund case", viewer, case)


def _candidate(viewer: Viewer, filters: Filters, candidate: RefundCandidate) -> None:
    bill = candidate.bill
    whose = escape(account_name(bill.vendor, bill.account_number, bill.site))
    number = links.link(bill.number, "sites", {"account": str(bill.account_id), "bill": str(bill.id)})
    with st.container(horizontal=True, vertical_alignment="center"):
        amount = escape(exact_money(candidate.amount, bill.currency))
        st.markdown(f"**{amount}** on bill {number} of {day(bill.issued_on)}  \n:small[{whose}]")
        _button(viewer, filters, candidate)


def _button(viewer: Viewer, filters: Filters, candidate: RefundCandidate) -> None:
    if not dispute_forms.may_act(viewer, filters):
        return
    bill, key = candidate.bill, f"refund-{candidate.bill.id}"
    if st.button("Ask for it back", icon=":material/gavel:", key=key):
        try:
            new = write(
                viewer,
                lambda writing: open_dispute(
                    writing,
                    viewer.scope,
                    bill.id,
                    amount=candidate.amount,
                    reason=candidate.reason,
                    opened_on=viewer.today,
                    kind=LATE_FEE,
                ),
            )
        except RefusedError as error:
            st.error(escape(str(error)), icon=":material/error:")
            return
        st.session_state[dispute_forms.DONE] = (
            f"The late fee of bill {escape(bill.label)} is disputed: its refund case can be printed below."
        )
        links.follow("reconcile", {"view": "Disputes", "dispute": str(new)})
        st.rerun()
