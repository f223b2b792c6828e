"""Planning exchange rates."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from data_access.importers.context import Context
from data_access.importers.landing import Landing
from data_access.importers.planners.reference import Entry, Register, Values, given
from data_access.importers.rows import ParsedRow
from data_access.schema import fx_rates


class Rates:
    """A rate is known by its two currencies and its day."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._register = Register(context, fx_rates, {}, _shown)

    def take(self, rows: Sequence[ParsedRow]) -> None:
        """Decide by currencies and day."""
        if not rows:
            return
        self._load(rows)
        for row in rows:
            key = tuple(row.values[name] for name in ("currency", "quote", "on_date"))
            if not self._context.options.scope.everything:
                self._context.reject(row, "currency", "only somebody who sees every site may add rates by an import")
            elif key[0] == key[1]:
                self._context.reject(row, "quote", f"a rate of {key[0]} in itself is always 1")
            else:
                key_values = given(row, ("currency", "quote", "on_date"))
                self._register.decide(row, key, given(row, ("rate", "source")), key_values)

    def finish(self) -> None:
        """Nothing waits for the whole file."""

    def write(self, landing: Landing) -> None:
        """Insert and fill."""
        self._register.write(landing, _columns, told=False)

    def _load(self, rows: Sequence[ParsedRow]) -> None:
        days = [row.values["on_date"] for row in rows]
        known = select(fx_rates).where(fx_rates.c.on_date.between(min(days), max(days)))
        for row in self._context.connection.execute(known).mappings():
            values = {"rate": row["rate_e9"], "source": row["rate_source"]}
            self._register.know((row["currency"], row["quote"], row["on_date"]), Entry(row["id"], values))


def _columns(values: Values) -> Values:
    return {{"rate": "rate_e9", "source": "rate_source"}.get(name, name): value for name, value in values.items()}


def _shown(name: str, value: Any) -> str:
    return f"{Decimal(value).scaleb(-9).normalize():f}" if name == "rate" else str(value)
