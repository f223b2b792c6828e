"""What settles a bill that is new: `--paid` pays it in full on its day; lines that net to zero settle each other."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from data_access.importers.planners.bills import Part

# How a bill of a published spending list was paid: the list says that, not how.
PUBLISHED = "published"


@dataclass(slots=True)
class Settlement:
    """Rows of payments, and pairs of (allocation, its payment or None); ids are filled in once reserved."""

    payments: list[dict[str, Any]] = field(default_factory=list)
    allocations: list[tuple[Part, Part | None, dict[str, Any] | None]] = field(default_factory=list)

    def allocation_rows(self) -> Iterator[dict[str, Any]]:
        """The rows of allocations, once every id is known."""
        for target, credit, payment in self.allocations:
            row: dict[str, Any] = {"payment_id": None, "credit_note_id": None, "invoice_id": None, "refund_id": None}
            row["amount"], row["applied_on"] = target.amount, target.issued_on
            if credit is not None:
                row |= {"credit_note_id": credit.id, "invoice_id": target.id}
                row["applied_on"] = max(credit.issued_on, target.issued_on)
            elif payment is not None and target.kind == "invoice":
                row |= {"payment_id": payment["id"], "invoice_id": target.id}
            elif payment is not None:
                row |= {"credit_note_id": target.id, "refund_id": payment["id"]}
            yield row


def settle_part(parts: Sequence[Part], *, paid: bool) -> Settlement:
    """What is to be written beside the new parts of one bill."""
    settlement = Settlement()
    if len(parts) > 1:
        invoice, credit = parts
        settlement.allocations.append((invoice, credit, None))
    elif parts and paid:
        payment = payment_of(parts[0])
        settlement.payments.append(payment)
        settlement.allocations.append((parts[0], None, payment))
    return settlement


def payment_of(part: Part) -> dict[str, Any]:
    """The payment of an invoice in full on its day, or the refund of a credit note."""
    return {
        "kind": "payment" if part.kind == "invoice" else "refund",
        "paid_on": part.issued_on,
        "posted_on": part.issued_on,
        "amount": part.amount,
        "method": PUBLISHED,
        "status": "posted",
    }
