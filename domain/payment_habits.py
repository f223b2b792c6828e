"""How an account pays: its chance to be late, and when in time it pays; pooled with its site, its vendor and all.

Few bills of its own lean on the site's and the vendor's, many stand for themselves; a bill of eight months ago counts
half. Bills are learned in the order of their due days, so that what was learned by a day can be asked about that day.
"""

from collections import defaultdict
from collections.abc import Hashable
from dataclasses import dataclass
from datetime import date

from domain.calibration import chance_of, log_odds
from domain.periods import shifted

HALF_LIFE = 240  # days
EARLIEST = 45  # days before the due day; what was paid earlier counts as paid then
_USUAL_DAYS = 14  # before anything is known, any of the last fourteen days is as good
_USUAL = (1.0, 4.0)  # before anything is known, one bill in four is late
# Weights that what is pooled has beside the own bills: so many own bills count as much.
_AGAINST_GROUP, _AGAINST_ACCOUNT, _AGAINST_DAYS, _AGAINST_WEEKDAYS = 10.0, 8.0, 3.0, 4.0
_WEEK = 7


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
        self._usual_shares: dict[date, list[float]] = {}  # what was asked for since the last bill was learned

    def learn(self, bill: KnownBill) -> None:
        """Add a bill whose due day has passed."""
        self._usual_shares.clear()
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

    def chance(self, bill: KnownBill, day: date) -> float:
        """The chance that such a bill is late, before anything is known of itself."""
        scale = self._factor(day)
        late, weight = _USUAL
        usual = (self._late[None] / scale + late) / (self._all[None] / scale + weight)
        odds = log_odds(usual)
        for group in (("vendor", bill.vendor), ("site", bill.site)):
            odds += log_odds(self._share(group, usual, _AGAINST_GROUP, scale)) - log_odds(usual)
        return self._share(bill.account_id, chance_of(odds), _AGAINST_ACCOUNT, scale)

    def in_time(self, bill: KnownBill, day: date) -> tuple[float, list[tuple[date, float]]]:
        """Were it paid in time: the chance that it is still open at the end of `day`, and of each day after to be it."""
        weekdays = self.weekdays(bill.account_id, day)
        chances = []
        for before, share in self._shares(bill.account_id, day):
            paid = shifted(bill.due_on, -before)
            chances.append((paid, share * weekdays[paid.weekday()]))
        whole = sum(chance for _, chance in chances)
        ahead = [(paid, chance / whole) for paid, chance in chances if paid > day]
        return sum(chance for _, chance in ahead), ahead

    def weekdays(self, account_id: int, day: date) -> list[float]:
        """How much likelier a payment is on each weekday than on any day, Monday first; 1 where nothing is known."""
        scale = self._factor(day)
        of_all, own = self._weekdays[None], self._weekdays[account_id]
        usual = [(weight / scale + 1) / (sum(of_all) / scale + _WEEK) for weight in of_all]
        whole = sum(own) / scale + _AGAINST_WEEKDAYS
        return [
            _WEEK * (weight / scale + _AGAINST_WEEKDAYS * share) / whole
            for weight, share in zip(own, usual, strict=True)
        ]

    def behind(self, account_id: int, day: date) -> bool:
        """Was a bill that was learned, so past due, still open at the end of `day`?"""
        return self._behind_until.get(account_id, date.min) > day

    def _shares(self, account_id: int, day: date) -> list[tuple[int, float]]:
        """By days before the due day: the share of the account's punctual bills that were paid then."""
        scale, own = self._factor(day), self._days.get(account_id, {})
        mine = sum(own.values()) / scale
        return [
            (before, (own.get(before, 0.0) / scale + _AGAINST_DAYS * usual) / (mine + _AGAINST_DAYS))
            for before, usual in zip(range(EARLIEST, -1, -1), self._usually(day), strict=True)
        ]

    def _usually(self, day: date) -> list[float]:
        """The same of all accounts, the earliest first."""
        if day not in self._usual_shares:
            scale, of_all = self._factor(day), self._days[None]
            every = sum(of_all.values()) / scale
            self._usual_shares[day] = [
                (of_all.get(before, 0.0) / scale + (1 / _USUAL_DAYS if before < _USUAL_DAYS else 0.0)) / (every + 1)
                for before in range(EARLIEST, -1, -1)
            ]
        return self._usual_shares[day]

    def _share(self, key: Hashable, usual: float, least: float, scale: float) -> float:
        return (self._late[key] / scale + least * usual) / (self._all[key] / scale + least)

    def _factor(self, day: date) -> float:
        return 2.0 ** ((day - self._origin).days / HALF_LIFE)
