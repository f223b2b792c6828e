"""What a unit of each week's cash is worth: prices at which the best schedules together need about the cash that there is.

Column generation: a small linear program weighs what was found so far, its prices find better schedules. At any prices, what all
accounts cost less what the cash is worth is a bound: no plan on this cash costs less.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import highspy
import numpy as np

from domain.cash_plan.cost import account_cost
from domain.cash_plan.problem import Plan, Problem, Schedule
from domain.cash_plan.tables import Amounts, Tables

_BUCKETS = 40  # accounts that are weighed together: fewer rows, a few rounds more
_ROUNDS = 120
_STILL = 1e-9


@dataclass(frozen=True, slots=True)
class Priced:
    """prices: by week, of money paid in it; `bound` with them; `seen`: by account, the schedules that came up."""

    prices: Amounts
    bound: float
    seen: tuple[set[Schedule], ...]


class Pricing:
    """The accounts of a problem in tables, and what came up so far."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.limits = np.array(problem.limits, dtype=float)
        groups: dict[int, list[int]] = defaultdict(list)
        for a, account in enumerate(problem.accounts):
            groups[len(account.payables)].append(a)
        self.groups = [(np.array(own), Tables([problem.accounts[a] for a in own])) for own in groups.values()]
        self.amounts = [np.array([float(p.amount) for p in account.payables]) for account in problem.accounts]

    def best(self, prices: Amounts) -> tuple[Amounts, Plan]:
        """(the least cost of each account, the plan of these costs), whatever cash it needs."""
        costs = np.zeros(len(self.problem.accounts))
        plan: list[Schedule] = [()] * len(self.problem.accounts)
        for own, tables in self.groups:
            least, schedules = tables.best(prices)
            costs[own] = least
            for a, schedule in zip(own.tolist(), schedules.tolist(), strict=True):
                plan[a] = tuple(schedule)
        return costs, tuple(plan)

    def paid_by(self, plan: Plan) -> Amounts:
        """(account, week): what is paid by the end of the week."""
        paid = np.zeros((len(plan), self.problem.never + 1))
        for a, schedule in enumerate(plan):
            np.add.at(paid[a], list(schedule), self.amounts[a])
        return paid[:, :-1].cumsum(axis=1)

    def search(self, known: Iterable[Plan], *, gap: float, go_on: Callable[[float], bool]) -> Priced:
        """The best prices; done when the bound is within `gap` of what the linear program says. `known`: plans that fit."""
        master = _Master(len(self.problem.accounts), self.limits)
        seen: tuple[set[Schedule], ...] = tuple(set() for _ in self.problem.accounts)
        duals = np.zeros(len(self.limits))
        best = Priced(duals, 0.0, seen)
        for plan in known:
            self._note(plan, seen)
            master.add(self._costs(plan), self.paid_by(plan))
        for _ in range(_ROUNDS):
            value, duals = master.solve()
            prices = duals[::-1].cumsum()[::-1]
            costs, plan = self.best(prices)
            bound = float(costs.sum() - duals @ self.limits)
            if bound > best.bound:
                best = Priced(prices, bound, seen)
            self._note(plan, seen)
            if value - best.bound <= gap * value + _STILL or not go_on(best.bound):
                break
            paid = self.paid_by(plan)
            master.add(costs - paid @ duals, paid)
        return best

    def _costs(self, plan: Plan) -> Amounts:
        pairs = zip(self.problem.accounts, plan, strict=True)
        return np.array([float(account_cost(account, schedule).total) for account, schedule in pairs])

    @staticmethod
    def _note(plan: Plan, seen: tuple[set[Schedule], ...]) -> None:
        for own, schedule in zip(seen, plan, strict=True):
            own.add(schedule)


class _Master:
    """How much of each set of schedules to take, so that the cash is kept and the cost is least."""

    def __init__(self, accounts: int, limits: Amounts) -> None:
        self.bucket = np.arange(accounts) % min(accounts, _BUCKETS)
        self.buckets = int(self.bucket.max()) + 1
        self.unit = max(1.0, float(limits.max()))
        self.solver = highspy.Highs()
        self.solver.silent()
        self.solver.setOptionValue("threads", 1)
        none = np.array([], dtype=np.int32)
        for limit in limits:
            self.solver.addRow(-highspy.kHighsInf, limit / self.unit, 0, none, none.astype(float))
        for _ in range(self.buckets):
            self.solver.addRow(1.0, 1.0, 0, none, none.astype(float))
        self.weeks = len(limits)

    def add(self, costs: Amounts, paid: Amounts) -> None:
        """One more column for each bucket."""
        for b in range(self.buckets):
            own = self.bucket == b
            entries = np.append(paid[own].sum(axis=0) / self.unit, 1.0)
            rows = np.append(np.arange(self.weeks), self.weeks + b).astype(np.int32)
            self.solver.addCol(float(costs[own].sum()) / self.unit, 0.0, highspy.kHighsInf, len(rows), rows, entries)

    def solve(self) -> tuple[float, Amounts]:
        """(the least cost, by week what a unit of cash more would save)."""
        self.solver.run()
        duals = np.array(self.solver.getSolution().row_dual[: self.weeks])
        return self.solver.getObjectiveValue() * self.unit, np.maximum(0.0, -duals)
