"""What a cash plan is made of: cash by week, and accounts with what can be paid on them. Days are ordinals, money minor units.

Money paid in week w is paid on the week's first working day and counts from `edges[w + 1]` of the account on, the day after
it shows. Nothing changes between two such days, so a plan is a week for everything that can be paid; `len(cash)` is the week of
what is not paid.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import accumulate

from domain.policies import LateFeeTerms

Schedule = tuple[int, ...]  # a week for each payable of one account
Plan = tuple[Schedule, ...]  # a schedule for each account


class CashPlanError(ValueError):
    """The plan cannot be made; the text says why and what would help."""


@dataclass(frozen=True, slots=True)
class Payable:
    """A bill, or a part of one that has an effect by itself.

    stops_on: the first day on which service may stop for it. due_on: the last day on which it is paid in time.
    after: the payable of the same account that is paid first (the rest of a bill after its part). first_week: the first in
    which the bill is there. last_week: a must-pay's last; None may stay unpaid. held: is not paid. expected: not yet billed.
    """

    bill: int
    number: str
    amount: int
    issued_on: int
    due_on: int
    stops_on: int | None = None
    after: int | None = None
    first_week: int = 0
    last_week: int | None = None
    held: bool = False
    expected: bool = False
    noticed: bool = False  # stops_on is the day that a notice names
    part: int = 1  # of `parts`, in the order in which they are paid
    parts: int = 1


@dataclass(frozen=True, slots=True)
class FeeDay:
    """A day on which further bills (`news`) are no longer free: if one of them is unpaid, all that is past its free days counts.

    week: the last one whose money counts by then, or -1. parts: (payable, its share of the base).
    """

    day: int
    week: int
    terms: LateFeeTerms
    news: tuple[int, ...]
    parts: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class PlanAccount:
    """One account. edges: the day of the plan, the day from which each week's money counts, the day after the horizon.

    lost_per_day: what a day without service costs. restoral: what it costs to be switched on again, in_full: only when all
    past due is paid. suspended: it is off on the day of the plan. posting: working days until money shows, by method.
    """

    id: int
    payables: tuple[Payable, ...]
    edges: tuple[int, ...]
    fees: tuple[FeeDay, ...] = ()
    lost_per_day: int = 0
    restoral: int = 0
    in_full: bool = True
    suspended: bool = False
    calendar: str = ""
    posting: tuple[tuple[str, int], ...] = ()
    first_off: int = field(init=False)  # the week after whose money it may first be off, -1 before any; else `weeks`

    def __post_init__(self) -> None:
        stops = min((p.stops_on for p in self.payables if p.stops_on is not None), default=self.edges[-1])
        first = next((week for week in range(-1, self.weeks) if stops < self.edges[week + 2]), self.weeks)
        object.__setattr__(self, "first_off", -1 if self.suspended else first)

    @property
    def weeks(self) -> int:
        """How many weeks the plan has."""
        return len(self.edges) - 2


@dataclass(frozen=True, slots=True)
class Problem:
    """`cash` that comes in at the start of each week; `credit`: how far the sum of payments may go beyond it."""

    cash: tuple[int, ...]
    accounts: tuple[PlanAccount, ...]
    credit: int = 0

    def __post_init__(self) -> None:
        if not self.cash:
            raise CashPlanError("a plan needs the cash of at least one week")
        if min(*self.cash, self.credit) < 0:
            raise CashPlanError("cash of a week and the credit line are not negative")

    @property
    def never(self) -> int:
        """The week of what is not paid."""
        return len(self.cash)

    @property
    def limits(self) -> tuple[int, ...]:
        """The most that can have been paid by the end of each week."""
        return tuple(total + self.credit for total in accumulate(self.cash))

    @property
    def nothing(self) -> Plan:
        """Nothing is paid but the must-pays, each in its last week."""
        return tuple(
            tuple(self.never if p.last_week is None else p.last_week for p in account.payables)
            for account in self.accounts
        )

    def payments(self, plan: Plan) -> Iterator[tuple[int, int, int]]:
        """(account's index, payable's index, week) of all that `plan` pays."""
        for a, schedule in enumerate(plan):
            for i, week in enumerate(schedule):
                if week < self.never:
                    yield a, i, week

    def spent(self, plan: Plan) -> tuple[int, ...]:
        """What `plan` pays in each week."""
        by_week = [0] * len(self.cash)
        for a, i, week in self.payments(plan):
            by_week[week] += self.accounts[a].payables[i].amount
        return tuple(by_week)

    def room(self, plan: Plan) -> list[int]:
        """By week, how much more may be paid in it without going over the cash of this or any later week."""
        left = [limit - paid for limit, paid in zip(self.limits, accumulate(self.spent(plan)), strict=True)]
        return list(accumulate(reversed(left), min))[::-1]

    def affords(self, plan: Plan) -> bool:
        """Is `plan` within the cash of every week, with every must-pay and nothing that is held, each in its order?"""
        return self.room(plan)[0] >= 0 and all(
            _allowed(account, schedule, self.never) for account, schedule in zip(self.accounts, plan, strict=True)
        )


def _allowed(account: PlanAccount, schedule: Schedule, never: int) -> bool:
    return all(
        week <= (never if p.last_week is None else p.last_week)
        and (week == never or (week >= p.first_week and not p.held))
        and (p.after is None or schedule[p.after] <= week)
        for p, week in zip(account.payables, schedule, strict=True)
    )
