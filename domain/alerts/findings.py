"""What a rule finds on a day: one finding a cause, the same cause from day to day."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule's condition holds for one cause.

    cause: names what it is about, the same on every day ("invoices:12"); unique within the rule.
    since: the day on which the condition was crossed. entity, entity_id: the row to open.
    account_id, site_id, vendor_id: whom it concerns; site_id None where it belongs to no site.
    amount: minor units of `currency`, None where no money is named. act_by: the last day on which acting helps.
    facts: (what, value) in the order in which they are told; values are plain text, account numbers never among them.
    """

    rule: str
    cause: str
    since: date
    entity: str
    entity_id: int
    account_id: int | None = None
    site_id: int | None = None
    vendor_id: int | None = None
    amount: int | None = None
    currency: str = ""
    act_by: date | None = None
    facts: tuple[tuple[str, str], ...] = ()

    @property
    def key(self) -> tuple[str, str]:
        """What makes two findings one alert."""
        return self.rule, self.cause
