"""Balances: aging by group, the bills behind it, and how it came about month by month."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, Select, case, func, select, tuple_

from data_access.queries.dimensions import group_named, labels_of, ledger_accounts
from data_access.queries.expressions import bucket, total
from data_access.queries.positions import open_items, unapplied
from data_access.scope import Scope
from domain.aging import AgingRow, bucket_starts
from domain.filters import Filters

AGING_GROUPS = ("site", "vendor", "account", "region", "currency", "service_type")


def aging(connection: Connection, scope: Scope, filters: Filters, by: str) -> list[AgingRow]:
    """One row a group and currency, the largest outstanding first. Groups with nothing open are left out."""
    group = group_named(by, AGING_GROUPS)
    a = ledger_accounts(scope, filters)
    items = open_items(filters.as_of, filters.basis)
    money = unapplied(filters.as_of)
    starts = bucket_starts(filters.as_of, filters.edges)
    index = bucket(items.c.base, starts)
    count = len(starts) + 1
    keys = [a.c[name] for name in (*group.columns, "currency")]
    late = items.c.base < filters.as_of
    item_rows = (
        select(
            *keys,
            *(total(case((index == i, items.c.open_amount), else_=0)).label(f"b{i}") for i in range(count)),
            total(items.c.disputed).label("disputed"),
            total(case((late, items.c.disputed), else_=0)).label("disputed_overdue"),
            func.count().label("open_count"),
            total(case((items.c.due_missing, 1), else_=0)).label("flagged"),
        )
        .join(items, items.c.account_id == a.c.account_id)
        .group_by(*keys)
    )
    money_rows = (
        select(*keys, total(money.c.unapplied).label("unapplied"))
        .join(money, money.c.account_id == a.c.account_id)
        .group_by(*keys)
    )
    found: dict[tuple[Any, ...], dict[str, Any]] = {}
    for row in connection.execute(item_rows):
        found[tuple(row[: len(keys)])] = {
            "row": row,
            "buckets": tuple(getattr(row, f"b{i}") for i in range(count)),
            "disputed": row.disputed,
            "disputed_overdue": row.disputed_overdue,
            "open_count": row.open_count,
            "flagged": row.flagged,
        }
    for row in connection.execute(money_rows):
        entry = found.setdefault(tuple(row[: len(keys)]), {"row": row, "buckets": (0,) * count})
        entry["unapplied"] = row.unapplied
    rows = [
        AgingRow(
            key=str(getattr(entry["row"], group.key)),
            name=str(getattr(entry["row"], group.name)),
            currency=entry["row"].currency,
            buckets=entry["buckets"],
            unapplied=entry.get("unapplied", 0),
            disputed=entry.get("disputed", 0),
            disputed_overdue=entry.get("disputed_overdue", 0),
            open_count=entry.get("open_count", 0),
            flagged=entry.get("flagged", 0),
            labels=labels_of(entry["row"], group),
        )
        for entry in found.values()
    ]
    return sorted(rows, key=lambda row: (-row.outstanding, row.currency, row.key))


def ledger_totals(connection: Connection, scope: Scope, as_of: date) -> dict[str, int]:
    """Outstanding by currency of the whole scope, whatever the filters: what a filtered page must tie out to."""
    rows = aging(connection, scope, Filters(as_of=as_of), "currency")
    return {row.currency: row.outstanding for row in rows}


@dataclass(frozen=True, slots=True)
class OpenBill:
    """An open bill as of the day asked for; amounts in minor units of `currency`."""

    invoice_id: int
    account_id: int
    account_number: str
    vendor: str
    site: str
    site_name: str
    region: str
    service_type: str
    currency: str
    number: str
    issued_on: date
    due_on: date
    due_missing: bool
    period_start: date | None
    period_end: date | None
    days_late: int
    amount: int
    open_amount: int
    disputed: int

    @property
    def billing_period(self) -> str:
        """YYYY-MM: the month in which its period starts, or of its issue where it names none."""
        return f"{self.period_start or self.issued_on:%Y-%m}"


def open_bills(
    connection: Connection,
    scope: Scope,
    filters: Filters,
    *,
    bucket_index: int | None = None,
    overdue_only: bool = False,
    due_until: date | None = None,
    account_id: int | None = None,
    after: tuple[date, int] | None = None,
    limit: int = 200,
) -> list[OpenBill]:
    """Open bills, the oldest due first, `limit` at a time; `after` is (due_on, invoice_id) of the last one shown.

    bucket_index keeps one aging bucket (by the filters' basis and edges); due_until keeps bills due on or before it.
    """
    statement, items = _open_bills(scope, filters)
    if bucket_index is not None:
        statement = statement.where(bucket(items.c.base, bucket_starts(filters.as_of, filters.edges)) == bucket_index)
    if overdue_only:
        statement = statement.where(items.c.base < filters.as_of)
    if due_until is not None:
        statement = statement.where(items.c.due_on <= due_until, items.c.due_on >= filters.as_of)
    if account_id is not None:
        statement = statement.where(items.c.account_id == account_id)
    if after is not None:
        statement = statement.where(tuple_(items.c.due_on, items.c.invoice_id) > tuple_(*after))
    statement = statement.order_by(items.c.due_on, items.c.invoice_id).limit(limit)
    return [_open_bill(row, filters.as_of) for row in connection.execute(statement)]


def _open_bills(scope: Scope, filters: Filters) -> tuple[Select[Any], Any]:
    a = ledger_accounts(scope, filters)
    items = open_items(filters.as_of, filters.basis)
    statement = select(
        items,
        a.c.account_number,
        a.c.vendor,
        a.c.site,
        a.c.site_name,
        a.c.region,
        a.c.service_type,
        a.c.currency,
    ).join(a, a.c.account_id == items.c.account_id)
    return statement, items


def _open_bill(row: Any, as_of: date) -> OpenBill:
    return OpenBill(
        invoice_id=row.invoice_id,
        account_id=row.account_id,
        account_number=row.account_number,
        vendor=row.vendor,
        site=row.site,
        site_name=row.site_name,
        region=row.region,
        service_type=row.service_type,
        currency=row.currency,
        number=row.number if row.part == 1 else f"{row.number} ({row.part})",
        issued_on=row.issued_on,
        due_on=row.due_on,
        due_missing=bool(row.due_missing),
        period_start=row.period_start,
        period_end=row.period_end,
        days_late=max(0, (as_of - row.base).days),
        amount=row.amount,
        open_amount=row.open_amount,
        disputed=row.disputed,
    )
