"""R14 to R18: an account's bills against its own earlier ones. R19: a bill against its lines."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from statistics import median

from domain.alerts.findings import Finding
from domain.alerts.subject import Subject
from domain.alerts.thresholds import Thresholds
from domain.periods import Period, shifted

COMPARED = 12  # earlier bills that an amount is compared with
_FEWEST = 4
_INTERVALS = 6
SHORTEST = 25  # days: an account that billed within them is not missing one
_PERIOD_SLACK = 10  # days by which an interval may miss the period that it stands for
_JOINT_SLACK = 1  # days: some vendors print the last day of a period where others print the first of the next
_MONTH_END_SLACK = 3


@dataclass(frozen=True, slots=True)
class AuditedBill:
    """A bill that was not withdrawn by the day; a further part of one, and credit notes, are none."""

    id: int
    number: str
    issued_on: date
    amount: int
    period: Period | None = None


def bill_findings(
    subject: Subject, bills: Iterable[AuditedBill], judged_from: date, thresholds: Thresholds
) -> Iterator[Finding]:
    """R15 to R18 of one account's bills, of those issued from `judged_from` on."""
    known = sorted(bills, key=lambda bill: (bill.issued_on, bill.id))
    for index, bill in enumerate(known):
        if bill.issued_on < judged_from:
            continue
        twin = twin_of(bill, known[:index])
        if twin is not None:
            facts = _facts(bill, ("the same as", twin.number), ("which was issued on", twin.issued_on.isoformat()))
            yield _of(subject, "R15", bill, facts)
        elif (finding := _unusual(subject, bill, known[:index], thresholds)) is not None:
            yield finding
        if bill.period and subject.closed_on is not None and subject.closed_on <= bill.period.start:
            closed = ("account closed on", subject.closed_on.isoformat())
            yield _of(subject, "R17", bill, _facts(bill, closed), since=max(bill.issued_on, subject.closed_on))
    yield from _joints(subject, known, judged_from)


def _unusual(
    subject: Subject, bill: AuditedBill, earlier: Sequence[AuditedBill], thresholds: Thresholds
) -> Finding | None:
    """R16. Both as billed and by the day, where periods are known: half a month for half the price is no surprise."""
    compared = earlier[-COMPARED:]
    if len(compared) < _FEWEST or not _stands_out(bill.amount, [b.amount for b in compared], thresholds):
        return None
    if bill.period and all(b.period for b in compared):
        daily = [b.amount / b.period.days for b in compared if b.period]
        if not _stands_out(bill.amount / bill.period.days, daily, thresholds):
            return None
    usual = round(median(b.amount for b in compared))
    facts = _facts(bill, ("usually", subject.money(usual)), ("compared with", f"{len(compared)} earlier bills"))
    return _of(subject, "R16", bill, facts)


def _stands_out(amount: float, others: Sequence[float], thresholds: Thresholds) -> bool:
    middle = median(others)
    spread = median(abs(other - middle) for other in others)
    away = abs(amount - middle)
    return away > thresholds.unusual_spreads * spread and away * 100 > thresholds.unusual_percent * middle


def _joints(subject: Subject, known: Sequence[AuditedBill], judged_from: date) -> Iterator[Finding]:
    """R18. Twins are R15's; an account whose periods seldom join (two billing series) tells nothing by it."""
    by_period = {bill.period: bill for bill in reversed(known) if bill.period}
    ordered = sorted(by_period.values(), key=lambda b: (b.period.start, b.period.end) if b.period else ())
    joints = [(before, bill, _days_apart(before, bill)) for before, bill in pairwise(ordered)]
    broken = [joint for joint in joints if joint[2]]
    if len(joints) > _FEWEST and len(broken) * 3 > len(joints):
        return
    for before, bill, days in broken:
        if max(before.issued_on, bill.issued_on) < judged_from or not (before.period and bill.period):
            continue
        what = "days not billed" if days > 0 else "days billed twice"
        ended = ("the period before ended on", shifted(before.period.end, -1).isoformat())
        facts = _facts(bill, (what, str(abs(days))), ("bill before it", before.number), ended)
        yield _of(subject, "R18", bill, facts, since=max(before.issued_on, bill.issued_on))


def _days_apart(before: AuditedBill, bill: AuditedBill) -> int:
    """Days between the two periods, negative where they overlap; 0 where they join, or as good as."""
    if before.period is None or bill.period is None:
        return 0
    end, start = before.period.end, bill.period.start
    days = (start - end).days
    if abs(days) <= _JOINT_SLACK or (abs(days) <= _MONTH_END_SLACK and _at_month_end(end) and _at_month_end(start)):
        return 0
    return days


