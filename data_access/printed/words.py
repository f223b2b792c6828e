"""How documents say amounts, days and moments."""

from datetime import date, datetime

from data_access.queries.local_days import zone_named
from domain.money import Money


def money(minor: int, currency: str) -> str:
    """USD 1,234.56."""
    return f"{currency} {Money(minor, currency).decimal:,}"


def day(value: date) -> str:
    """20 Nov 2026."""
    return f"{value.day} {value:%b %Y}"


def moment(value: datetime, zone: str) -> str:
    """20 Nov 2026, 17:30 PST."""
    local = value.astimezone(zone_named(zone))
    return f"{day(local.date())}, {local:%H:%M %Z}"
