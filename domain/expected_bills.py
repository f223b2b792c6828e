"""The bills to come: each account's next ones, from the rhythm, amounts and due days of those that it has had.

An account without a rhythm (bill_audit.rhythm), one that is closed and one that has missed more than SILENT bills in a
row is expected to bill nothing. A bill that should have come by now is expected tomorrow; of several only one is.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise
from statistics import median

from domain.accruals import SILENT
from domain.alerts.bill_audit import AuditedBill, rhythm, twin_of
from domain.bill_amounts import Amounts, far_off, learn, ranged
from domain.periods import add_months, shifted

LOOK_BACK_MONTHS = 24
_MONTH = 365.25 / 12
_SLACK = 2  # days a month by which an interval may miss whole months
_LATELY = 6  # last bills that tell the day of the month and the days to the due day
_UNKNOWN = 0.15  # before any account has shown how far off one is: 15%
_AGAINST = 4.0  # own bills that what is pooled counts as much as


@dataclass(frozen=True, slots=True)
class ExpectedBill:
    """A bill that has not been issued; minor units, low to high is the 80% range."""

    account_id: int
    issued_on: date
    due_on: date
    amount: int
    low: int
    high: int


@dataclass(frozen=True, slots=True)
class PastBill(AuditedBill):
    """An account's bill as of the day; due_on is None where the bill does not say."""

    due_on: date | None = None


@dataclass(frozen=True, slots=True)
class Billing:
    """An account and its bills of the last LOOK_BACK_MONTHS, in any order. kind: what its ranges are pooled with."""

    account_id: int
    kind: str
    terms_days: int
    closed_on: date | None
    bills: Sequence[PastBill]


@dataclass(frozen=True, slots=True)
class Habit:
    """How an account bills: from one bill to the next in whole months, or else in days."""

    billing: Billing
    issued: Sequence[date]
    months: int
    days: int
    amounts: Amounts
    due_after: int

    def issued_on(self, ahead: int) -> date:
        """The day of the bill `ahead` bills after the last."""
        last = self.issued[-1]
        if not self.months:
            return shifted(last, self.days * ahead)
        return shifted(add_months(last, self.months * ahead), self._usually_off(last))

    def _usually_off(self, last: date) -> int:
        """Days by which the last bills came after the day of the month of the very last."""
        lately = self.issued[-_LATELY:]
        off = []
        for day in lately:
            back = round((last - day).days / _MONTH)
            off.append((day - add_months(last, -back)).days)
        return round(median(off))


def expected_bills(billings: Iterable[Billing], as_of: date, until: date) -> list[ExpectedBill]:
    """Bills that are expected to be issued after `as_of`, up to `until`; by account, the next first."""
    habits = [habit for billing in billings if (habit := habit_of(billing, as_of)) is not None]
    pooled = _pooled(habits)
    return [bill for habit in habits for bill in _coming(habit, pooled, as_of, until)]


def habit_of(billing: Billing, as_of: date) -> Habit | None:
    """None for an account that is expected to bill nothing. Bills of one day count as one, a doubled bill once."""
    known = _without_twins(bill for bill in billing.bills if bill.issued_on <= as_of)
    usual = rhythm(known)
    if usual is None or (billing.closed_on is not None and billing.closed_on <= as_of):
        return None
    if (as_of - known[-1].issued_on).days // usual > SILENT:
        return None
    months, days = _step(known)
    amounts = learn([(_month(bill.issued_on), bill.amount) for bill in known], months or 1)
    after = [
        (bill.due_on - bill.issued_on).days if bill.due_on else billing.terms_days
        for bill in known[-_LATELY:]
    ]  # fmt: skip
    return Habit(billing, [bill.issued_on for bill in known], months, days, amounts, round(median(after)))


def _without_twins(bills: Iterable[PastBill]) -> list[PastBill]:
    kept: list[PastBill] = []
    for bill in sorted(bills, key=lambda bill: (bill.issued_on, bill.id)):
        if twin_of(bill, kept[-_LATELY:]) is not None:
            continue
        if kept and kept[-1].issued_on == bill.issued_on:
            kept[-1] = replace(kept[-1], amount=kept[-1].amount + bill.amount)
        else:
            kept.append(bill)
    return kept


def _step(known: Sequence[PastBill]) -> tuple[int, int]:
    """Whole months from bill to bill, or 0, and days."""
    intervals = [(after.issued_on - before.issued_on).days for before, after in pairwise(known)]
    middle = median(intervals[-_LATELY * 2 :])
    months = round(middle / _MONTH)
    whole = months and abs(middle - months * _MONTH) <= _SLACK * min(months, 3)
    return (months if whole else 0), round(middle)


def _month(day: date) -> int:
    return day.year * 12 + day.month - 1


def _pooled(habits: Sequence[Habit]) -> dict[str, float]:
    """By kind, how far off one usually is; each leans on all."""
    by_kind: dict[str, list[float]] = {}
    for habit in habits:
        by_kind.setdefault(habit.billing.kind, []).extend(habit.amounts.errors)
    every = far_off([error for errors in by_kind.values() for error in errors], _UNKNOWN, _AGAINST)
    return {kind: far_off(errors, every, _AGAINST * 5) for kind, errors in by_kind.items()}


def _coming(habit: Habit, pooled: dict[str, float], as_of: date, until: date) -> Iterator[ExpectedBill]:
    billing = habit.billing
    distance = far_off(habit.amounts.errors, pooled[billing.kind], _AGAINST)
    tomorrow, ahead = shifted(as_of, 1), 1
    while habit.issued_on(ahead + 1) <= as_of:  # only the last of those that should have come
        ahead += 1
    first = ahead
    end = until if billing.closed_on is None else min(until, shifted(billing.closed_on, -1))
    while (day := max(tomorrow, habit.issued_on(ahead))) <= end:
        amount = habit.amounts.usual(_month(habit.issued_on(ahead)))
        low, high = ranged(amount, distance, ahead - first)
        yield ExpectedBill(billing.account_id, day, shifted(day, habit.due_after), amount, low, high)
        ahead += 1
