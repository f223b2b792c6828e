"""What leaves the bank, week by week: open bills, draws, promises and bills to come, each on the days on which it may be paid.

A figure is the sum over bills of amount times the chance to be paid in that week, so it equals the rows behind it. Its
range comes from a simulation with a given seed and not from a formula: a site pays a handful of bills, of which each is
paid in one week or in another, and no bell curve holds that. What happens to many at once is drawn once for all of them:
a cold month for all power bills, a run of payments that is made a day late.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import cached_property
from math import log

import numpy as np
from numpy.typing import NDArray

from domain.periods import shifted

WEEKS = 13
DRAWS = 1_000
_AT_ONCE = 2_000  # bills drawn together
_SPREAD = 1.2816  # a normal value stays within so many spreads four times of five
# Of what makes an amount other than expected: what all bills of a kind have in common, and what those of an account have.
_KIND, _ACCOUNT = 0.25, 0.35
_ALL = 0.1  # of what makes a bill be paid early or late: what all bills have in common
_UNSEEN = 1.08  # draws are so much further from what is expected: habits are learned from few bills, and some money is foreseen by none
_Numbers = NDArray[np.float64]


class Source(StrEnum):
    """Why money is expected to leave; each bill is in exactly one."""

    PROMISED = "promised"
    AUTOPAY = "autopay"
    OPEN = "open"
    EXPECTED = "expected"


_SOURCES = {source: n for n, source in enumerate(Source)}


@dataclass(frozen=True, slots=True)
class Outflow:
    """A bill to be paid, or what is left of it; minor units. chances: by week, that it is paid then; up to 1 together.

    bill_id is None and low to high a range where the bill has not been issued.
    """

    account_id: int
    kind: str
    site: str
    source: Source
    bill_id: int | None
    number: str
    issued_on: date
    due_on: date
    amount: int
    low: int
    high: int
    chances: Sequence[float]


@dataclass(frozen=True, slots=True)
class CashWeek:
    """Seven days, `last` included. low to high is the 80% range of amount, which is the sum of by_source."""

    first: date
    last: date
    by_source: Mapping[Source, int]
    amount: int
    low: int
    high: int


@dataclass(frozen=True)
class CashForecast:
    """Of one currency, from the day after `as_of` on. outflows: those of an account one after the other."""

    as_of: date
    weeks: int
    outflows: Sequence[Outflow]
    random_seed: int = 1

    @cached_property
    def chances(self) -> _Numbers:
        """A row an outflow, a column a week: the chance to be paid then."""
        return np.array([o.chances for o in self.outflows], dtype=np.float64).reshape(-1, self.weeks)

    @cached_property
    def shares(self) -> NDArray[np.int64]:
        """The same in minor units."""
        amounts = np.array([o.amount for o in self.outflows], dtype=np.float64)
        return np.rint(self.chances * amounts[:, None]).astype(np.int64)

    @cached_property
    def total(self) -> list[CashWeek]:
        """Everything."""
        return self.by([""] * len(self.outflows) or [""])[""]

    def rows(self, week: int) -> list[tuple[Outflow, float, int]]:
        """What makes the figure of a week: each bill, the chance that it is paid then, and its share; the largest first."""
        found = [
            (flow, float(chance), int(share))
            for flow, chance, share in zip(self.outflows, self.chances[:, week], self.shares[:, week], strict=True)
            if share
        ]
        return sorted(found, key=lambda row: (-row[2], row[0].due_on, row[0].account_id))

    def by(self, keys: Sequence[str]) -> dict[str, list[CashWeek]]:
        """By the key of each outflow, in the order of `keys`."""
        groups = {key: n for n, key in enumerate(dict.fromkeys(keys))}
        group = np.array([groups[key] for key in keys[: len(self.outflows)]], dtype=np.int64)
        source = np.array([_SOURCES[flow.source] for flow in self.outflows], dtype=np.int64)
        sums = np.zeros((len(groups), len(_SOURCES), self.weeks), dtype=np.int64)
        np.add.at(sums, (group, source), self.shares)
        drawn = self._drawn(group, len(groups))
        return {
            key: [self._week(week, sums[at, :, week], drawn[at, week]) for week in range(self.weeks)]
            for key, at in groups.items()
        }

    def _week(self, week: int, sums: NDArray[np.int64], drawn: _Numbers) -> CashWeek:
        first, amount = shifted(self.as_of, 7 * week + 1), int(sums.sum())
        by_source = {source: int(sums[at]) for source, at in _SOURCES.items()}
        wide = np.clip(amount + _UNSEEN * (np.quantile(drawn, (0.1, 0.9)) - amount), drawn.min(), drawn.max())
        low, high = min(amount, round(wide[0])), max(amount, round(wide[1]))
        return CashWeek(first, first + timedelta(days=6), by_source, amount, low, high)

    def _drawn(self, group: NDArray[np.int64], groups: int) -> _Numbers:
        """By group, week and draw: what is paid."""
        dice = np.random.default_rng(self.random_seed)
        shared = _Shared(dice)
        paid = np.zeros(groups * self.weeks * DRAWS)
        for start in range(0, len(self.outflows), _AT_ONCE):
            some = self.outflows[start : start + _AT_ONCE]
            amounts, when = shared.amounts(some), shared.places(some)
            passed = np.cumsum(self.chances[start : start + _AT_ONCE], axis=1)
            week = (when[:, None, :] >= passed[:, :, None]).sum(axis=1)
            inside = week < self.weeks
            place = (group[start : start + _AT_ONCE, None] * self.weeks + week) * DRAWS + np.arange(DRAWS)
            paid += np.bincount(place[inside], weights=amounts[inside], minlength=len(paid))
        return paid.reshape(groups, self.weeks, DRAWS)


class _Shared:
    """Draws; what several bills have in common is drawn once."""

    def __init__(self, dice: np.random.Generator) -> None:
        self._dice = dice
        self._known: dict[tuple[str, str | int], _Numbers] = {}

    def amounts(self, some: Sequence[Outflow]) -> _Numbers:
        """A row an outflow, a column a draw: what it comes to."""
        if some:  # accounts that have gone by are not asked for again, and there may be many
            self._forget(but=some[0].account_id)
        middle = np.array([o.amount for o in some], dtype=np.float64)
        spread = np.array([log(max(o.high, 1) / max(o.low, 1)) / 2 / _SPREAD for o in some])
        off = (
            self._dice.standard_normal((len(some), DRAWS)) * (1 - _KIND - _ACCOUNT) ** 0.5
            + self._common(("kind", o.kind) for o in some) * _KIND**0.5
            + self._common(("account", o.account_id) for o in some) * _ACCOUNT**0.5
        )
        return middle[:, None] * np.exp(spread[:, None] * off)

    def places(self, some: Sequence[Outflow]) -> _Numbers:
        """The same, between 0 and 1: how early or late among its days it is paid."""
        from scipy.special import ndtr  # late: 9 MB, which a server that forecasts nothing need not hold

        off = (
            self._dice.standard_normal((len(some), DRAWS)) * (1 - _ALL) ** 0.5 + self._common([("all", "")]) * _ALL**0.5
        )
        return ndtr(off)

    def _forget(self, *, but: int) -> None:
        self._known = {key: value for key, value in self._known.items() if key[0] != "account" or key[1] == but}

    def _common(self, keys: Iterable[tuple[str, str | int]]) -> _Numbers:
        rows = []
        for key in keys:
            if key not in self._known:
                self._known[key] = self._dice.standard_normal(DRAWS)
            rows.append(self._known[key])
        return np.array(rows)
