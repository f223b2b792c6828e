"""Whom a finding concerns, and how its facts are written."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from domain.alerts.findings import Finding
from domain.money import to_decimal


@dataclass(frozen=True, slots=True)
class Subject:
    """An account with what every rule needs of it; `site` is its home site's code, `closed_on` as known on the day."""

    account_id: int
    site_id: int
    vendor_id: int
    currency: str
    site: str = ""
    country: str = ""
    vendor: str = ""
    service_type: str = ""
    terms_days: int = 30
    closed_on: date | None = None
    autopay_method: str = ""
    autopay_expires_on: date | None = None

    def finding(self, rule: str, entity: str, entity_id: int, since: date, **told: Any) -> Finding:
        """A finding about one row of this account; `told` are further fields of it."""
        return Finding(
            rule,
            f"{entity}:{entity_id}",
            since,
            entity,
            entity_id,
            account_id=self.account_id,
            site_id=self.site_id,
            vendor_id=self.vendor_id,
            currency=self.currency,
            **told,
        )

    def money(self, minor: int) -> str:
        """An amount as plain text."""
        return f"{to_decimal(minor, self.currency)} {self.currency}"

    def autopay_on(self, day: date) -> bool:
        """Would autopay draw on `day`?"""
        return bool(self.autopay_method) and (self.autopay_expires_on is None or day <= self.autopay_expires_on)
