"""When a vendor suspends: the window of each bill by policy or by notice, and of the account."""

from collections.abc import Iterable, Mapping
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


def window_by_policy(account: AccountFacts, bill: RiskBill, put_off: int = 0) -> Window | None:
    """When the vendor's policy has it suspend for this bill, if nothing is paid; None where it does not, or none is known.

    put_off: days that a part payment won. The last day is late by as much as the notice of it could be.
    """
    policy = account.policy
    if policy is None:
        return None
    counted = policy.counted_day(policy.counted_from, bill.issued_on, bill.due_on, account.country)
    days = policy.days_for(account.opened_on, counted)
    return (
        None
        if days is None
        else window_from(policy, days, shifted(counted, put_off) if put_off else counted, account.calendar)
    )


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


def window_by_notice(notice: Notice, calendar: str, put_off: int = 0) -> Window | None:
    """When the notice has the vendor act, `put_off` days later by a part payment; None for a late notice: it names no day."""
    if notice.acts_on is None:
        return None
    acts_on = shifted(notice.acts_on, put_off)
    likely = working_day_from(acts_on, calendar)
    return Window(acts_on, likely, add_working_days(likely, SLACK, calendar))


def stands(account: AccountFacts, notice: Notice) -> bool:
    """Is something that the notice is about still owed, and what it asks not yet paid?"""
    return notice.asks(sum(bill.owed for bill in account.bills if notice.covers(bill.id, bill.due_on))) > 0


@dataclass(slots=True)
class Cause:
    """What would make the vendor suspend: one notice with the bills that it covers, or one bill by policy alone.

    windows: by bill; of a bill whose notice was met, the later of notice and policy. by_policy: as if there were no notice.
    missing: of a bill whose part is not paid, what is missing to it; put_off, put_off_by_policy: its windows from then on.
    """

    notice: Notice | None
    stands: bool = False
    bills: list[RiskBill] = field(default_factory=list)
    windows: dict[int, Window] = field(default_factory=dict)
    by_policy: dict[int, Window] = field(default_factory=dict)
    missing: dict[int, int] = field(default_factory=dict)
    put_off: dict[int, Window] = field(default_factory=dict)
    put_off_by_policy: dict[int, Window] = field(default_factory=dict)

    def due_by(self, day: date) -> list[RiskBill]:
        """Bills that may stop the service on or before `day`."""
        return [bill for bill in self.bills if bill.id in self.windows and self.windows[bill.id].earliest <= day]

    def least(self, day: date) -> dict[int, int]:
        """By bill that is due by `day`, the least that must be paid so that this cause stops nothing up to then.

        What the notice still asks, and no less than what the policy alone would stop for; or the parts that put it off, where
        they come to less. What a notice asks goes to the bills that the policy stops for first.
        """
        due = self.due_by(day)
        parts = {bill.id: self._least(bill, self.put_off, day) for bill in due}
        if self.notice is None or not self.stands:
            return parts
        own = {b.id: self._least(b, self.put_off_by_policy, day) if self._own(b) <= day else 0 for b in due}
        asked = self.notice.asks(sum(bill.owed for bill in due)) - sum(own.values())
        for bill in sorted(due, key=lambda b: (self._own(b), b.due_on, b.issued_on, b.id)):
            more = max(0, min(asked, bill.owed - own[bill.id]))
            own[bill.id] += more
            asked -= more
        return parts if sum(parts.values()) < sum(own.values()) else own

    def asks(self, day: date) -> int:
        """The least that must be paid so that this cause stops nothing up to `day`."""
        return sum(self.least(day).values())

    def _least(self, bill: RiskBill, put_off: Mapping[int, Window], day: date) -> int:
        later = put_off.get(bill.id)
        return self.missing[bill.id] if later is not None and later.earliest > day else bill.owed

    def _own(self, bill: RiskBill) -> date:
        window = self.by_policy.get(bill.id)
        return window.earliest if window else date.max


def causes_of(account: AccountFacts, as_of: date) -> list[Cause]:
    """Every undisputed bill in exactly one cause. A notice of suspension takes its bills out of the policy's hands."""
    announced = [n for n in newest(account.notices, as_of) if n.acts_on is not None] if account.notices else []
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
    causes = [cause for cause in (*by_notice.values(), *alone) if cause.bills]
    for cause in causes:
        _fill(account, cause)
    return causes


def _ruling(covering: list[Cause]) -> Cause:
    """Of several notices about a bill: of those that stand the first to act, else the last one that was met."""
    standing = [cause for cause in covering if cause.stands]
    return min(standing, key=_acts) if standing else max(covering, key=_acts)


def _acts(cause: Cause) -> tuple[date, int]:
    notice = cause.notice
    return (notice.acts_on, notice.id) if notice and notice.acts_on else (date.max, 0)


def _fill(account: AccountFacts, cause: Cause) -> None:
    off = cause.stands and cause.notice is not None and cause.notice.happened
    part = None if off or account.policy is None else account.policy.part  # a part puts off a stop, it undoes none
    for bill in cause.bills:
        missing = bill.asks(part) if part else 0
        own, window = _windows(account, cause, bill, part.days if part and not missing else 0)
        if own is not None:
            cause.by_policy[bill.id] = own
        if window is not None:
            cause.windows[bill.id] = window
        if part and missing:
            own, window = _windows(account, cause, bill, part.days)
            if own is not None and window is not None:
                cause.missing[bill.id] = missing
                cause.put_off_by_policy[bill.id], cause.put_off[bill.id] = own, window


def _windows(account: AccountFacts, cause: Cause, bill: RiskBill, put_off: int) -> tuple[Window | None, Window | None]:
    """(by policy alone, under the notice)."""
    own = window_by_policy(account, bill, put_off)
    announced = window_by_notice(cause.notice, account.calendar, put_off) if cause.notice else None
    if announced is None or cause.stands:
        return own, announced or own
    return own, own and latest_of(own, announced)
