"""What an account costs under a schedule: late fees, restoral, and service lost, until the end of the horizon."""

from dataclasses import dataclass

from domain.cash_plan.problem import Plan, PlanAccount, Problem, Schedule
from domain.late_fees import fee_on


@dataclass(frozen=True, slots=True)
class Cost:
    """Minor units by kind, and the days without service behind `lost`."""

    fees: int = 0
    restoral: int = 0
    lost: int = 0
    days_off: int = 0

    @property
    def total(self) -> int:
        """What a plan makes small."""
        return self.fees + self.restoral + self.lost

    def __add__(self, other: "Cost") -> "Cost":
        return Cost(
            self.fees + other.fees,
            self.restoral + other.restoral,
            self.lost + other.lost,
            self.days_off + other.days_off,
        )


def account_cost(account: PlanAccount, schedule: Schedule) -> Cost:
    """What it costs to pay `account` as `schedule` says."""
    fees = 0
    for day in account.fees:
        if any(schedule[i] > day.week for i in day.news):
            base = sum(part for i, part in day.parts if schedule[i] > day.week)
            fees += fee_on(base, day.terms) if base > 0 else 0
    starts, days = outage(account, schedule)
    return Cost(fees, starts * account.restoral, days * account.lost_per_day, days)


def outage(account: PlanAccount, schedule: Schedule) -> tuple[int, int]:
    """How often the service goes off, and for how many days in all.

    It is off for a bill from the first day on which it may stop until the money shows. Off already, it comes on when nothing
    stops it any more, and where the vendor wants it, when all past due is paid.
    """
    starts, days, off = 0, 0, account.suspended
    edges = account.edges
    for week in range(account.first_off, account.weeks):
        start, end = edges[week + 1], edges[week + 2]
        if start >= end:
            continue
        since = end
        for p, paid in zip(account.payables, schedule, strict=True):
            if paid <= week:
                continue
            if off and account.in_full and p.due_on < start:
                since = start
            elif p.stops_on is not None and p.stops_on < since:
                since = max(p.stops_on, start)
        starts += since < end and not off
        off = since < end
        days += end - since
    return starts, days


def plan_cost(problem: Problem, plan: Plan) -> Cost:
    """What all accounts cost under `plan`."""
    total = Cost()
    for account, schedule in zip(problem.accounts, plan, strict=True):
        total = total + account_cost(account, schedule)
    return total
