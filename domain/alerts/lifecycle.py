"""What becomes of alerts: which open, change and close as a rule's findings come and go, and when a snoozed one is back.

An alert stays one alert as long as its condition holds, whatever its facts say. A cause that comes back after its alert was
closed makes a new alert, which names the former one: what was acknowledged then was another time.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from domain.alerts.catalog import RULES, Severity
from domain.alerts.findings import Finding
from domain.money import Money

LONGEST_SNOOZE = 90  # days
_ORDER = {severity: number for number, severity in enumerate(Severity)}


class SnoozeError(ValueError):
    """An alert cannot be snoozed to this day; the message says why."""


@dataclass(frozen=True, slots=True)
class OpenAlert:
    """An alert that is open in the books, as far as its life goes on from here."""

    id: int
    rule: str
    cause: str
    amount: int | None = None
    act_by: date | None = None
    snoozed_until: date | None = None
    snoozed_amount: int | None = None
    snoozed_act_by: date | None = None

    @property
    def key(self) -> tuple[str, str]:
        """As Finding.key."""
        return self.rule, self.cause


@dataclass(frozen=True, slots=True)
class Step:
    """What happens to one alert. finding: None where it closes. because: why it closes, or what changed, in words."""

    alert: OpenAlert | None
    finding: Finding | None
    because: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """What a refresh does: in the order of the findings, and of the alerts' numbers."""

    opens: tuple[Step, ...]
    changes: tuple[Step, ...]
    closes: tuple[Step, ...]

    def __bool__(self) -> bool:
        return bool(self.opens or self.changes or self.closes)


def plan(
    known: Iterable[OpenAlert],
    found: Iterable[Finding],
    off: Collection[str] = (),
    reasons: Mapping[tuple[str, str], str] | None = None,
) -> Plan:
    """Set what is open in the books against what the rules find. off: rules switched off; reasons: why causes went away."""
    alerts = {alert.key: alert for alert in known}
    findings = {finding.key: finding for finding in found}
    opens = tuple(Step(None, finding) for key, finding in findings.items() if key not in alerts)
    both = [(alerts[key], finding) for key, finding in findings.items() if key in alerts]
    changes = tuple(Step(alert, finding, said) for alert, finding in both if (said := _changed(alert, finding)))
    closes = tuple(
        Step(alert, None, closing_words(alert.rule, off, (reasons or {}).get(key, "")))
        for key, alert in sorted(alerts.items(), key=lambda pair: pair[1].id)
        if key not in findings
    )
    return Plan(opens, changes, closes)


def closing_words(rule: str, off: Collection[str] = (), reason: str = "") -> str:
    """Why an alert is closed: what the ledger says happened, else that its condition no longer holds."""
    if rule in off or rule not in RULES:
        return "the rule is switched off"
    if reason:
        return reason
    condition = RULES[rule].condition
    return f"its condition no longer holds: {condition[0].lower()}{condition[1:].rstrip('.')}"


def _changed(alert: OpenAlert, finding: Finding) -> str:
    """What of an alert's amount and day changed, '' for neither. Other facts are told as they are, and leave no trace."""
    said = []
    if alert.amount != finding.amount:
        was, now = (_money(minor, finding.currency) for minor in (alert.amount, finding.amount))
        said.append(f"amount {now}, was {was}")
    if alert.act_by != finding.act_by:
        was, now = (day.isoformat() if day else "no day" for day in (alert.act_by, finding.act_by))
        said.append(f"act by {now}, was {was}")
    return "; ".join(said)


def _money(minor: int | None, currency: str) -> str:
    return "not known" if minor is None else f"{currency} {Money(minor, currency).decimal}".strip()


def is_worse(alert: OpenAlert, finding: Finding) -> bool:
    """More money, or less time, than when it was snoozed."""
    was, now = alert.snoozed_amount, finding.amount
    sooner = finding.act_by is not None and (alert.snoozed_act_by is None or finding.act_by < alert.snoozed_act_by)
    return sooner or (now is not None and (was is None or now > was))


def is_snoozed(alert: OpenAlert, finding: Finding, today: date) -> bool:
    """Out of sight on `today`: until its day comes, and not when it got worse meanwhile."""
    return alert.snoozed_until is not None and today < alert.snoozed_until and not is_worse(alert, finding)


def check_snooze(today: date, until: date) -> date:
    """The day itself. Raises SnoozeError."""
    if not today < until <= today + timedelta(days=LONGEST_SNOOZE):
        raise SnoozeError(
            f"an alert is snoozed to a day after today and at most {LONGEST_SNOOZE} days ahead, not {until.isoformat()}"
        )
    return until


def urgency(finding: Finding) -> tuple[int, date, int, str, str]:
    """The order of a list: severity, then the day by which to act, then the larger amount."""
    severity = RULES[finding.rule].severity
    return _ORDER[severity], finding.act_by or date.max, -(finding.amount or 0), finding.rule, finding.cause
