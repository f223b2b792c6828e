"""When a vendor suspends: the window of each bill by policy or by notice, and of the account."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

from domain.notices import Notice, newest
from domain.periods import shifted
from domain.policies import Policy, SuspensionDays
from domain.risk_facts import AccountFacts, RiskBill
from domain.working_days import add_working_days, working_day_from

_KEPT = 16_384  # windows: thousands of bills of few policies count from few days
SLACK = 2  # working days that a vendor may be late in acting, on its own notice or on the last day of its terms


@dataclass(frozen=True, slots=True)
class Window:
    """The first day on which service may stop, the likely one, and the last."""

    earliest: date
    likely: date
    latest: date


def soonest(windows: Iterable[Window]) -> Window | None:
    """The window of several causes together: whichever comes first."""
    known = list(windows)
    if not known:
        return None
    return Window(min(w.earliest for w in known), min(w.likely for w in known), min(w.latest for w in known))


def latest_of(one: Window, other: Window) -> Window:
    """The window of two causes that must both come."""
    return Window(max(one.earliest, other.earliest), max(one.likely, other.likely), max(one.latest, other.latest))


def window_by_policy(account: AccountFacts, bill: RiskBill) -> Window | None:
    """When the vendor's policy has it suspend for this bill, if nothing is paid; None where it does not, or none is known.

    The last day is late by as much as the notice of it could be.
    """
    policy = account.policy
    if policy is None:
        return None
    counted = policy.counted_day(policy.counted_from, bill.issued_on, bill.due_on, account.country)
    days = policy.days_for(account.opened_on, counted)
    return None if days is None else window_from(policy, days, counted, account.calendar)


def window_from(policy: Policy, days: SuspensionDays, counted: date, calendar: str) -> Window:
    """The window of a bill whose days count from `counted`."""
    return _window((days.earliest, days.likely, days.latest), counted, calendar, working=policy.acts_on_working_days)


@lru_cache(maxsize=_KEPT)
def _window(days: tuple[int, int, int], counted: date, calendar: str, *, working: bool) -> Window:
    steps = [shifted(counted, n) for n in days]
    if working:
        steps = [working_day_from(day, calendar) for day in steps]
    earliest, likely, latest = steps
    return Window(earliest, likely, add_working_days(latest, SLACK, calendar))


def window_by_notice(notice: Notice, calendar: str) -> Window | None:
    """When the notice has the vendor act; None for a late notice, which names no day."""
    if notice.acts_on is None:
        return None
    likely = working_day_from(notice.acts_on, calendar)
    return Window(notice.acts_on, likely, add_working_days(likely, SLACK, calendar))


def stands(account: AccountFacts, notice: Notice) -> bool:
    """Is something that the notice is about still owed, and what it asks not yet paid?"""
    return notice.asks(sum(bill.owed for bill in account.bills if notice.covers(bill.id, bill.due_on))) > 0


@dataclass(slots=True)
class Cause:
    """What would make the vendor suspend: one notice with the bills that it covers, or one bill by policy alone.

    windows: by bill; of a bill whose notice was met, the later of notice and policy.
    """

    notice: Notice | None
    stands: bool = False
    bills: list[RiskBill] = field(default_factory=list)
    windows: dict[int, Window] = field(default_factory=dict)
    by_policy: dict[int, Window] = field(default_factory=dict)

    def due_by(self, day: date) -> list[RiskBill]:
        """Bills that may stop the service on or before `day`."""
        return [bill for bill in self.bills if bill.id in self.windows and self.windows[bill.id].earliest <= day]

    def asks(self, day: date) -> int:
        """The least that must be paid so that this cause stops nothing up to `day`: what the notice still asks, and no less
        than what the policy alone would stop for.
        """
        due = self.due_by(day)
        if self.notice is None or not self.stands:
            return sum(bill.owed for bill in due)
        own = sum(b.owed for b in due if b.id in self.by_policy and self.by_policy[b.id].earliest <= day)
        return max(self.notice.asks(sum(bill.owed for bill in due)), own)


def causes_of(account: AccountFacts, as_of: date) -> list[Cause]:
    """Every undisputed bill in exactly one cause. A notice of suspension takes its bills out of the policy's hands."""
    announced = [n for n in newest(account.notices, as_of) if n.acts_on is not None]
    by_notice = {notice.id: Cause(notice, stands(account, notice)) for notice in announced}
    alone = []
    for bill in account.bills:
        if not bill.owed:
            continue
        covering = [by_notice[n.id] for n in announced if n.covers(bill.id, bill.due_on)]
        if covering:
            cause = _ruling(covering)
        else:
            alone.append(cause := Cause(None))
        cause.bills.append(bill)
        if (window := window_by_policy(account, bill)) is not None:
            cause.by_policy[bill.id] = window
    causes = [cause for cause in (*by_notice.values(), *alone) if cause.bills]
    for cause in causes:
        cause.windows = _windows(account, cause)
    return causes


def _ruling(covering: list[Cause]) -> Cause:
    """Of several notices about a bill: of those that stand the first to act, else the last one that was met."""
    standing = [cause for cause in covering if cause.stands]
    return min(standing, key=_acts) if standing else max(covering, key=_acts)


def _acts(cause: Cause) -> tuple[date, int]:
    notice = cause.notice
    return (notice.acts_on, notice.id) if notice and notice.acts_on else (date.max, 0)


def _windows(account: AccountFacts, cause: Cause) -> dict[int, Window]:
    announced = window_by_notice(cause.notice, account.calendar) if cause.notice else None
    if announced is None:
        return cause.by_policy
    if cause.stands:
        return {bill.id: announced for bill in cause.bills}
    return {bill_id: latest_of(window, announced) for bill_id, window in cause.by_policy.items()}
