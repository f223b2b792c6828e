"""Exchange rates as of a day."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, and_, func, select

from data_access.schema import fx_rates
from data_access.scope import Scope, require

E9 = Decimal(10) ** 9


@dataclass(frozen=True, slots=True)
class Rate:
    """One unit of `currency` is worth `rate` of `quote` on `on_date`."""

    currency: str
    quote: str
    on_date: date
    rate: Decimal
    rate_source: str


def as_rate(row: Any) -> Rate:
    """A row of the table, in the order of its columns, as it is written there."""
    return Rate(row.currency, row.quote, row.on_date, Decimal(row.rate_e9) / E9, row.rate_source)


def rates_to(connection: Connection, scope: Scope, quote: str, as_of: date) -> dict[str, Rate]:
    """By currency: the newest rate into `quote` on or before `as_of`, direct or inverted. Rates belong to no site."""
    require(scope)
    found: dict[str, Rate] = {}
    for inverted in (True, False):  # a direct rate wins over an inverted one of the same day or older
        mine, other = (fx_rates.c.quote, fx_rates.c.currency) if inverted else (fx_rates.c.currency, fx_rates.c.quote)
        newest = (
            select(mine.label("code"), func.max(fx_rates.c.on_date).label("on_date"))
            .where(other == quote, fx_rates.c.on_date <= as_of)
            .group_by(mine)
            .subquery()
        )
        statement = select(mine.label("code"), fx_rates.c.on_date, fx_rates.c.rate_e9, fx_rates.c.rate_source).join(
            newest, and_(mine == newest.c.code, other == quote, fx_rates.c.on_date == newest.c.on_date)
        )
        for row in connection.execute(statement):
            rate = Decimal(row.rate_e9) / E9
            if inverted:
                rate = 1 / rate
            known = found.get(row.code)
            if known is None or row.on_date >= known.on_date:
                found[row.code] = Rate(row.code, quote, row.on_date, rate, row.rate_source)
    return found
