"""What people do without a plan: pay the must-pays, then whatever the week's cash covers in one fixed order."""

from collections.abc import Callable

from domain.cash_plan.problem import CashPlanError, Payable, Plan, Problem

Order = Callable[[Payable], tuple[int, ...]]

OLDEST: Order = lambda p: (p.due_on, p.bill)  # noqa: E731 - a table of orders
LARGEST: Order = lambda p: (-p.amount, p.due_on, p.bill)  # noqa: E731


def must_pays(problem: Problem) -> Plan:
    """Nothing but the must-pays, each as late as it is in time; raises CashPlanError where the cash does not reach."""
    plan = problem.nothing
    spent = 0
    for week, (limit, paid) in enumerate(zip(problem.limits, problem.spent(plan), strict=True)):
        spent += paid
        if spent > limit:
            raise MustPayError(week, spent, limit)
    return plan


class MustPayError(CashPlanError):
    """The must-pays come to `needed` by the end of `week`, the cash to `there`."""

    def __init__(self, week: int, needed: int, there: int) -> None:
        super().__init__(
            f"the must-pays come to {needed} by the end of week {week + 1}, and the cash to {there}, in minor units"
        )
        self.week, self.needed, self.there = week, needed, there


def in_order(problem: Problem, order: Order) -> Plan:
    """Week by week, the first in `order` that are there and that the cash covers."""
    plan = [list(schedule) for schedule in must_pays(problem)]
    room = problem.room(tuple(map(tuple, plan)))
    waiting = sorted(
        (order(p), a, i, p)
        for a, account in enumerate(problem.accounts)
        for i, p in enumerate(account.payables)
        if not p.held and plan[a][i] == problem.never
    )
    for week in range(problem.never):
        later = []
        for entry in waiting:
            _, a, i, p = entry
            if p.amount > room[week] or p.first_week > week or (p.after is not None and plan[a][p.after] > week):
                later.append(entry)
                continue
            plan[a][i] = week
            room[week] -= p.amount
            for w in range(week):
                room[w] = min(room[w], room[week])
            for w in range(week + 1, problem.never):
                room[w] -= p.amount
        waiting = later
    return tuple(map(tuple, plan))
