"""The bills to come: each account's next ones, from the rhythm, amounts and due days of those that it has had.

An account without a rhythm (bill_audit.rhythm), one that is closed and one that has missed more than SILENT bills in a
row is expected to bill nothing. A bill that should have come by now is expected tomorrow; of several only one is.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise
from math import log
from statistics import median

from domain.accruals import SILENT
from domain.alerts.bill_audit import AuditedBill, rhythm, twin_of
from domain.bill_amounts import Amounts, Series, far_off, learn, ranged, series, shared_season, widened
from domain.periods import add_months, shifted

LOOK_BACK_MONTHS = 24
_MONTH = 365.25 / 12
_SLACK = 2  # days a month by which an interval may miss whole months
_LATELY = 6  # last bills that tell the day of the month and the days to the due day
_NEAR = 3  # bills before one among which its twin is looked for
_UNKNOWN = 0.15  # before any account has shown how far off one is: 15%
_AGAINST = 4.0  # own bills that what is pooled counts as much as
_EARLIER = (3, 6, 9)  # months before the day, at which the same would have been said
_AHEAD, _SAME = (
    3,
    12,
)  # bills after such a day that are compared, and days within which one is the one that was expected
_WIDER = 1.3  # before anything is known of it
_ENOUGH = 600  # accounts; of more only every second, third .. is looked back at


@dataclass(frozen=True, slots=True)
class ExpectedBill:
    """A bill that has not been issued; minor units, low to high is the 80% range.

    days_off: by how many days the due days of the account's last bills were off, each as likely to be so again.
    """

    account_id: int
    issued_on: date
    due_on: date
    amount: int
    low: int
    high: int
    days_off: tuple[int, ...] = (0,)


@dataclass(frozen=True, slots=True)
class PastBill(AuditedBill):
    """An account's bill as of the day; due_on is None where the bill does not say."""

    due_on: date | None = None


@dataclass(frozen=True, slots=True)
class Billing:
    """An account and its bills of the last LOOK_BACK_MONTHS, in any order.

    kind: what its range is pooled with; kind and region: with what it may share a season.
    """

    account_id: int
    kind: str
    region: str
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
    series: Series
    due_after: int
    usually_off: int  # days by which the last bills came after the day of the month of the very last
    days_off: tuple[int, ...]

    def issued_on(self, ahead: int) -> date:
        """The day of the bill `ahead` bills after the last."""
        last = self.issued[-1]
        if not self.months:
            return shifted(last, self.days * ahead)
        return shifted(add_months(last, self.months * ahead), self.usually_off)


@dataclass(frozen=True, slots=True)
class _Known:
    """What is known of an account's next bills before its range: distance as in bill_amounts.far_off."""

    habit: Habit
    amounts: Amounts
    distance: float


@dataclass(frozen=True, slots=True)
class Usual:
    """What accounts have in common: seasons by kind and region; how far off amounts were, by kind and of all; by kind, how much wider
    ranges have to be.
    """

    seasons: Mapping[tuple[str, str], dict[int, float]]
    distances: Mapping[str, float]
    distance: float
    wider: Mapping[str, float]


def expected_bills(
    billings: Sequence[Billing], as_of: date, until: date, usual: Usual | None = None
) -> list[ExpectedBill]:
    """Bills that are expected to be issued after `as_of`, up to `until`; by account, the next first. `usual`: None, that of these."""
    common = usual or usual_of(billings, as_of)
    habits = filter(None, (habit_of(billing, as_of) for billing in billings))
    known = (_known(habit, _learned(habit, common.seasons), common) for habit in habits)
    return [
        bill for one in known for bill in _coming(one, common.wider.get(one.habit.billing.kind, _WIDER), as_of, until)
    ]


def usual_of(billings: Sequence[Billing], as_of: date) -> Usual:
    """What they have in common on the day."""
    return replace(_usual(billings, as_of)[0], wider=_wider(billings, as_of))


def _usual(billings: Iterable[Billing], as_of: date) -> tuple[Usual, list[tuple[Habit, Amounts]]]:
    """The same, before it is known how good its ranges were, and what it was learned from."""
    habits = [habit for billing in billings if (habit := habit_of(billing, as_of)) is not None]
    alike: dict[tuple[str, str], list[Series]] = {}
    for habit in habits:
        alike.setdefault((habit.billing.kind, habit.billing.region), []).append(habit.series)
    shared = {name: shared_season(every) for name, every in alike.items()}
    learned = [(habit, _learned(habit, shared)) for habit in habits]
    errors: dict[str, list[float]] = {}
    for habit, own in learned:
        errors.setdefault(habit.billing.kind, []).extend(own.errors)
    every = far_off([error for some in errors.values() for error in some], _UNKNOWN, _AGAINST)
    pooled = {kind: far_off(some, every, _AGAINST * 5) for kind, some in errors.items()}
    return Usual(shared, pooled, every, {}), learned


