"""A vendor that acts on its terms, and not like clockwork: it announces, and switches off what stays unpaid.

How far it strays is in NOISE, in words that are printed with the figures of the back-test.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import partial

from domain.notices import NoticeKind
from domain.policies import Policy, SuspensionDays, in_force
from domain.working_days import add_working_days, working_day_from, working_day_until
from seed.history import History
from seed.part_payments import put_off
from seed.records import Bill, Notice

# Chances in a hundred, for each bill that a vendor acts on, and days.
ANYWHERE, SLIPS, FORGETS, NOTICE_LOST = 10, 1, 1, 8
SLIPS_BY = (1, 5)
LATE, HOW_OFTEN = (0, 1, 2), (16, 3, 1)  # working days after the day that was announced
NOISE = (
    f"vendors act on the likely day give or take one, {ANYWHERE}% anywhere in their window, {SLIPS}% up to {SLIPS_BY[1]} "
    f"days after it, {FORGETS}% let a bill go by; then 15% one and 5% two working days later than they announced; "
    f"{NOTICE_LOST}% of announcements are not recorded"
)


@dataclass
class Watched:
    """An account as its vendor sees it. `when_off` plans what the site does once it is off; `suspended`: when it was."""

    when_off: Callable[[History, date], None]
    suspended: list[date] = field(default_factory=list)
    acts_on: date | None = None  # announced, and not over yet
    off: bool = False

    def restored(self) -> None:
        """Everything is paid."""
        self.off, self.acts_on = False, None


def _policy(history: History, day: date) -> Policy | None:
    account = history.account
    return in_force(history.terms, account.service_type, account.currency, day)


def _owed(history: History, before: date) -> list[Bill]:
    return [bill for bill in history.bills if bill.open > bill.withheld and bill.falls_due_on < before]


def days_of(history: History, bill: Bill) -> SuspensionDays | None:
    """The days of the terms that rule a bill; None where the vendor does not suspend for it."""
    policy = _policy(history, bill.issued_on)
    return policy.days_for(history.account.opened_on, _counted(history, bill, policy)) if policy else None


def _counted(history: History, bill: Bill, policy: Policy) -> date:
    country = history.account.site.country
    return policy.counted_day(policy.counted_from, bill.issued_on, bill.falls_due_on, country)


def watch(history: History, bill: Bill, watched: Watched) -> None:
    """Plan what the vendor does about a bill as long as it is not paid."""
    policy, days, dice, country = (
        _policy(history, bill.issued_on), days_of(history, bill), history.dice, history.account.site.country,
    )  # fmt: skip
    if policy is None or days is None or dice.randrange(100) < FORGETS:
        return
    acts_on = _counted(history, bill, policy) + timedelta(days=_drawn(history, days))
    if policy.acts_on_working_days:
        acts_on = working_day_from(acts_on, country)
    warned = working_day_until(acts_on - timedelta(days=policy.notice_days), country)
    first = working_day_from(bill.falls_due_on + timedelta(days=1), country)
    history.at(max(warned, first), _announce, bill, acts_on, watched)


def _drawn(history: History, days: SuspensionDays) -> int:
    dice = history.dice
    chance = dice.randrange(100)
    if chance < SLIPS:
        return days.latest + dice.randrange(SLIPS_BY[0], SLIPS_BY[1] + 1)
    if chance < SLIPS + ANYWHERE:
        return dice.randrange(days.earliest, days.latest + 1)
    return min(days.latest, max(days.earliest, days.likely + dice.choice((-1, 0, 0, 1))))


def _announce(history: History, day: date, bill: Bill, acts_on: date, watched: Watched) -> None:
    """One announcement for all that is past due; another one only once that day has passed."""
    if bill.open <= bill.withheld or watched.off or (watched.acts_on is not None and day <= watched.acts_on):
        return
    watched.acts_on = acts_on
    dice, country = history.dice, history.account.site.country
    if dice.randrange(100) >= NOTICE_LOST:
        _write_down(history, day, acts_on)
    late = dice.choices(LATE, HOW_OFTEN)[0]
    history.at(add_working_days(acts_on, late, country) if late else acts_on, _switch_off, day, watched)


def _write_down(history: History, day: date, acts_on: date, note: str = "") -> None:
    amount = sum(bill.open - bill.withheld for bill in _owed(history, day))
    number = f"N-{history.dice.randrange(100_000, 999_999)}"
    history.books.notices.append(
        Notice(history.account, NoticeKind.SUSPENSION, day, acts_on, amount, number, "letter", note)
    )


def _switch_off(history: History, day: date, announced: date, watched: Watched, *, waited: bool = False) -> None:
    owed = _owed(history, announced)
    if watched.off or not owed:
        return
    later = None if waited else put_off(_policy(history, day), owed, day, history.account.site.country)
    if later is not None:
        history.at(later, partial(_switch_off, waited=True), announced, watched)
        return
    watched.off = True
    watched.suspended.append(day)
    _write_down(history, day, day, "Service was suspended")
    watched.when_off(history, day)
