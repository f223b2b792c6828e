"""The plan at once: what saves most for its money first, each as late as it helps. Then what cash is left pays what is due."""

import heapq
from itertools import accumulate

from domain.cash_plan.cost import account_cost
from domain.cash_plan.effects import useful_weeks
from domain.cash_plan.problem import Payable, Plan, PlanAccount, Problem, Schedule
from domain.cash_plan.simple_rules import must_pays

_FAR = 10**7  # after any day


def greedy(problem: Problem) -> Plan:
    """Take the change of one account that saves most for each unit of money; what the cash does not cover waits a week."""
    plan = list(must_pays(problem))
    room = problem.room(tuple(plan))
    useful = [useful_weeks(account) for account in problem.accounts]
    groups = [_groups(account) for account in problem.accounts]
    heap: list[tuple[float, int, int, int, int, Schedule]] = []
    versions = [0] * len(plan)
    costs = [account_cost(account, now).total for account, now in zip(problem.accounts, plan, strict=True)]

    def propose(a: int, group: int, start: int) -> None:
        account, now = problem.accounts[a], plan[a]
        unpaid = [account.payables[i].amount for i in groups[a][group] if now[i] == problem.never]
        if unpaid and min(unpaid) > room[-1]:
            return  # no week has as much left
        for week in sorted({start, *(w for own in useful[a] for w in own if w > start)}):
            then = _changed(account, now, useful[a], groups[a][group], week)
            if then == now:
                return
            if not _fits(account, now, then, room):
                continue
            saved = costs[a] - account_cost(account, then).total
            if saved > 0:
                money = sum(p.amount for p, was, w in zip(account.payables, now, then, strict=True) if w < was)
                heapq.heappush(heap, (-saved / money, a, group, week, versions[a], then))
            return

    def propose_all(a: int) -> None:
        for group in range(len(groups[a])):
            propose(a, group, 0)

    for a, own in enumerate(useful):
        if any(own):
            propose_all(a)
    while heap:
        _, a, group, start, version, then = heapq.heappop(heap)
        if version != versions[a]:
            continue
        left = _left(problem.accounts[a], plan[a], then, room)
        if left is None:
            propose(a, group, start + 1)
            continue
        room = left
        plan[a] = then
        versions[a] += 1
        costs[a] = account_cost(problem.accounts[a], then).total
        propose_all(a)
    return tuple(plan)


def _groups(account: PlanAccount) -> list[set[int]]:
    """What may be paid together: all up to one, in the order in which they stop the service, then each of the others alone."""
    order = sorted(range(len(account.payables)), key=lambda i: (account.payables[i].stops_on or _FAR, i))
    groups = [set(order[: n + 1]) for n in range(len(order))] + [{i} for i in order[1:]]
    for group in groups:
        for i in list(group):
            before = account.payables[i].after
            while before is not None:
                group.add(before)
                before = account.payables[before].after
    return groups


def _changed(account: PlanAccount, now: Schedule, useful: list[list[int]], group: set[int], start: int) -> Schedule:
    """`now`, with the group paid, or paid earlier: each in its first useful week from `start` on."""
    then = list(now)
    for i in group:
        week = next((w for w in useful[i] if w >= start), then[i])
        then[i] = min(then[i], week)
    return tuple(then) if _in_order(account, then) else now


def _in_order(account: PlanAccount, schedule: list[int]) -> bool:
    return all(p.after is None or schedule[p.after] <= week for p, week in zip(account.payables, schedule, strict=True))


def _fits(account: PlanAccount, now: Schedule, then: Schedule, room: list[int]) -> bool:
    """Is the money of the change there?"""
    changed = [(p.amount, was, week) for p, was, week in zip(account.payables, now, then, strict=True) if week < was]
    if len(changed) == 1 and changed[0][1] == len(room):
        amount, _, week = changed[0]
        return amount <= room[week]
    return _left(account, now, then, room) is not None


def _left(account: PlanAccount, now: Schedule, then: Schedule, room: list[int]) -> list[int] | None:
    """`room` without the money of the change; None where it is not there."""
    left = list(room)
    for p, was, week in zip(account.payables, now, then, strict=True):
        for w in range(week, was):
            left[w] -= p.amount
            if left[w] < 0:
                return None
    return list(accumulate(reversed(left), min))[::-1]


def with_the_rest(problem: Problem, plan: Plan) -> Plan:
    """`plan`, and what is left of the cash pays the rest, the oldest due first: by its due day where it can, else soon.

    Never at a higher cost: a service that comes on between two stops is restored twice.
    """
    whole = [list(schedule) for schedule in plan]
    room = problem.room(plan)
    rest = sorted(
        (p.due_on, p.bill, a, i)
        for a, account in enumerate(problem.accounts)
        for i, p in enumerate(account.payables)
        if not p.held and plan[a][i] == problem.never
    )
    for _, _, a, i in rest:
        account = problem.accounts[a]
        p = account.payables[i]
        week = _week_for(p, account, problem.never, room, whole[a])
        if week is None:
            continue
        then = [week if n == i else w for n, w in enumerate(whole[a])]
        may_be_dearer = account.first_off < account.weeks and len(then) > 1
        if may_be_dearer and account_cost(account, tuple(then)).total > account_cost(account, tuple(whole[a])).total:
            continue
        left = _left(account, tuple(whole[a]), tuple(then), room)
        if left is not None:
            room, whole[a] = left, then
    return tuple(map(tuple, whole))


def _week_for(p: Payable, account: PlanAccount, never: int, room: list[int], schedule: list[int]) -> int | None:
    """The last week that pays in time, or the first one that the cash covers."""
    first = max(p.first_week, 0 if p.after is None else schedule[p.after])
    in_time = max((w for w in range(first, never) if account.edges[w + 1] <= p.due_on + 1), default=first)
    weeks = [*range(in_time, first - 1, -1), *range(in_time + 1, never)]
    return next((w for w in weeks if w < never and p.amount <= room[w]), None)
