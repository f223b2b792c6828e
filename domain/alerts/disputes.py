"""R20: a dispute that will soon have stood too long."""

from dataclasses import dataclass
from datetime import date

from domain.alerts.findings import Finding
from domain.alerts.subject import Subject
from domain.alerts.thresholds import Thresholds
from domain.periods import shifted


@dataclass(frozen=True, slots=True)
class OpenDispute:
    """A dispute without an outcome on the day."""

    id: int
    opened_on: date
    amount: int
    bill: str
    reason: str = ""
    issued_on: date | None = None  # of the bill; None: not known, and the window counts from the opening


def window_closes_on(counted_from: date, thresholds: Thresholds) -> date:
    """The last day on which a bill issued on `counted_from` can be disputed."""
    return shifted(counted_from, thresholds.dispute_days)


def closing_window(subject: Subject, dispute: OpenDispute, as_of: date, thresholds: Thresholds) -> Finding | None:
    """R20."""
    closes_on = window_closes_on(dispute.issued_on or dispute.opened_on, thresholds)
    crossed = shifted(closes_on, -thresholds.dispute_warning_days)
    if as_of < crossed:
        return None
    told = [("bill", dispute.bill), ("opened on", dispute.opened_on.isoformat())]
    if dispute.reason:
        told.append(("because", dispute.reason))
    told += [("window closes on", closes_on.isoformat()), ("withheld", subject.money(dispute.amount))]
    return subject.finding(
        "R20",
        "disputes",
        dispute.id,
        max(crossed, dispute.opened_on),
        amount=dispute.amount,
        act_by=closes_on,
        facts=tuple(told),
    )
