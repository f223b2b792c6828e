"""What accounts cost from week to week, in columns: for accounts with equally many payables, by week and set of unpaid ones.

A set is a number whose bit i says that payable i is unpaid. With a price on each week's money the best schedule of every
account is found by going back from the last week; nothing links two accounts but these prices.
"""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from domain.cash_plan.effects import useful_weeks
from domain.cash_plan.problem import PlanAccount, Schedule
from domain.late_fees import fee_on

Amounts = NDArray[np.float64]
_NOT_ALLOWED = 1e18
_SAME = 1e-6


class Tables:
    """Of `accounts` with the same number of payables. `first`: what is sunk before any money shows."""

    def __init__(self, accounts: Sequence[PlanAccount]) -> None:
        self.accounts = accounts
        self.count = len(accounts[0].payables)
        self.weeks = accounts[0].weeks
        sets = np.arange(1 << self.count)
        self.unpaid = (sets[:, None] >> np.arange(self.count)) & 1 == 1
        self.amounts = np.array([[float(p.amount) for p in account.payables] for account in accounts])
        self.may_pay = np.zeros((len(accounts), self.weeks, self.count), dtype=bool)
        for a, account in enumerate(accounts):
            for i, useful in enumerate(useful_weeks(account)):
                self.may_pay[a, useful, i] = True
        self.cost, self.off = self._costs()
        self._forbid()
        everything = len(sets) - 1
        suspended = np.array([account.suspended for account in accounts], dtype=np.int64)
        rows = np.arange(len(accounts))
        self.first = self.cost[rows, 0, everything, suspended]
        self.off_at_first = self.off[rows, 0, everything, suspended]

    def _costs(self) -> tuple[Amounts, NDArray[np.int64]]:
        """(account, 1 + week, set, off before): what the time until the next money costs, and whether it is off then."""
        shape = (len(self.accounts), self.weeks + 1, len(self.unpaid))
        edges = np.array([account.edges for account in self.accounts])
        start, end = edges[:, :-1, None], edges[:, 1:, None]
        since = np.broadcast_to(end, shape).copy()
        past_due = np.zeros(shape, dtype=bool)
        in_full = np.array([account.in_full for account in self.accounts])[:, None, None]
        for i in range(self.count):
            stops = np.array([a.payables[i].stops_on or a.edges[-1] for a in self.accounts])[:, None, None]
            due = np.array([a.payables[i].due_on for a in self.accounts])[:, None, None]
            counts = self.unpaid[:, i][None, None, :]
            since = np.where(counts & (stops < end), np.minimum(since, np.maximum(stops, start)), since)
            past_due |= counts & in_full & (due < start)
        lost = np.array([float(a.lost_per_day) for a in self.accounts])[:, None, None]
        restoral = np.array([float(a.restoral) for a in self.accounts])[:, None, None]
        empty = np.broadcast_to(start >= end, shape)
        still = np.where(past_due & ~empty, start, since)
        cost = np.stack(((end - since) * lost + (since < end) * restoral, (end - still) * lost), axis=-1)
        off = np.stack((since < end, (still < end) | empty), axis=-1).astype(np.int64)
        for a, account in enumerate(self.accounts):
            for day in account.fees:
                news = self.unpaid[:, list(day.news)].any(axis=1)
                base = self.unpaid[:, [i for i, _ in day.parts]] @ np.array([part for _, part in day.parts])
                fees = [
                    float(fee_on(int(b), day.terms)) if n and b > 0 else 0.0 for n, b in zip(news, base, strict=True)
                ]
                cost[a, day.week + 1] += np.array(fees)[:, None]
        return cost, off

    def _forbid(self) -> None:
        for a, account in enumerate(self.accounts):
            for i, p in enumerate(account.payables):
                if p.after is not None:
                    self.cost[a, :, self.unpaid[:, p.after] & ~self.unpaid[:, i]] = _NOT_ALLOWED
                if p.last_week is not None:
                    self.cost[a, p.last_week + 1 :, self.unpaid[:, i]] = _NOT_ALLOWED

    def ahead(self, prices: Amounts) -> list[Amounts]:
        """By week: the cost from then on (account, set after that week's payments, off before), with money at its price."""
        return [value for value, _ in self._back(prices)][::-1]

    def _back(self, prices: Amounts) -> Iterator[tuple[Amounts, NDArray[np.bool_]]]:
        """From the last week on: that, and (payable, account, set before the week's payments, off before) whether it is paid.

        The payables are decided one after the other, so that a set of them needs no step of its own.
        """
        further = np.zeros((len(self.accounts), len(self.unpaid), 2))
        for week in range(self.weeks - 1, -1, -1):
            value = self.cost[:, week + 1] + np.take_along_axis(further, self.off[:, week + 1], axis=2)
            further = value.copy()
            pays = np.zeros((self.count, *further.shape), dtype=bool)
            for i in range(self.count):
                price = np.where(self.may_pay[:, week, i], self.amounts[:, i] * prices[week], _NOT_ALLOWED)
                before = np.flatnonzero(self.unpaid[:, i])
                paid, unpaid = further[:, before - (1 << i)] + price[:, None, None], further[:, before]
                pays[i][:, before] = paid < unpaid - _SAME
                further[:, before] = np.minimum(unpaid, paid)
            yield value, pays

    def best(self, prices: Amounts) -> tuple[Amounts, NDArray[np.int64]]:
        """(the least cost of each account with money at `prices`, a schedule of that cost); as late as it can be."""
        decided = [pays for _, pays in self._back(prices)][::-1]
        rows = np.arange(len(self.accounts))
        state = np.full(len(rows), len(self.unpaid) - 1)
        off = self.off_at_first.copy()
        schedules = np.full((len(rows), self.count), self.weeks)
        total = self.first.copy()
        for week, pays in enumerate(decided):
            for i in reversed(range(self.count)):
                now = pays[i][rows, state, off]
                schedules[now, i] = week
                total += np.where(now, self.amounts[:, i] * prices[week], 0.0)
                state = np.where(now, state & ~(1 << i), state)
            total += self.cost[rows, week + 1, state, off]
            off = self.off[rows, week + 1, state, off]
        return total, schedules

    def near(self, row: int, ahead: Sequence[Amounts], prices: Amounts, most: float) -> Iterator[Schedule]:
        """Every schedule of one account that costs at most `most` at `prices`, but those that could as well pay later."""
        amounts = self.amounts[row]

        def go(week: int, state: int, off: int, so_far: float, schedule: Schedule) -> Iterator[Schedule]:
            if week == self.weeks:
                yield schedule
                return
            then = state
            while True:
                pays = [i for i in range(self.count) if (state & ~then) >> i & 1]
                if self.may_pay[row, week, pays].all() and all(self._matters(row, week, then, off, i) for i in pays):
                    spent = so_far + prices[week] * amounts[pays].sum()
                    if spent + ahead[week][row, then, off] <= most:
                        paid = tuple(week if i in pays else w for i, w in enumerate(schedule))
                        spent += self.cost[row, week + 1, then, off]
                        yield from go(week + 1, then, int(self.off[row, week + 1, then, off]), spent, paid)
                if then == 0:
                    return
                then = (then - 1) & state

        everything = len(self.unpaid) - 1
        yield from go(0, everything, int(self.off_at_first[row]), float(self.first[row]), (self.weeks,) * self.count)

    def _matters(self, row: int, week: int, then: int, off: int, i: int) -> bool:
        """Would it be another week if payable i of those paid in it stayed unpaid?"""
        without = then | 1 << i
        cost, next_off = self.cost[row, week + 1], self.off[row, week + 1]
        return bool(cost[then, off] != cost[without, off] or next_off[then, off] != next_off[without, off])
