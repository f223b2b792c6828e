"""The late-payment outlook: for a bill open on a day, the chance that it is paid late, and the day to expect.

Made from what is known on that day alone. The chance starts from how late the account, its site and its vendor pay
(payment_habits); a bill that is still open although bills paid in time are mostly paid by now is likelier late; and what
was said in the same way on earlier days is set against what came of it (calibration). A bill that is open at the end of
its due day is late. The day to expect is the first by which it is as likely paid as not; None where too few bills were
ever open for as long to say.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from operator import attrgetter

import numpy as np

from domain.calibration import Calibration, Saying, calibrate
from domain.outlook_reasons import Record
from domain.payment_delays import ENOUGH, Delays
from domain.payment_habits import Habits, KnownBill, Shares
from domain.periods import shifted

LOOK_BACK_MONTHS = 24
_EVERY, _TIMES = 30, 12  # days between the earlier days on which the same would have been said, and how many of them
_AT_LEAST = 60  # bills learned before anything said is set against what came of it
_ENOUGH = 5_000  # bills known; of more only every second, third .. is set against what came of it: that is plenty
_DECIMALS = 4


@dataclass(frozen=True, slots=True)
class Outlook:
    """Of one open bill: the chance to be late (1.0 once it is), the day to expect its payment, and the facts."""

    bill_id: int
    late_probability: float
    expected_paid_on: date | None
    reasons: tuple[str, ...]


def foresee(bills: Iterable[KnownBill], day: date, asked: Collection[int] | None = None) -> dict[int, Outlook]:
    """The outlook of every bill open on `day`, or of those whose id is `asked`; by id.

    `bills` is all that may be learned from. What happened after `day` is not looked at.
    """
    learned = learn(bills, day)
    return {
        bill.id: learned.outlook(bill)
        for bill in learned.bills
        if bill.settled_on is None and (asked is None or bill.id in asked)
    }


def learn(bills: Iterable[KnownBill], day: date) -> "Learned":
    """What `bills` say on `day` about those to be paid after it. What happened after `day` is not looked at."""
    known = sorted(
        (as_known(bill, day) for bill in bills if bill.issued_on <= day), key=attrgetter("due_on", "issued_on", "id")
    )
    past = [bill for bill in known if bill.due_on < day]
    return Learned(day, known, *_learn(known, day), Delays(past, day), Record(past, day))


def as_known(bill: KnownBill, day: date) -> KnownBill:
    """The bill without what happened after `day`."""
    return replace(bill, settled_on=None) if bill.settled_on and bill.settled_on > day else bill


def _learn(known: list[KnownBill], day: date) -> tuple[Habits, Calibration]:
    """Learn all bills past due, and on the way say of the bills open on earlier days what would have been said then."""
    habits, learned = Habits(day), 0
    every = 1 + len(known) // _ENOUGH
    said: list[tuple[Saying, bool]] = []
    for back in range(_TIMES, -1, -1):
        earlier = shifted(day, -_EVERY * back)
        while learned < len(known) and known[learned].due_on < earlier:
            habits.learn(known[learned])
            learned += 1
        if earlier == day or learned < _AT_LEAST:
            continue
        said += [
            (_say(bill, earlier, habits), bill.late)
            for bill in known[learned::every]
            if earlier < bill.due_on < day and bill.was_open(earlier)
        ]
    return habits, calibrate(said)


def _say(bill: KnownBill, day: date, habits: Habits) -> Saying:
    """The chance that a bill not yet due is late, given that it is open at the end of `day`; not yet calibrated."""
    chance = habits.chance(bill, day)
    still_open, _ = habits.in_time(bill, day)
    return Saying(chance / (chance + (1 - chance) * still_open), habits.behind(bill.account_id, day))


@dataclass(frozen=True, slots=True)
class Learned:
    """All that is known on a day; bills: those issued by then, those of a site by due day."""

    day: date
    bills: Sequence[KnownBill]
    habits: Habits
    calibration: Calibration
    delays: Delays
    record: Record

    def beside(self, bills: Iterable[KnownBill]) -> "Learned":
        """With bills of other sites, which tell of their sites and accounts alone. Each asker's own: what it has looked up, it keeps."""
        known = sorted(
            (as_known(bill, self.day) for bill in bills if bill.issued_on <= self.day),
            key=attrgetter("due_on", "issued_on", "id"),
        )
        past = [bill for bill in known if bill.due_on < self.day]
        return Learned(
            self.day,
            [*self.bills, *known],
            self.habits.beside(past),
            self.calibration,
            self.delays.beside(past, self.day),
            self.record.beside(past),
        )

    def outlook(self, bill: KnownBill) -> Outlook:
        """Of a bill open on the day."""
        late, still_open, chances = self._days(bill)
        behind = bill.due_on >= self.day and self.habits.behind(bill.account_id, self.day)
        return Outlook(
            bill.id,
            round(late, _DECIMALS),
            _median(self.day, chances) if self.record.paid >= ENOUGH else None,
            self.record.reasons(bill, still_open, behind),
        )

    def paying_days(self, bill: KnownBill) -> Shares:
        """The chance of each day to be the one on which it is paid, of a bill open on the day or not issued yet.

        From the day after the later of `day` and its issue on; together less than 1 where too few bills were ever open for as
        long to say more.
        """
        return self._days(bill)[2]

    def _days(self, bill: KnownBill) -> tuple[float, float, Shares]:
        """The chance to be late, and to be open on the day were it paid in time; the chance of each day to come."""
        day = max(self.day, bill.issued_on)
        late, still_open, in_time = 1.0, 0.0, np.zeros(0)
        if bill.due_on > day:
            still_open, in_time = self.habits.in_time(bill, day)
            # A bill that has not come is open for another reason than that it is paid late.
            comes = Saying(self.habits.chance(bill, day), self.habits.behind(bill.account_id, day))
            late = self.calibration.corrected(comes if day > self.day else _say(bill, day, self.habits))
            in_time = (1 - late) / still_open * in_time
        too_late = self.delays.ahead(bill, day, self.habits.weekdays(bill.account_id, day))
        return late, still_open, np.append(in_time, late * too_late)


def _median(day: date, chances: Shares) -> date | None:
    """The first day after `day` by which it is as likely paid as not."""
    paid = np.flatnonzero(np.cumsum(chances) >= 0.5)  # noqa: PLR2004
    return shifted(day, int(paid[0]) + 1) if len(paid) else None
