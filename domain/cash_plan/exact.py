"""The best plan with the proof of how near it is to the best that there could be, from the best plan that is known already."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice
from math import ceil

from domain.cash_plan.choice import choose
from domain.cash_plan.cost import plan_cost
from domain.cash_plan.prices import Priced, Pricing
from domain.cash_plan.problem import Plan, Problem, Schedule
from domain.cash_plan.rounding import fitted

GAP = 1e-3
_MOST_SEEN = 20_000
_LP_SHARE = 0.1  # of the gap, for the prices
_MOST = 200_000  # schedules to choose from
_MOST_OF_ONE = 4_000
_SURE = 1e-3  # minor units by which sums may be off


class Step(StrEnum):
    """What is being done."""

    PRICES = "what a week's cash is worth"
    BETTER = "a better plan"
    PROOF = "what could still be better"


@dataclass(frozen=True, slots=True)
class Progress:
    """The least cost of a plan found so far, what no plan can be below, and what is being done."""

    cost: int
    bound: int
    step: Step


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
    if not search.cost:  # nothing costs less
        return Proof(search.plan, 0, 0)
    pricing = Pricing(problem)
    priced = pricing.search(known, gap=gap * _LP_SHARE, go_on=lambda bound: search.bounded(bound, Step.PRICES))
    seen = [sorted({*own, search.plan[a]}) for a, own in enumerate(priced.seen)]
    search.offer(fitted(pricing, priced.prices, seen))
    for _ in range(2):
        if not search.open():
            break
        near = _near(pricing, priced, search)
        if near is not None:
            search.bounded(search.choose(near, Step.PROOF), Step.PROOF)
            break
        if sum(map(len, seen)) > _MOST_SEEN:
            break
        search.choose(seen, Step.BETTER)
    return Proof(search.plan, search.cost, search.bound)


class _Search:
    """The best plan and the best bound so far."""

    def __init__(self, problem: Problem, plan: Plan, told: Told, gap: float) -> None:
        self.problem, self.plan, self.told, self.gap = problem, plan, told, gap
        self.cost, self.bound = plan_cost(problem, plan).total, 0
        self.step = Step.PRICES

    def bounded(self, bound: float, step: Step) -> bool:
        """Take note of a bound; is there time to go on?"""
        self.bound = min(self.cost, max(self.bound, ceil(bound - _SURE)))
        self.step = step
        return self.seconds() > 0

    def seconds(self) -> float:
        """What is left."""
        return self.told(Progress(self.cost, self.bound, self.step))

    def open(self) -> bool:
        """Is the gap still too wide, and time left?"""
        return self.cost - self.bound > self.gap * self.cost and self.seconds() > 0

    def offer(self, plan: Plan | None) -> None:
        """Take a plan that is better and that the cash allows."""
        if plan is not None and self.problem.affords(plan):
            cost = plan_cost(self.problem, plan).total
            if cost < self.cost:
                self.plan, self.cost = plan, cost

    def choose(self, schedules: Sequence[Sequence[Schedule]], step: Step) -> float:
        """Look for a better plan of these schedules; what none of them is below."""
        self.step = step
        plan, bound = choose(
            self.problem,
            [sorted({*own, self.plan[a]}) for a, own in enumerate(schedules)],
            self.plan,
            gap=self.gap / 2,
            seconds=max(0.0, self.seconds()),
            go_on=lambda: self.seconds() > 0,
        )
        self.offer(plan)
        return bound


def _near(pricing: Pricing, priced: Priced, search: _Search) -> list[list[Schedule]] | None:
    """By account, the schedules of every plan that is cheaper than the one found; None where they are too many.

    A schedule that is dearer than the account's best by more than lies between the bound and that plan is in none of them.
    """
    found: list[list[Schedule]] = [[]] * len(pricing.problem.accounts)
    spare, count = search.cost - priced.bound, 0
    for own, tables in pricing.groups:
        ahead, (least, _) = tables.ahead(priced.prices), tables.best(priced.prices)
        for row, a in enumerate(own.tolist()):
            near = list(islice(tables.near(row, ahead, priced.prices, least[row] + spare + _SURE), _MOST_OF_ONE + 1))
            count += len(near)
            if len(near) > _MOST_OF_ONE or count > _MOST or search.seconds() <= 0:
                return None
            found[a] = near
    return found
