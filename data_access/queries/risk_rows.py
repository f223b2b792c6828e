"""One account at risk in brief: the row that is kept of a judgement (decision 0037), and its orders on pages."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from data_access.queries.risk import AccountRisk
from domain.risk import Effect, Stage
from domain.risk_severity import Severity
from domain.risk_spans import RiskSpan, noticed_on
from domain.suspension import Window

NEVER = date.max  # the day on which an account without a window stops
NAMES = ("account_number", "vendor", "site", "site_name", "region", "service_type")
_PEOPLE, _LINES = 10**8, 10**4


@dataclass(frozen=True, slots=True)
class RiskRow:
    """One account at risk on a day, without its reasons; keeps_on in minor units of `currency`."""

    as_of: date
    account_id: int
    account_number: str
    vendor: str
    site: str
    site_name: str
    region: str
    service_type: str
    currency: str
    stage: Stage
    window: Window | None
    noticed_on: date | None
    keeps_on: int
    effect: Effect

    @property
    def stops_on(self) -> date:
        """The likely day; the end of the calendar where there is none."""
        return self.window.likely if self.window else NEVER

    @property
    def days_left(self) -> int | None:
        """To that day, never below 0."""
        return max(0, (self.window.likely - self.as_of).days) if self.window else None

    @property
    def severity(self) -> Severity:
        """How much somebody has to act."""
        return Severity.by_days(self.stage, self.days_left)

    @property
    def by_day(self) -> tuple[date, int]:
        """The order in which services stop."""
        return self.stops_on, self.account_id

    @property
    def worst_first(self) -> tuple[Any, ...]:
        """The order in which the accounts of a site are told."""
        return -self.stage, self.stops_on, tuple(-n for n in self.effect.rank), self.site_name, self.account_id

    @property
    def in_group(self) -> tuple[date, int, int, int]:
        """The order within a severity: by that day, and of one day the worst first."""
        return self.stops_on, -self.stage, mildness(self.effect), self.account_id


def brief(entry: AccountRisk) -> RiskRow:
    """A judgement as the row that is kept of it."""
    risk = entry.risk
    named = (entry.account_id, *(getattr(entry, name) for name in NAMES), entry.currency)
    return RiskRow(risk.as_of, *named, risk.firm.stage, risk.firm.window, noticed_on(risk), entry.keeps_on, risk.effect)


def row_of(kept: Any, names: Sequence[str], as_of: date) -> RiskRow:
    """The row that is kept, with its NAMES, on a day."""
    window = Window(kept.earliest, kept.stops_on, kept.latest) if kept.earliest else None
    effect = Effect(kept.services, kept.criticality, kept.headcount)
    return RiskRow(
        as_of, kept.account_id, *names, kept.currency, Stage(kept.stage), window, kept.noticed_on, kept.keeps_on, effect
    )


def kept_values(span: RiskSpan) -> dict[str, Any]:
    """The columns that hold `span`."""
    window, effect = span.window, span.effect
    return {
        "since": span.since,
        "until": span.until,
        "stage": int(span.stage),
        "stops_on": window.likely if window else NEVER,
        "earliest": window.earliest if window else None,
        "latest": window.latest if window else None,
        "noticed_on": span.noticed_on,
        "keeps_on": span.keeps_on,
        "services": effect.services,
        "criticality": effect.criticality,
        "headcount": effect.headcount,
        "mildness": mildness(effect),
        "bills": span.bills,
    }


def mildness(effect: Effect) -> int:
    """What orders accounts by what stops with them: the smallest is the worst."""
    people, lines = min(effect.headcount, _PEOPLE - 1), min(effect.services, _LINES - 1)
    return -((effect.criticality * _PEOPLE + people) * _LINES + lines)
