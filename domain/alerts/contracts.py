"""R21: a contract that ends, or whose last day to give notice comes."""

from dataclasses import dataclass
from datetime import date

from domain.alerts.findings import Finding
from domain.alerts.subject import Subject
from domain.alerts.thresholds import Thresholds
from domain.periods import shifted


@dataclass(frozen=True, slots=True)
class ContractService:
    """A service that is on, under a contract; notice_days: how long before its end notice must be given."""

    id: int
    identifier: str
    description: str
    contract_ends_on: date
    notice_days: int | None = None


def ending(subject: Subject, service: ContractService, as_of: date, thresholds: Thresholds) -> Finding | None:
    """R21: the nearer of the two days that is not past; one alert where the second comes near before the first is past."""
    ends_on = service.contract_ends_on
    days = [("contract ends on", ends_on)]
    if service.notice_days:
        days.insert(0, ("last day to give notice", shifted(ends_on, -service.notice_days)))
    for _, day in days:
        crossed = shifted(day, -thresholds.contract_days)
        if crossed <= shifted(days[0][1], 1):
            crossed = shifted(days[0][1], -thresholds.contract_days)
        if crossed <= as_of <= day:
            return subject.finding(
                "R21",
                "services",
                service.id,
                crossed,
                act_by=day,
                facts=(
                    ("service", service.identifier),
                    *((("what", service.description),) if service.description else ()),
                    *((name, each.isoformat()) for name, each in days),
                ),
            )
    return None