def _at_month_end(day: date) -> bool:
    """From three days before a month's end to the first of the next."""
    return day.day == 1 or (day + timedelta(days=_MONTH_END_SLACK + 1)).day <= _MONTH_END_SLACK + 1


@dataclass(frozen=True, slots=True)
class NextBill:
    """The bill that an account's rhythm lets expect after `last`: its last usual day, and the usual amounts."""

    last: AuditedBill
    rhythm: int  # days
    expected_by: date
    least: int
    most: int

    def missing_from(self, thresholds: Thresholds) -> date:
        """The day from which it is missing and not merely late."""
        return shifted(self.expected_by, thresholds.missing_days + 1)


def next_bill(bills: Iterable[AuditedBill], closed_on: date | None = None) -> NextBill | None:
    """None of an account without a rhythm, and of one that closes before the day."""
    known = sorted({bill.issued_on: bill for bill in bills}.values(), key=lambda bill: bill.issued_on)
    usual = rhythm(known)
    if usual is None:
        return None
    usual = max(usual, SHORTEST)
    expected = shifted(known[-1].issued_on, usual)
    if closed_on is not None and closed_on <= expected:
        return None
    amounts = [bill.amount for bill in known[-_INTERVALS:]]
    return NextBill(known[-1], usual, expected, min(amounts), max(amounts))


def twin_of(bill: AuditedBill, earlier: Iterable[AuditedBill]) -> AuditedBill | None:
    """The earlier bill that it repeats: for the same period and amount."""
    return next((b for b in earlier if b.period and (b.period, b.amount) == (bill.period, bill.amount)), None)


def missing_bill(subject: Subject, bills: Iterable[AuditedBill], as_of: date, thresholds: Thresholds) -> Finding | None:
    """R14: the account's own rhythm is that of its last bills; an account without one is not expected to bill."""
    coming = next_bill(bills, subject.closed_on)
    if coming is None or as_of < coming.missing_from(thresholds):
        return None
    last, expected, crossed = coming.last, coming.expected_by, coming.missing_from(thresholds)
    return subject.finding(
        "R14",
        "accounts",
        subject.account_id,
        crossed,
        facts=(
            ("last bill", last.number),
            ("issued on", last.issued_on.isoformat()),
            ("next one expected by", expected.isoformat()),
        ),
    )


def rhythm(known: Sequence[AuditedBill]) -> int | None:
    """Days after a bill within which the next one comes, as a rule: the longest usual interval."""
    intervals = [(after.issued_on - before.issued_on).days for before, after in pairwise(known)][-_INTERVALS:]
    if (
        len(intervals) == 1
        and (period := known[-1].period) is not None
        and abs(intervals[0] - period.days) <= _PERIOD_SLACK
    ):
        return max(intervals[0], period.days)
    if len(intervals) <= 1:
        return None
    middle = median(intervals)
    usual = [days for days in intervals if abs(days - middle) * 4 <= middle]
    return max(usual) if len(usual) * 3 >= len(intervals) * 2 else None


@dataclass(frozen=True, slots=True)
class ItemisedBill:
    """A bill or credit note with the sum of its lines, both as what they add to what is owed."""

    id: int
    number: str
    issued_on: date
    amount: int
    lines: int


def wrong_sum(subject: Subject, bill: ItemisedBill) -> Finding | None:
    """R19."""
    if bill.amount == bill.lines:
        return None
    return subject.finding(
        "R19",
        "invoices",
        bill.id,
        bill.issued_on,
        amount=abs(bill.amount - bill.lines),
        facts=(
            ("bill", bill.number),
            ("says", subject.money(bill.amount)),
            ("its lines add up to", subject.money(bill.lines)),
            ("difference", subject.money(bill.amount - bill.lines)),
        ),
    )


def _facts(bill: AuditedBill, *told: tuple[str, str]) -> tuple[tuple[str, str], ...]:
    period = ()
    if bill.period:
        last = shifted(bill.period.end, -1)
        period = (("period", f"{bill.period.start.isoformat()} to {last.isoformat()}"),)
    return (("bill", bill.number), *period, *told)


def _of(
    subject: Subject, rule: str, bill: AuditedBill, facts: tuple[tuple[str, str], ...], since: date | None = None
) -> Finding:
    amount = (("amount", subject.money(bill.amount)),)
    return subject.finding(
        rule, "invoices", bill.id, since or bill.issued_on, amount=bill.amount, facts=(*facts[:1], *amount, *facts[1:])
    )
