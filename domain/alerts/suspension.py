"""R01 and R02: the service may stop soon, or a notice says that it will. Judged from the account's risk."""

from collections.abc import Iterator
from datetime import date

from domain.alerts.findings import Finding
from domain.alerts.subject import Subject
from domain.alerts.thresholds import Thresholds
from domain.notices import Notice
from domain.periods import shifted
from domain.risk import Risk
from domain.risk_facts import AccountFacts


def suspension_findings(
    subject: Subject, facts: AccountFacts, risk: Risk, as_of: date, thresholds: Thresholds
) -> Iterator[Finding]:
    """One finding an account for the suspension, one for each notice that stands."""
    if (near := _near(subject, facts, risk, as_of, thresholds)) is not None:
        yield near
    for notice in risk.notices:
        if notice.acts_on is not None:
            yield _announced(subject, facts, risk, notice)


def _near(subject: Subject, facts: AccountFacts, risk: Risk, as_of: date, thresholds: Thresholds) -> Finding | None:
    window = risk.firm.window
    crossed = [day for day in _crossings(facts, risk, as_of, thresholds.suspension_days) if day <= as_of]
    if window is None or not crossed or shifted(window.earliest, -thresholds.suspension_days) > as_of:
        return None
    told = [
        ("service may stop from", window.earliest.isoformat()),
        ("most likely on", window.likely.isoformat()),
        ("keeps it on", subject.money(risk.firm.keep_on)),
    ]
    if risk.effect.services:
        told.append(("services that stop", str(risk.effect.services)))
    return subject.finding(
        "R01",
        "accounts",
        subject.account_id,
        min(crossed),
        amount=risk.firm.keep_on,
        act_by=_last_safe_day(risk),
        facts=tuple(told),
    )


def _crossings(facts: AccountFacts, risk: Risk, as_of: date, days: int) -> Iterator[date]:
    """The day on which each cause comes near: `days` before its window, but not before the bill is late or the notice is
    there. Terms that were near before a notice took their place count still: the alert was open.
    """
    late = min((shifted(facts.due_day(bill), 1) for bill in facts.past_due(as_of)), default=None)
    for cause in risk.causes:
        told = cause.notice.dated if cause.notice and cause.stands else None
        if told is not None:
            yield from (max(shifted(window.earliest, -days), told) for window in cause.windows.values())
        if late is None:
            continue
        for window in (cause.windows if told is None else cause.by_policy).values():
            crossed = max(shifted(window.earliest, -days), late)
            if told is None or crossed < told:
                yield crossed


def _announced(subject: Subject, facts: AccountFacts, risk: Risk, notice: Notice) -> Finding:
    asked = notice.asks(sum(bill.owed for bill in facts.bills if notice.covers(bill.id, bill.due_on)))
    return subject.finding(
        "R02",
        "notices",
        notice.id,
        notice.dated,
        amount=asked,
        act_by=None if notice.happened else _last_safe_day(risk),
        facts=(
            ("notice", notice.kind.value),
            ("dated", notice.dated.isoformat()),
            ("takes effect on", str(notice.acts_on)),
            ("still asks", subject.money(asked)),
        ),
    )


def _last_safe_day(risk: Risk) -> date | None:
    return max((day for _, day in risk.pay_by if day is not None), default=None)
