"""R24: a late fee on a bill although everything due before it was paid in time."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from domain.alerts.findings import Finding
from domain.alerts.paid_in_time import PaidBill
from domain.alerts.subject import Subject


@dataclass(frozen=True, slots=True)
class FeeBill:
    """A bill that carries a late fee; given_back: a later line of the account credits the same amount."""

    id: int
    number: str
    issued_on: date
    fee: int
    given_back: bool = False


def undue_fee(subject: Subject, bill: FeeBill, bills: Iterable[PaidBill]) -> Finding | None:
    """R24. Nothing is said of a fee where no bill was due before it."""
    before = [b for b in bills if b.due_on < bill.issued_on and b.id != bill.id]
    if bill.fee <= 0 or bill.given_back or not before or not all(b.in_time for b in before):
        return None
    last = max(before, key=lambda b: (b.due_on, b.id))
    return subject.finding(
        "R24",
        "invoices",
        bill.id,
        bill.issued_on,
        amount=bill.fee,
        facts=(
            ("bill", bill.number),
            ("late fee", subject.money(bill.fee)),
            ("bills due before it, all paid in time", str(len(before))),
            ("last of them", last.number),
            ("due on", last.due_on.isoformat()),
            ("paid on", max((day for day, _ in last.paid), default=last.due_on).isoformat()),
        ),
    )
