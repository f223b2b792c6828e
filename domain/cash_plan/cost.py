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
    for day in account.fees:  # plain loops: this is asked ten thousands of times
        week = day.week
        for i in day.news:
            if schedule[i] > week:
                break
        else:
            continue
        base = 0
        for i, part in day.parts:
            if schedule[i] > week:
                base += part
        fees += fee_on(base, day.terms) if base > 0 else 0
    starts, days = outage(account, schedule)
    return Cost(fees, starts * account.restoral, days * account.lost_per_day, days)


def outage(account: PlanAccount, schedule: Schedule) -> tuple[int, int]:
    """How often the service goes off, and for how many days in all.

    It is off for a bill from the first day on which it may stop until the money shows. Off already, it comes on when nothing
    stops it any more, and where the vendor wants it, when all past due is paid.
    """
    starts, days, off = 0, 0, account.suspended
    edges, weeks, week = account.edges, account.weeks, account.first_off
    while week < weeks:
        # Until the next payment shows nothing changes.
        start, until, since, past_due = edges[week + 1], -1, edges[-1], False
        for p, paid in zip(account.payables, schedule, strict=True):
            if paid > week:
                if until < 0 or paid < until:
                    until = paid
                if p.stops_on is not None and p.stops_on < since:
                    since = p.stops_on
                past_due = past_due or p.due_on < start
        if until < 0:
            break
        end = edges[until + 1] if until < weeks else edges[-1]
        first, week = week, until
        if start >= end:
            continue
        since = start if off and account.in_full and past_due else max(since, start)
        if since >= end:
            off = False
            continue
        # Off already and to stop again before any further money shows: it was on for some days and is not restored twice.
        if not off or since >= next(edge for edge in edges[first + 2 :] if edge > start):
            starts += 1
        off = True
        days += end - since
    return starts, days


def plan_cost(problem: Problem, plan: Plan) -> Cost:
    """What all accounts cost under `plan`."""
    total = Cost()
    for account, schedule in zip(problem.accounts, plan, strict=True):
        total = total + account_cost(account, schedule)
    return total
