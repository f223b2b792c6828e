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
    window, late = risk.firm.window, facts.past_due(as_of)
    begun = [shifted(facts.due_day(bill), 1) for bill in late] + [notice.dated for notice in risk.notices]
    if window is None or not begun:
        return None
    crossed = shifted(window.earliest, -thresholds.suspension_days)
    if crossed > as_of:
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
        max(crossed, min(begun)),
        amount=risk.firm.keep_on,
        act_by=_last_safe_day(risk),
        facts=tuple(told),
    )


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
