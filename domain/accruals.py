"""What to accrue: bills that an account's own rhythm lets expect and that have not come."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from statistics import median

from domain.alerts.bill_audit import AuditedBill, rhythm
from domain.periods import shifted

COMPARED = 6  # last bills whose amounts say what the next one comes to
SILENT = 3  # bills missed in a row after which an account is thought to bill no more
METHOD = (
    f"Bills expected by the month's end and not received: each account's next bill is expected after its longest usual interval "
    f"among its last bills. Amount: the median of its last {COMPARED} bills; range: the smallest and the largest of them. "
    f"None for accounts that are closed, have no rhythm, or have missed more than {SILENT} bills in a row."
)


@dataclass(frozen=True, slots=True)
class Accrual:
    """Bills that are expected and missing; minor units, for all of them together."""

    last_bill: str
    last_issued_on: date
    expected_on: date
    bills: int
    amount: int
    low: int
    high: int


def accrual(bills: Iterable[AuditedBill], closed_on: date | None, as_of: date) -> Accrual | None:
    """Of one account, from its bills known on the day. None where no bill is expected by then."""
    known = sorted(bills, key=lambda bill: (bill.issued_on, bill.id))
    last_days = sorted({bill.issued_on: bill for bill in known}.values(), key=lambda bill: bill.issued_on)
    interval = rhythm(last_days)
    if interval is None:
        return None
    last = known[-1]
    end = as_of if closed_on is None else min(as_of, shifted(closed_on, -1))
    missing = (end - last.issued_on).days // interval
    if not 0 < missing <= SILENT:
        return None
    amounts = [bill.amount for bill in known[-COMPARED:]]
    usual = round(median(amounts))
    expected_on = shifted(last.issued_on, interval)
    return Accrual(
        last.number,
        last.issued_on,
        expected_on,
        missing,
        missing * usual,
        missing * min(amounts),
        missing * max(amounts),
    )
