"""From the best schedules at prices, which need a little more cash than there is, to a plan that keeps it."""

from collections.abc import Sequence

import numpy as np

from domain.cash_plan.cost import account_cost
from domain.cash_plan.prices import Pricing
from domain.cash_plan.problem import Plan, Schedule
from domain.cash_plan.tables import Amounts


def fitted(pricing: Pricing, prices: Amounts, schedules: Sequence[Sequence[Schedule]]) -> Plan | None:
    """The account that loses least for the cash that it gives back changes, until the plan fits; then what saves most with

    the cash that is left. None where no change of one account helps.
    """
    offer = _Offer(pricing, prices, schedules)
    while (offer.over > 0).any():
        if not offer.give_back():
            return None
    while offer.save():
        pass
    return offer.plan


class _Offer:
    """Schedules to choose from, one of each account taken. over: by week, how far the payments go beyond the cash."""

    def __init__(self, pricing: Pricing, prices: Amounts, schedules: Sequence[Sequence[Schedule]]) -> None:
        accounts = pricing.problem.accounts
        self.entries = [(a, schedule) for a, own in enumerate(schedules) for schedule in own]
        self.account = np.array([a for a, _ in self.entries])
        self.cost = np.array([float(account_cost(accounts[a], schedule).total) for a, schedule in self.entries])
        paid = np.zeros((len(self.entries), pricing.problem.never + 1))
        for n, (a, schedule) in enumerate(self.entries):
            np.add.at(paid[n], list(schedule), pricing.amounts[a])
        self.paid = paid[:, :-1].cumsum(axis=1)
        self.priced = self.cost + self.paid @ (prices - np.append(prices[1:], 0.0))
        at = {entry: n for n, entry in enumerate(self.entries)}
        self.now = np.array([at[a, schedule] for a, schedule in enumerate(pricing.best(prices)[1])])
        self.over = self.paid[self.now].sum(axis=0) - pricing.limits

    @property
    def plan(self) -> Plan:
        """What is taken."""
        return tuple(self.entries[n][1] for n in self.now)

    def give_back(self) -> bool:
        """The change that loses least for each unit of what the weeks are over; False where none brings them down."""
        over = np.maximum(self.over, 0.0)
        after = np.maximum(self.over + self.paid - self.paid[self.now[self.account]], 0.0)
        relief = (over - after).sum(axis=1)
        loss = np.maximum(self.priced - self.priced[self.now[self.account]], 0.0)
        return self._take(np.where(relief > 0, (loss + 1.0) / np.maximum(relief, 1.0), np.inf))

    def save(self) -> bool:
        """The change that saves most among those that the cash allows; False where none saves."""
        then = self.over + self.paid - self.paid[self.now[self.account]]
        saved = self.cost[self.now[self.account]] - self.cost
        return self._take(np.where((saved > 0) & (then <= 0).all(axis=1), -saved, np.inf))

    def _take(self, score: Amounts) -> bool:
        chosen = int(score.argmin())
        if not np.isfinite(score[chosen]):
            return False
        a = self.account[chosen]
        self.over += self.paid[chosen] - self.paid[self.now[a]]
        self.now[a] = chosen
        return True
