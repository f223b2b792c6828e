"""What was used, summed by site, account, month or kind; units and currencies are never summed together."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from sqlalchemy import CTE, ColumnElement, Connection, Subquery, and_, cast, func, select
from sqlalchemy.types import BigInteger

from data_access.queries.dimensions import UnknownGroupError, group_named, labels_of, ledger_accounts
from data_access.queries.local_days import between_days, month_windows, zones_in
from data_access.schema import usage
from data_access.scope import Scope
from domain.filters import Filters
from domain.periods import months_between

USAGE_GROUPS = ("site", "account", "month", "kind")


@dataclass(frozen=True, slots=True)
class UsageTotal:
    """`quantity` is in `unit`; `cost` (minor units) is of the records that tell theirs, None where none does."""

    key: str
    name: str
    kind: str
    unit: str
    currency: str
    records: int
    quantity: int
    billed_s: int
    cost: int | None
    labels: dict[str, str] = field(default_factory=dict)


def usage_totals(
    connection: Connection, scope: Scope, filters: Filters, by: str = "site", *, account_id: int | None = None
) -> list[UsageTotal]:
    """Usage up to the as-of day, in the filters' period and each site's own days."""
    if by not in USAGE_GROUPS:
        raise UnknownGroupError(f"cannot group by {by!r}; choose one of {', '.join(USAGE_GROUPS)}")
    a = ledger_accounts(scope, filters)
    zones, windows = local_months(connection, scope, filters)
    if windows is None:
        return []
    group = group_named(by) if by in ("site", "account") else None
    named: list[Any] = [a.c[column] for column in group.columns] if group else []
    if by == "month":
        named = [windows.c.month]
    columns = [*named, usage.c.kind, usage.c.unit, a.c.currency]
    statement = (
        select(*columns, func.count().label("records"), *usage_sums())
        .select_from(usage)
        .join(a, a.c.account_id == usage.c.account_id)
        .join(windows, in_month(a, windows))
        .where(*used(a, zones, filters, account_id))
        .group_by(*columns)
        .order_by(*columns)
    )
    totals = []
    for row in connection.execute(statement):
        labels = labels_of(row, group) if group else {}
        key = labels[group.key] if group else str(row.month)[:7] if by == "month" else row.kind
        totals.append(
            UsageTotal(
                key=key,
                name=labels[group.name] if group else key,
                kind=row.kind,
                unit=row.unit,
                currency=row.currency,
                records=row.records,
                quantity=row.quantity,
                billed_s=row.billed_s or 0,
                cost=row.cost,
                labels=labels,
            )
        )
    return totals


def local_months(connection: Connection, scope: Scope, filters: Filters) -> tuple[list[str], CTE | None]:
    """The zones in scope, and the windows of the months in which anything may have been used; None for no month."""
    last = _last_day(filters)
    first = filters.since or _first_day(connection, scope, filters) or last
    zones = zones_in(connection, scope)
    months = list(months_between(first, last + timedelta(days=1)))
    return zones, month_windows(months, zones, last) if zones and months else None


def in_month(a: Subquery, windows: CTE) -> ColumnElement[bool]:
    """The record began in the window; `a` is ledger_accounts."""
    begun = and_(usage.c.started_at >= windows.c.starts_at, usage.c.started_at < windows.c.ends_at)
    return and_(windows.c.zone == a.c.timezone, begun)


def used(a: Subquery, zones: list[str], filters: Filters, account_id: int | None) -> list[ColumnElement[bool]]:
    """Conditions over usage joined to `a`: in the period, of one account or all."""
    conditions = [between_days(usage.c.started_at, a.c.timezone, zones, filters.since, _last_day(filters))]
    return conditions if account_id is None else [*conditions, usage.c.account_id == account_id]


def usage_sums() -> list[ColumnElement[Any]]:
    """Quantity, billed_s and cost, summed."""
    summed = (usage.c.quantity, usage.c.billed_s, usage.c.cost)
    return [cast(func.sum(column), BigInteger).label(column.name) for column in summed]


def _last_day(filters: Filters) -> date:
    return min(filters.until - timedelta(days=1), filters.as_of) if filters.until else filters.as_of


def _first_day(connection: Connection, scope: Scope, filters: Filters) -> date | None:
    a = ledger_accounts(scope, filters)
    earliest = select(func.min(usage.c.started_at)).join(a, a.c.account_id == usage.c.account_id)
    found = connection.scalar(earliest)
    # A day's grace, for sites behind UTC.
    return found.date() - timedelta(days=1) if found is not None else None
