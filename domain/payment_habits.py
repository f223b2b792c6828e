"""How an account pays: its chance to be late, and when in time it pays; pooled with its site, its vendor and all.

Few bills of its own lean on the site's and the vendor's, many stand for themselves; a bill of eight months ago counts
half. Bills are learned in the order of their due days, so that what was learned by a day can be asked about that day.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from domain.calibration import chance_of, log_odds

HALF_LIFE = 240  # days
EARLIEST = 45  # days before the due day; what was paid earlier counts as paid then
_USUAL_DAYS = 14  # before anything is known, any of the last fourteen days is as good
_USUAL = (1.0, 4.0)  # before anything is known, one bill in four is late
# Weights that what is pooled has beside the own bills: so many own bills count as much.
_AGAINST_GROUP, _AGAINST_ACCOUNT, _AGAINST_DAYS, _AGAINST_WEEKDAYS = 10.0, 8.0, 3.0, 4.0
_WEEK = 7
Shares = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class KnownBill:
    """A bill as it is known on a day; settled_on is None while it is open."""

    id: int
    account_id: int
    site: str
    vendor: str
    issued_on: date
    due_on: date
    settled_on: date | None

    @property
    def late(self) -> bool:
        """Not settled by its due day; asked only of bills whose due day has passed."""
        return self.settled_on is None or self.settled_on > self.due_on

    def was_open(self, day: date) -> bool:
        """Was it there, and not settled, at the end of `day`?"""
        return self.issued_on <= day and (self.settled_on is None or self.settled_on > day)


class Habits:
    """What the bills learned so far say. Weights are kept as of `origin`, so that ageing all of them is one factor."""

    def __init__(self, origin: date) -> None:
        self._origin = origin
        self._late: dict[Hashable, float] = defaultdict(float)
        self._all: dict[Hashable, float] = defaultdict(float)
        # by account, and None for every account
        self._days: dict[int | None, dict[int, float]] = defaultdict(lambda: defaultdict(float))
        self._weekdays: dict[int | None, list[float]] = defaultdict(lambda: [0.0] * _WEEK)
        self._behind_until: dict[int, date] = {}
        # What was asked for since the last bill was learned.
        self._shares_on: dict[tuple[int | None, date], Shares] = {}
        self._weekdays_on: dict[tuple[int, date], Shares] = {}

    def learn(self, bill: KnownBill) -> None:
        """Add a bill whose due day has passed."""
        self._shares_on.clear()
        self._weekdays_on.clear()
        weight = self._factor(bill.due_on)
        for key in (None, ("vendor", bill.vendor), ("site", bill.site), bill.account_id):
            self._all[key] += weight
            self._late[key] += weight * bill.late
        until = bill.settled_on or date.max
        self._behind_until[bill.account_id] = max(until, self._behind_until.get(bill.account_id, until))
        if bill.settled_on is None:
            return
        for account in (None, bill.account_id):
            self._weekdays[account][bill.settled_on.weekday()] += weight
            if not bill.late:
                self._days[account][min(EARLIEST, (bill.due_on - bill.settled_on).days)] += weight

    def beside(self, bills: Iterable[KnownBill]) -> "Habits":
        """With bills of other sites, which tell of their sites and accounts alone; these here stay as they are."""
        other, found = Habits(self._origin), Habits(self._origin)
        for bill in bills:
            other.learn(bill)
        for name in ("_late", "_all", "_days", "_weekdays", "_behind_until"):
            own = {key: value for key, value in getattr(other, name).items() if key is not None and _of_one(key)}
            getattr(found, name).update(getattr(self, name) | own)
        return found

    def chance(self, bill: KnownBill, day: date) -> float:
        """The chance that such a bill is late, before anything is known of itself."""
        scale = self._factor(day)
        late, weight = _USUAL
        usual = (self._late[None] / scale + late) / (self._all[None] / scale + weight)
        odds = log_odds(usual)
        for group in (("vendor", bill.vendor), ("site", bill.site)):
            odds += log_odds(self._share(group, usual, _AGAINST_GROUP, scale)) - log_odds(usual)
        return self._share(bill.account_id, chance_of(odds), _AGAINST_ACCOUNT, scale)

    def in_time(self, bill: KnownBill, day: date) -> tuple[float, Shares]:
        """Were it paid in time: the chance that it is still open at the end of `day`, and of each day after, to the due day, to be it."""
        due_in = (bill.due_on - day).days
        weekday = (bill.due_on.weekday() - np.arange(EARLIEST, -1, -1)) % _WEEK
        chances = self._shares(bill.account_id, day) * self.weekdays(bill.account_id, day)[weekday]
        ahead = chances[max(0, EARLIEST + 1 - due_in) :] / chances.sum()
        return float(ahead.sum()), np.append(np.zeros(due_in - len(ahead)), ahead)

    def weekdays(self, account_id: int, day: date) -> Shares:
        """How much likelier a payment is on each weekday than on any day, Monday first; 1 where nothing is known."""
        if (account_id, day) not in self._weekdays_on:
            scale = self._factor(day)
            of_all, own = np.array(self._weekdays[None]), np.array(self._weekdays[account_id])
            usual = (of_all / scale + 1) / (of_all.sum() / scale + _WEEK)
            whole = own.sum() / scale + _AGAINST_WEEKDAYS
            self._weekdays_on[account_id, day] = _WEEK * (own / scale + _AGAINST_WEEKDAYS * usual) / whole
        return self._weekdays_on[account_id, day]

    def behind(self, account_id: int, day: date) -> bool:
        """Was a bill that was learned, so past due, still open at the end of `day`?"""
        return self._behind_until.get(account_id, date.min) > day

    def _shares(self, account_id: int, day: date) -> Shares:
        """By days before the due day, the earliest first: the share of the account's punctual bills that were paid then."""
        if (account_id, day) not in self._shares_on:
            own = _by_day(self._days.get(account_id, {})) / self._factor(day)
            pooled = (own + _AGAINST_DAYS * self._usually(day)) / (own.sum() + _AGAINST_DAYS)
            self._shares_on[account_id, day] = pooled
        return self._shares_on[account_id, day]

    def _usually(self, day: date) -> Shares:
        """The same of all accounts."""
        if (None, day) not in self._shares_on:
            every = _by_day(self._days[None]) / self._factor(day)
            early = np.where(np.arange(EARLIEST, -1, -1) < _USUAL_DAYS, 1 / _USUAL_DAYS, 0.0)
            self._shares_on[None, day] = (every + early) / (every.sum() + 1)
        return self._shares_on[None, day]

    def _share(self, key: Hashable, usual: float, least: float, scale: float) -> float:
        return (self._late[key] / scale + least * usual) / (self._all[key] / scale + least)

    def _factor(self, day: date) -> float:
        return 2.0 ** ((day - self._origin).days / HALF_LIFE)


def _of_one(key: Hashable) -> bool:
    """Is it an account or a site?"""
    return not isinstance(key, tuple) or key[0] == "site"


def _by_day(weights: Mapping[int, float]) -> Shares:
    """By days before the due day, the earliest first."""
    return np.array([weights.get(before, 0.0) for before in range(EARLIEST, -1, -1)])
