"""The evidence of a payment, to print."""

from datetime import date

from data_access.printed.evidence import evidence_document
from data_access.queries.evidence import payment_evidence
from data_access.queries.payments import PaymentRow
from ui import printed
from ui.printed import Printed
from ui.viewer import Viewer


def offer(viewer: Viewer, payment: PaymentRow, as_of: date) -> None:
    """The button beside a payment; a refund or a return has no evidence of its own."""
    if payment.kind != "payment":
        return
    printed.offer(
        f"evidence-{payment.id}",
        "Evidence",
        viewer,
        Printed(
            f"evidence of payment {payment.id}",
            payment.account_id,
            payment_evidence,
            {"payment_id": payment.id, "as_of": as_of},
            evidence_document,
        ),
    )
