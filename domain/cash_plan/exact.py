"""The best plan with the proof of how near it is to the best that there could be, from the best plan that is known already."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import islice
from math import ceil

from domain.cash_plan.choice import choose
from domain.cash_plan.cost import plan_cost
from domain.cash_plan.prices import Priced, Pricing
from domain.cash_plan.problem import Plan, Problem, Schedule

GAP = 1e-3
_LP_SHARE = 0.1  # of the gap, for the prices
_MOST = 200_000  # schedules to choose from
_MOST_OF_ONE = 4_000
_SURE = 1e-3  # minor units by which sums may be off


@dataclass(frozen=True, slots=True)
class Progress:
    """The least cost of a plan found so far, what no plan can be below, and what is being done."""

    cost: int
    bound: int
    step: str


Told = Callable[[Progress], float]  # what is so far -> seconds left; none end the search


@dataclass(frozen=True, slots=True)
class Proof:
    """The plan, what it costs, and `bound`: no plan on this cash costs less."""

    plan: Plan
    cost: int
    bound: int

    @property
    def gap(self) -> float:
        """By which part of its cost it may be dearer than the best; 0 is the best."""
        return (self.cost - self.bound) / self.cost if self.cost else 0.0


def prove(problem: Problem, known: Iterable[Plan], told: Told, *, gap: float = GAP) -> Proof:
    """The best plan found, never worse than those `known`, which fit the cash."""
    known = list(known)
    search = _Search(problem, min(known, key=lambda plan: plan_cost(problem, plan).total), told, gap)
    pricing = Pricing(problem)
    priced = pricing.search(known, gap=gap * _LP_SHARE, go_on=lambda bound: search.bounded(bound, "prices"))
    search.choose([sorted(own) for own in priced.seen])
    if search.open():
        near = _near(pricing, priced, search.cost)
        if near is not None:
            whole = [sorted({*own, search.plan[a]}) for a, own in enumerate(near)]
            search.bounded(search.choose(whole), "proof")
    return Proof(search.plan, search.cost, search.bound)


class _Search:
    """The best plan and the best bound so far."""

    def __init__(self, problem: Problem, plan: Plan, told: Told, gap: float) -> None:
        self.problem, self.plan, self.told, self.gap = problem, plan, told, gap
        self.cost, self.bound = plan_cost(problem, plan).total, 0
        self.step = "prices"

    def bounded(self, bound: float, step: str) -> bool:
        """Take note of a bound; is there time to go on?"""
        self.bound = min(self.cost, max(self.bound, ceil(bound - _SURE)))
        self.step = step
        return self.seconds() > 0

    def seconds(self) -> float:
        return self.told(Progress(self.cost, self.bound, self.step))

    def open(self) -> bool:
        """Is the gap still too wide, and time left?"""
        return self.cost - self.bound > self.gap * self.cost and self.seconds() > 0

    def choose(self, schedules: list[list[Schedule]]) -> float:
        """Look for a better plan of these schedules; what none of them is below."""
        seconds = self.seconds()
        if not self.open() or seconds <= 0:
            return 0.0
        plan, bound = choose(
            self.problem,
            schedules,
            self.plan,
            gap=self.gap / 2,
            seconds=seconds,
            go_on=lambda: self.seconds() > 0,
        )
        cost = plan_cost(self.problem, plan).total
        if cost < self.cost and self.problem.affords(plan):
            self.plan, self.cost = plan, cost
        return bound


def _near(pricing: Pricing, priced: Priced, cost: int) -> list[list[Schedule]] | None:
    """By account, the schedules of every plan that is cheaper than `cost`; None where they are too many to look through.

    A schedule that is dearer than the account's best by more than lies between the bound and `cost` is in none of them.
    """
    found: list[list[Schedule]] = [[]] * len(pricing.problem.accounts)
    spare, count = cost - priced.bound, 0
    for own, tables in pricing.groups:
        ahead, (least, _) = tables.ahead(priced.prices), tables.best(priced.prices)
        for row, a in enumerate(own.tolist()):
            near = list(islice(tables.near(row, ahead, priced.prices, least[row] + spare + _SURE), _MOST_OF_ONE + 1))
            count += len(near)
            if len(near) > _MOST_OF_ONE or count > _MOST:
                return None
            found[a] = near
    return found
