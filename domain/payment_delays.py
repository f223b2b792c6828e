"""How long after its due day a late bill is paid: the chance of each further day, given that it is open until then.

Bills that are still open count for as long as they have been open and no longer, so that those who have stopped paying
are not taken for quick payers. An account leans on its site, a site on all.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable
from datetime import date

import numpy as np

from domain.payment_habits import KnownBill, Shares

ENOUGH = 5  # bills that were open for as long; with fewer nothing is said about the day
_AGAINST_SITE, _AGAINST_ACCOUNT = 8.0, 4.0


class Delays:
    """Learned from the late bills among `bills`, which are all past due, as known on `day`."""

    def __init__(self, bills: Iterable[KnownBill], day: date) -> None:
        self._open_for: dict[Hashable, list[int]] = defaultdict(list)
        self._paid_after: dict[Hashable, list[int]] = defaultdict(list)
        for bill in bills:
            if bill.late:
                days = ((bill.settled_on or day) - bill.due_on).days
                for key in (None, bill.site, bill.account_id):
                    self._open_for[key].append(days)
                    if bill.settled_on is not None:
                        self._paid_after[key].append(days)
        every = sorted(self._open_for[None])
        self._most = every[-ENOUGH] if len(every) >= ENOUGH else 0  # days; after more too few were open to say
        self._usually = self._paid(None, self._most) / np.maximum(1, self._open(None, self._most))
        self._known: dict[tuple[str, int | None], Shares] = {}  # what was asked for

    def beside(self, bills: Iterable[KnownBill], day: date) -> "Delays":
        """With bills of other sites, which tell of their sites and accounts alone."""
        found = Delays(bills, day)
        found._most, found._usually = self._most, self._usually
        for name in ("_open_for", "_paid_after"):
            getattr(found, name).update(getattr(self, name))
        return found

    def ahead(self, bill: KnownBill, day: date, weekdays: Shares) -> Shares:
        """The chance of each day after the later of `day` and the due day to be the one, until too few were open as long.

        `weekdays` as Habits.weekdays has them.
        """
        late = max(0, (day - bill.due_on).days)
        usual = self._each_day(bill.site, bill.account_id)[late:]
        weekday = (bill.due_on.weekday() + 1 + late + np.arange(len(usual))) % 7
        chances = np.minimum(1.0, usual * weekdays[weekday])
        return chances * np.append(1.0, np.cumprod(1 - chances)[:-1])[: len(chances)]

    def _each_day(self, site: str, account_id: int | None) -> Shares:
        """By days after the due day, from 1 on: the chance that a bill which was open until then is paid."""
        if (site, account_id) not in self._known:
            if account_id is None:
                pooled = self._pooled(site, self._usually, _AGAINST_SITE)
            else:
                pooled = self._pooled(account_id, self._each_day(site, None), _AGAINST_ACCOUNT)
            self._known[site, account_id] = pooled
        return self._known[site, account_id]

    def _pooled(self, key: Hashable, usual: Shares, against: float) -> Shares:
        if key not in self._open_for:
            return usual
        return (self._paid(key, len(usual)) + against * usual) / (self._open(key, len(usual)) + against)

    def _open(self, key: Hashable, most: int) -> Shares:
        """Bills that were open for so long, from 1 day to `most`."""
        days = np.sort(np.array(self._open_for.get(key, ()), np.int64))
        return (len(days) - np.searchsorted(days, np.arange(1, most + 1))).astype(np.float64)

    def _paid(self, key: Hashable, most: int) -> Shares:
        """Bills that were paid after so many days."""
        days = np.array(self._paid_after.get(key, ()), np.int64)
        return np.bincount(days[days <= most], minlength=most + 1)[1:].astype(np.float64)
