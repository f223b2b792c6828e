"""The sums that are kept of months and of open items: what each counts by, what it counts, and what it follows."""

from collections.abc import Callable
from dataclasses import dataclass
from types import ModuleType

from sqlalchemy import Table

from data_access import account_risks, account_totals, alert_marks, site_totals
from data_access.migrations.triggers import calls_0040, months_0014, months_0020, open_0016
from data_access.schema import call_days, month_payments, month_totals, open_totals


@dataclass(frozen=True, slots=True)
class Kept:
    """A table of sums: what it counts, and a SELECT of what it should hold, for a dialect.

    `for_good`: it also has sums of all months together, without a month, and what came in belongs to several of its sums.
    `along`: the modules of what else the same moves belong to, or are told to. `recounted`: recount counts it row by row; else the
    database counts it by itself, since no rule is needed for it.
    """

    table: Table
    measures: tuple[str, ...]
    follows: Callable[[str], str]
    for_good: bool = False
    along: tuple[ModuleType, ...] = ()
    recounted: bool = True

    @property
    def keys(self) -> str:
        """What it counts by."""
        return ", ".join(self.named)

    @property
    def named(self) -> list[str]:
        """The same, one by one."""
        return [c.name for c in self.table.columns if c.name not in ("id", "account_id", "site_id", *self.measures)]

    @property
    def columns(self) -> tuple[str, ...]:
        """What it counts by, and what it counts."""
        return (*self.named, *self.measures)

    def sums(self, source: str, where: str) -> str:
        """A SELECT of the sums that the rows of `source` belong to."""
        rows = f"SELECT {self.keys}, {', '.join(self.measures)} FROM {source} WHERE {where}"  # noqa: S608
        if not self.for_good:
            return rows
        return f"{rows} AND account_id IS NULL UNION ALL {open_0016.spread(f'{rows} AND account_id IS NOT NULL')}"

    @property
    def own(self) -> str:
        """Its keys as one row to compare: nothing equals nothing."""
        return ", ".join(f"coalesce({name}, {_NONE[name]})" if name in _NONE else name for name in self.named)

    @property
    def each_sum(self) -> tuple[str, ...]:
        """Its measures added up."""
        return tuple(f"CAST(sum({measure}) AS bigint)" for measure in self.measures)

    @property
    def something(self) -> str:
        """Of rows together: is there anything?"""
        return " OR ".join(f"sum({measure}) <> 0" for measure in self.measures)


SUMS = ("month_totals", "month_payments", "open_totals", "account_totals", "site_totals", "call_days")
_NONE = {
    "month": "''",
    "day": "'infinity'",
    "due_on": "'infinity'",
    "region": "''",
    "vendor_id": "0",
    "service_type": "''",
}

KEPT = (
    Kept(month_totals, months_0020.MEASURES, months_0020.every_total, along=(site_totals,)),
    Kept(month_payments, months_0014.PAYMENT_MEASURES, months_0014.every_payment),
    Kept(
        open_totals,
        open_0016.MEASURES,
        open_0016.every_sum,
        for_good=True,
        along=(account_totals, account_risks, alert_marks),
    ),
    Kept(call_days, calls_0040.MEASURES, calls_0040.every_day, recounted=False),
)
