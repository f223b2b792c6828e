"""A plan at once and the proven one after it, each beside what the simple rules come to on the same cash."""

from dataclasses import dataclass
from enum import StrEnum

from domain.cash_plan.cost import Cost, plan_cost
from domain.cash_plan.exact import GAP, Told, prove
from domain.cash_plan.greedy import greedy, with_the_rest
from domain.cash_plan.problem import Plan, Problem
from domain.cash_plan.simple_rules import LARGEST, OLDEST, in_order, must_pays


class Rule(StrEnum):
    """A way to spend the cash; the first three are what people do without a plan."""

    NOTHING = "nothing"
    OLDEST = "oldest first"
    LARGEST = "largest first"
    GREEDY = "most saved first"
    PROVEN = "proven"


SIMPLE = (Rule.NOTHING, Rule.OLDEST, Rule.LARGEST)


@dataclass(frozen=True, slots=True)
class Planned:
    """The plan that costs least of those made, and what each rule's costs. bound: no plan costs less; None until proven."""

    plan: Plan
    cost: Cost
    rules: tuple[tuple[Rule, Cost], ...]
    bound: int | None = None

    @property
    def gap(self) -> float | None:
        """By which part of its cost the plan may be dearer than the best; 0 is the best, None is not known yet."""
        if self.bound is None:
            return None
        return (self.cost.total - self.bound) / self.cost.total if self.cost.total else 0.0

    @property
    def best_simple(self) -> Cost:
        """The cheapest of the simple rules."""
        return min((cost for rule, cost in self.rules if rule in SIMPLE), key=lambda cost: cost.total)

    @property
    def saving(self) -> int:
        """What the plan costs less than it."""
        return self.best_simple.total - self.cost.total


def plan_at_once(problem: Problem) -> Planned:
    """By the greedy rule, or a simple one where that is cheaper; raises MustPayError where the cash is too little."""
    plans = {
        Rule.NOTHING: must_pays(problem),
        Rule.OLDEST: in_order(problem, OLDEST),
        Rule.LARGEST: in_order(problem, LARGEST),
        Rule.GREEDY: with_the_rest(problem, greedy(problem)),
    }
    costs = {rule: plan_cost(problem, plan) for rule, plan in plans.items()}
    best = min(costs, key=lambda rule: costs[rule].total)
    return Planned(plans[best], costs[best], tuple(costs.items()))


def proven(problem: Problem, first: Planned, told: Told, *, gap: float = GAP) -> Planned:
    """The best plan found from `first` on, and the proof; `told` hears of each step and says how many seconds are left."""
    proof = prove(problem, [must_pays(problem), first.plan], told, gap=gap)
    plan = with_the_rest(problem, proof.plan)
    cost = plan_cost(problem, plan)
    bound = min(proof.bound, cost.total)
    return Planned(plan, cost, (*first.rules, (Rule.PROVEN, cost)), bound)
