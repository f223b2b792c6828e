"""The risk of one account on a day: how far it has come, when the service stops, and what keeps it on.

Firm numbers count only money that has arrived; the provisional outlook counts pending payments, money on account and
promises too. Disputed amounts never stop a service here. Every number has its reasons (see risk_reasons).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import IntEnum

from domain.late_fees import NO_FEE, FeeItem, LateFee, late_fee
from domain.notices import Notice, newest
from domain.periods import shifted
from domain.policies import USUAL_POSTING
from domain.risk_facts import AccountFacts, RiskService, with_money_under_way
from domain.suspension import Cause, Window, causes_of, soonest, stands
from domain.working_days import add_working_days, working_day_until

NEAR_DAYS = 7


class Stage(IntEnum):
    """How far it has come; a higher one is worse."""

    CURRENT = 0
    LATE = 1
    NOTICE = 2
    NEAR = 3  # the first day on which service may stop is at most NEAR_DAYS away
    SUSPENDED = 4  # a notice says so, or the last day of the window has gone by unpaid

    @property
    def word(self) -> str:
        """For people and JSON."""
        return ("current", "late", "notice", "suspension near", "suspended")[self]


@dataclass(frozen=True, slots=True)
class Outlook:
    """Stage, window and what keeps it on: the least undisputed amount without which service stops within the window.

    days_left: to the likely day, never below 0; None without a window. restoral: what comes on top once suspended.
    """

    stage: Stage
    window: Window | None
    days_left: int | None
    keep_on: int
    past_due: int
    restoral: int = 0


@dataclass(frozen=True, slots=True)
class Effect:
    """What stops: services, the highest criticality among them (0: none known), people at their sites."""

    services: int = 0
    criticality: int = 0
    headcount: int = 0

    @property
    def rank(self) -> tuple[int, int, int]:
        """Larger is worse."""
        return self.criticality, self.headcount, self.services


@dataclass(frozen=True, slots=True)
class Risk:
    """An account's outlook on a day. What orders and adds up accounts is kept, the rest is worked out when it is asked for.

    notices: those that stand.
    """

    account: AccountFacts
    as_of: date
    firm: Outlook
    effect: Effect
    notices: tuple[Notice, ...] = ()

    @property
    def causes(self) -> list[Cause]:
        """What would make the vendor suspend."""
        return causes_of(self.account, self.as_of)

    @property
    def provisional(self) -> Outlook:
        """The outlook once money under way has arrived."""
        return (
            _outlook(with_money_under_way(self.account, self.as_of), self.as_of)
            if self.account.money_under_way
            else self.firm
        )

    @property
    def disputed(self) -> int:
        """Withheld of what is open."""
        return sum(min(bill.disputed, bill.open_amount) for bill in self.account.bills)

    @property
    def fee(self) -> LateFee:
        """What the vendor charges for being late."""
        return _fee(self.account, self.as_of)

    @property
    def pay_by(self) -> tuple[tuple[str, date | None], ...]:
        """(method, the last safe day, None when it is too late)."""
        return _pay_by(self.account, self.firm, self.as_of)


def assess(account: AccountFacts, as_of: date) -> Risk:
    """The risk of `account` on `as_of`, from what is known on that day."""
    notices = standing_notices(account, as_of)
    return Risk(account, as_of, _outlook(account, as_of, notices), effect_of(account.services), tuple(notices))


def standing_notices(account: AccountFacts, as_of: date) -> list[Notice]:
    """The newest notices that are about something still owed and not met, the oldest first."""
    if not account.notices:
        return []
    standing = [notice for notice in newest(account.notices, as_of) if stands(account, notice)]
    return sorted(standing, key=lambda notice: (notice.dated, notice.id))


def effect_of(services: Sequence[RiskService]) -> Effect:
    """What stops with these services; a site's people count once."""
    people = {service.site: service.headcount or 0 for service in services}
    return Effect(len(services), max((s.criticality for s in services), default=0), sum(people.values()))


def _outlook(account: AccountFacts, as_of: date, notices: Sequence[Notice] | None = None) -> Outlook:
    """notices: those that stand, where they are known."""
    causes = causes_of(account, as_of)
    window = soonest(window for cause in causes for window in cause.windows.values())
    past_due = sum(bill.owed for bill in account.bills if bill.owed and account.due_day(bill) < as_of)
    notices = standing_notices(account, as_of) if notices is None else notices
    stage = _stage(as_of, window, late=past_due > 0, notices=notices)
    if window is None:
        return Outlook(stage, None, None, 0, past_due)
    keep_on = sum(cause.asks(window.latest) for cause in causes)
    restoral = 0
    if stage is Stage.SUSPENDED and account.policy is not None:
        terms = account.policy.restoral
        restoral = terms.fee + terms.months_in_advance * sum(s.monthly_charge or 0 for s in account.services)
        keep_on = max(keep_on, past_due) if terms.past_due_in_full else keep_on
    return Outlook(stage, window, max(0, (window.likely - as_of).days), keep_on, past_due, restoral)


def _stage(as_of: date, window: Window | None, *, late: bool, notices: Sequence[Notice]) -> Stage:
    if not late and not notices:
        return Stage.CURRENT
    if any(notice.happened for notice in notices) or (window and window.latest < as_of):
        return Stage.SUSPENDED
    if window and (window.earliest - as_of).days <= NEAR_DAYS:
        return Stage.NEAR
    return Stage.NOTICE if notices else Stage.LATE


def _fee(account: AccountFacts, as_of: date) -> LateFee:
    if account.policy is None:
        return NO_FEE
    items = [FeeItem(b.issued_on, b.due_on, b.open_amount, b.disputed, b.recurring) for b in account.bills]
    return late_fee(items, account.policy, as_of, account.country, on_account=account.on_account)


def _pay_by(account: AccountFacts, firm: Outlook, as_of: date) -> tuple[tuple[str, date | None], ...]:
    """Money must show by the last working day before the earliest day of the window."""
    if firm.window is None or firm.stage is Stage.SUSPENDED:
        return ()
    posting = account.policy.posting() if account.policy else USUAL_POSTING
    last_days = {
        method: last_safe_day(firm.window.earliest, days, account.calendar) for method, days in posting.items()
    }
    return tuple((method, day if day >= as_of else None) for method, day in sorted(last_days.items()))


def last_safe_day(earliest: date, posting: int, calendar: str) -> date:
    """The last day to pay by a method that takes `posting` working days to show, where service may stop from `earliest` on."""
    return add_working_days(working_day_until(shifted(earliest, -1), calendar), -posting, calendar)