def _learned(habit: Habit, seasons: Mapping[tuple[str, str], dict[int, float]]) -> Amounts:
    return learn(habit.series, seasons.get((habit.billing.kind, habit.billing.region), {}))


def _known(habit: Habit, own: Amounts, usual: Usual) -> _Known:
    pooled = usual.distances.get(habit.billing.kind, usual.distance)
    return _Known(habit, own, far_off(own.errors, pooled, _AGAINST))


def _wider(billings: Sequence[Billing], as_of: date) -> dict[str, float]:
    """By kind: by how much ranges said on earlier days would have had to be wider to hold four bills of five."""
    every = 1 + len(billings) // _ENOUGH
    off: dict[str, list[float]] = {}
    for back in _EARLIER:
        day = add_months(as_of, -back)
        common, learned = _usual(billings[::every], day)
        for habit, own in learned:
            one = _known(habit, own, common)
            came = _without_twins(b for b in habit.billing.bills if day < b.issued_on <= as_of)
            ahead = 1
            while habit.issued_on(ahead + 1) <= day:
                ahead += 1
            for n, bill in enumerate(came[:_AHEAD]):
                if abs((bill.issued_on - habit.issued_on(ahead + n)).days) <= _SAME:
                    usual = one.amounts.usual(_month(habit.issued_on(ahead + n)))
                    off.setdefault(habit.billing.kind, []).append(log(bill.amount / usual) / widened(one.distance, n))
    return {kind: far_off(some, _WIDER, _AGAINST * 5) for kind, some in off.items()}


def habit_of(billing: Billing, as_of: date) -> Habit | None:
    """None for an account that is expected to bill nothing. Bills of one day count as one, a doubled bill once."""
    known = _without_twins(bill for bill in billing.bills if bill.issued_on <= as_of)
    usual = rhythm(known)
    if usual is None or (billing.closed_on is not None and billing.closed_on <= as_of):
        return None
    if (as_of - known[-1].issued_on).days // usual > SILENT:
        return None
    months, days = _step(known)
    lately = known[-_LATELY:]
    last = known[-1].issued_on
    due = [bill.due_on or shifted(bill.issued_on, billing.terms_days) for bill in lately]
    after = round(median((day - bill.issued_on).days for day, bill in zip(due, lately, strict=True)))
    off = [(bill.issued_on - _months_back(last, bill.issued_on)).days for bill in lately]
    usually = round(median(off)) if months else 0
    days_off = [
        (day - _months_back(last, bill.issued_on)).days - usually - after for day, bill in zip(due, lately, strict=True)
    ]
    return Habit(
        billing,
        [bill.issued_on for bill in known],
        months,
        days,
        series([(_month(bill.issued_on), bill.amount) for bill in known], months or 1),
        after,
        usually,
        tuple(sorted(days_off)) if months else (0,),
    )


def _months_back(last: date, day: date) -> date:
    """The day of the month of `last`, in the month nearest to `day`."""
    return add_months(last, -round((last - day).days / _MONTH))


def _without_twins(bills: Iterable[PastBill]) -> list[PastBill]:
    kept: list[PastBill] = []
    for bill in sorted(bills, key=lambda bill: (bill.issued_on, bill.id)):
        if twin_of(bill, kept[-_NEAR:]) is not None:
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


def _coming(known: _Known, wider: float, as_of: date, until: date) -> Iterator[ExpectedBill]:
    habit = known.habit
    billing = habit.billing
    tomorrow, ahead = shifted(as_of, 1), 1
    while habit.issued_on(ahead + 1) <= as_of:  # only the last of those that should have come
        ahead += 1
    first = ahead
    end = until if billing.closed_on is None else min(until, shifted(billing.closed_on, -1))
    while (day := max(tomorrow, habit.issued_on(ahead))) <= end:
        amount = known.amounts.usual(_month(habit.issued_on(ahead)))
        low, high = ranged(amount, known.distance * wider, ahead - first)
        yield ExpectedBill(billing.account_id, day, shifted(day, habit.due_after), amount, low, high, habit.days_off)
        ahead += 1
