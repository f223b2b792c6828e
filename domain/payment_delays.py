"""How long after its due day a late bill is paid: the chance of each further day, given that it is open until then.

Bills that are still open count for as long as they have been open and no longer, so that those who have stopped paying
are not taken for quick payers. An account leans on its site, a site on all.
"""

from bisect import bisect_left, insort
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Iterator, Sequence
from datetime import date

from domain.payment_habits import KnownBill
from domain.periods import shifted

ENOUGH = 5  # bills that were open for as long; with fewer nothing is said about the day
_AGAINST_SITE, _AGAINST_ACCOUNT = 8.0, 4.0


class Delays:
    """Learned from the late bills among `bills`, which are all past due, as known on `day`."""

    def __init__(self, bills: Iterable[KnownBill], day: date) -> None:
        self._open_for: dict[Hashable, list[int]] = defaultdict(list)
        self._paid_after: dict[Hashable, Counter[int]] = defaultdict(Counter)
        self._at_site: dict[tuple[str, int], float | None] = {}  # what was asked for
        for bill in bills:
            if bill.late:
                days = ((bill.settled_on or day) - bill.due_on).days
                for key in (None, bill.site, bill.account_id):
                    insort(self._open_for[key], days)
                    if bill.settled_on is not None:
                        self._paid_after[key][days] += 1

    def ahead(self, bill: KnownBill, day: date, weekdays: Sequence[float]) -> Iterator[tuple[date, float]]:
        """(day, chance that it is paid then) from the later of `day` and the due day on, until too few were open as long.

        `weekdays` as Habits.weekdays has them.
        """
        still = 1.0
        late = max(0, (day - bill.due_on).days) + 1
        while (usual := self._usual(bill.site, late)) is not None:
            chance = self._pooled(bill.account_id, late, usual, _AGAINST_ACCOUNT)
            paid_on = shifted(bill.due_on, late)
            paid = still * min(1.0, chance * weekdays[paid_on.weekday()])
            yield paid_on, paid
            still -= paid
            late += 1

    def _usual(self, site: str, late: int) -> float | None:
        """The chance at a site that a bill which was open until then is paid after `late` days; None: too few were."""
        if (site, late) not in self._at_site:
            every = self._open(None, late)
            of_all = self._paid(None, late) / every if every >= ENOUGH else None
            pooled = None if of_all is None else self._pooled(site, late, of_all, _AGAINST_SITE)
            self._at_site[site, late] = pooled
        return self._at_site[site, late]

    def _pooled(self, key: Hashable, late: int, usual: float, against: float) -> float:
        if key not in self._open_for:
            return usual
        return (self._paid(key, late) + against * usual) / (self._open(key, late) + against)

    def _open(self, key: Hashable, late: int) -> int:
        days = self._open_for.get(key, [])
        return len(days) - bisect_left(days, late)

    def _paid(self, key: Hashable, late: int) -> int:
        return self._paid_after[key][late] if key in self._paid_after else 0
