"""The plan at once: what saves most for its money first, each as late as it helps. Then what cash is left pays what is due."""

import heapq
from bisect import bisect_left
from collections.abc import Iterator, Sequence
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
    choices = [_Choices(account) for account in problem.accounts]
    heap: list[tuple[float, int, int, int, int, Schedule, int]] = []
    versions = [0] * len(plan)
    costs = [account_cost(account, now).total for account, now in zip(problem.accounts, plan, strict=True)]

    def propose(a: int, group: int, start: int) -> None:
        for week, then in choices[a].changes(plan[a], group, start, room):
            money = choices[a].fits(plan[a], then, room)
            if not money:
                continue
            cost = account_cost(problem.accounts[a], then).total
            if cost < costs[a]:
                heapq.heappush(heap, ((cost - costs[a]) / money, a, group, week, versions[a], then, cost))
            return

    def propose_all(a: int) -> None:
        for group in range(len(choices[a].groups)):
            propose(a, group, 0)

    for a, own in enumerate(choices):
        if costs[a] and own.groups:
            propose_all(a)
    while heap:
        _, a, group, start, version, then, cost = heapq.heappop(heap)
        if version != versions[a]:
            continue
        left = _left(problem.accounts[a].payables, plan[a], then, room)
        if left is None:
            propose(a, group, start + 1)
            continue
        room = left
        plan[a] = then
        versions[a] += 1
        costs[a] = cost
        if cost and len(then) > 1:  # alone it is in its first week that the cash covered
            propose_all(a)
    return tuple(plan)


class _Choices:
    """What may be paid together on an account, each with the weeks in which that makes a difference.

    All up to one, in the order in which they stop the service, then each of the others alone; always with what comes before.
    """

    def __init__(self, account: PlanAccount) -> None:
        self._payables = account.payables
        self._useful = useful_weeks(account)
        order = sorted(range(len(account.payables)), key=lambda i: (account.payables[i].stops_on or _FAR, i))
        found = [order[: n + 1] for n in range(len(order))] + [[i] for i in order[1:]]
        if any(p.after is not None for p in account.payables):
            found = [self._with_those_before(group) for group in found]
        weeks = [sorted({w for i in group for w in self._useful[i]}) for group in found]
        self.groups = [(group, own) for group, own in zip(found, weeks, strict=True) if own]

    def changes(self, now: Schedule, group: int, start: int, room: Sequence[int]) -> Iterator[tuple[int, Schedule]]:
        """(week, `now` with the group paid, or paid earlier: each in its first useful week from then on), from `start` on.

        Weeks in which the largest of them cannot be paid are left out. Parts stay in their order: what is useful for the rest
        is so for what comes before it.
        """
        members, weeks = self.groups[group]
        unpaid = [(self._payables[i].amount, i) for i in members if now[i] == len(room)]
        if unpaid:
            amount, largest = max(unpaid)
            useful = self._useful[largest]
            affordable = bisect_left(useful, bisect_left(room, amount))
            start = max(start, useful[affordable - 1] + 1) if affordable else start
        for week in weeks[bisect_left(weeks, start) :]:
            then = list(now)
            for i in members:
                useful = self._useful[i]
                at = bisect_left(useful, week)
                if at < len(useful) and useful[at] < then[i]:
                    then[i] = useful[at]
            changed = tuple(then)
            if changed == now:
                return
            yield week, changed

    def fits(self, now: Schedule, then: Schedule, room: Sequence[int]) -> int:
        """The money of the change, 0 where it is not there. Room never shrinks from week to week."""
        changed, money, sooner = [], 0, False
        for p, was, week in zip(self._payables, now, then, strict=True):
            if week != was:
                if p.amount > room[week]:
                    return 0
                money += p.amount
                changed.append((week, p.amount))
                sooner = sooner or was < len(room)
        if sooner:
            return money if _left(self._payables, now, then, room) is not None else 0
        if len(changed) > 1:
            spent = 0
            for week, amount in sorted(changed):
                spent += amount
                if spent > room[week]:
                    return 0
        return money

    def _with_those_before(self, group: list[int]) -> list[int]:
        found = set(group)
        for i in group:
            before = self._payables[i].after
            while before is not None:
                found.add(before)
                before = self._payables[before].after
        return sorted(found)


def _left(payables: Sequence[Payable], now: Schedule, then: Schedule, room: Sequence[int]) -> list[int] | None:
    """`room` without the money of the change; None where it is not there."""
    left = list(room)
    for p, was, week in zip(payables, now, then, strict=True):
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
        left = _left(account.payables, tuple(whole[a]), tuple(then), room)
        if left is not None:
            room, whole[a] = left, then
    return tuple(map(tuple, whole))


def _week_for(p: Payable, account: PlanAccount, never: int, room: list[int], schedule: list[int]) -> int | None:
    """The last week that pays in time, or the first one that the cash covers."""
    first = max(p.first_week, 0 if p.after is None else schedule[p.after])
    in_time = max((w for w in range(first, never) if account.edges[w + 1] <= p.due_on + 1), default=first)
    weeks = [*range(in_time, first - 1, -1), *range(in_time + 1, never)]
    return next((w for w in weeks if w < never and p.amount <= room[w]), None)
