"""For how long a judgement stands: the days until something in it changes though nobody writes anything."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from domain.periods import shifted
from domain.risk import NEAR_DAYS, Effect, Risk, Stage, assess
from domain.risk_facts import AccountFacts
from domain.suspension import Window


@dataclass(frozen=True, slots=True)
class RiskSpan:
    """What is kept of a judgement, for the days from `since` until before `until`.

    noticed_on: of the first notice that announces the stop; keeps_on: what keeps it on, or switches it on again.
    bills: how many are unsettled. Days left and severity follow from these on any of the days.
    """

    since: date
    until: date
    stage: Stage
    window: Window | None
    noticed_on: date | None
    keeps_on: int
    effect: Effect
    bills: int


def spans(account: AccountFacts, since: date, until: date, known_until: date = date.max) -> Iterator[RiskSpan]:
    """The judgements of `account` from `since` on, one after the other, so that they reach `until` at least.

    known_until: the first day on which other facts hold than those of `account`; no span goes beyond it.
    """
    day = since
    while day < min(until, known_until) or day == since:
        risk = assess(account, day)
        end = min(changes_on(risk), known_until)
        yield span_of(risk, end)
        day = end


def changes_on(risk: Risk) -> date:
    """The next day on which its stage, window or amounts may be others, the facts being the same; date.max for never."""
    account, as_of, window = risk.account, risk.as_of, risk.firm.window
    days = [shifted(account.due_day(bill), 1) for bill in account.bills if bill.owed]
    days += [notice.dated for notice in account.notices]
    if window is not None:
        days += [shifted(window.earliest, -NEAR_DAYS), shifted(window.latest, 1)]
    return min((day for day in days if day > as_of), default=date.max)


def span_of(risk: Risk, until: date) -> RiskSpan:
    """What is kept of `risk`, which stands until before that day."""
    firm = risk.firm
    return RiskSpan(
        risk.as_of,
        until,
        firm.stage,
        firm.window,
        noticed_on(risk),
        firm.keep_on + firm.restoral,
        risk.effect,
        len(risk.account.bills),
    )


def noticed_on(risk: Risk) -> date | None:
    """The date of the first notice that stands and announces a stop within the window."""
    window = risk.firm.window
    if window is None:
        return None
    announced = (n.dated for n in risk.notices if n.acts_on is not None and n.acts_on <= window.latest)
    return min(announced, default=None)
