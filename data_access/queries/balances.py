"""Balances: aging by group, the bills behind it, and how it came about month by month."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, Select, case, func, select, tuple_

from data_access.queries import open_totals
from data_access.queries.dimensions import group_named, ledger_accounts
from data_access.queries.expressions import bucket, total
from data_access.queries.positions import disputed_bills, open_items, unapplied
from data_access.scope import Scope
from domain.aging import AgingRow, bucket_starts
from domain.filters import Filters

AGING_GROUPS = ("site", "vendor", "account", "region", "currency", "service_type")


def aging(connection: Connection, scope: Scope, filters: Filters, by: str) -> list[AgingRow]:
    """One row a group and currency, the largest outstanding first. Groups with nothing open are left out."""
    group = group_named(by, AGING_GROUPS)
    names = tuple(dict.fromkeys((*group.columns, "currency")))
    kept = open_totals.kept_by_due_day(scope, filters, by)
    parts = _from_totals(connection, scope, filters, by, names) if kept else _from_rows(scope, filters, names)
    found: dict[tuple[Any, ...], dict[str, Any]] = {}
    for part in parts:
        for row in connection.execute(part):
            found.setdefault(tuple(row[: len(names)]), {}).update(row._mapping)
    rows = []
    for told in found.values():
        buckets = tuple(told.get(f"b{i}", 0) for i in range(len(filters.edges) + 2))
        rows.append(
            AgingRow(
                key=str(told[group.key]),
                name=str(told[group.name]),
                currency=told["currency"],
                buckets=buckets,
                unapplied=told["owed"] - sum(buckets) if kept else told.get("unapplied", 0),
                disputed=told.get("disputed", 0),
                disputed_overdue=told.get("disputed_overdue", 0),
                open_count=told.get("open_count", 0),
                flagged=told.get("flagged", 0),
                labels={column: str(told[column]) for column in group.columns},
            )
        )
    rows = [row for row in rows if row.open_count or row.unapplied]
    return sorted(rows, key=lambda row: (-row.outstanding, row.currency, row.key))


def _from_totals(
    connection: Connection, scope: Scope, filters: Filters, by: str, names: tuple[str, ...]
) -> list[Select[Any]]:
    """What is open from the sums by due day; what is disputed, which is little, from its rows."""
    standing = open_totals.standing(connection, scope, filters, by)
    s = standing.c
    sums = select(
        *(s[name] for name in names),
        *_buckets(s.due_on, s.open_amount, filters),
        total(s.bills).label("open_count"),
        total(s.flagged).label("flagged"),
        total(s.owed).label("owed"),
    ).group_by(*(s[name] for name in names))
    a, bills = ledger_accounts(scope, filters), disputed_bills(filters.as_of)
    keys = [a.c[name] for name in names]
    disputed = (
        select(*keys, *_disputed(bills.c.due_on, bills.c.disputed, filters))
        .join(bills, bills.c.account_id == a.c.account_id)
        .group_by(*keys)
    )
    return [sums, disputed]


def _from_rows(scope: Scope, filters: Filters, names: tuple[str, ...]) -> list[Select[Any]]:
    """The same from the bills and the money themselves."""
    a = ledger_accounts(scope, filters)
    items = open_items(filters.as_of, filters.basis)
    money = unapplied(filters.as_of)
    keys = [a.c[name] for name in names]
    bills = (
        select(
            *keys,
            *_buckets(items.c.base, items.c.open_amount, filters),
            *_disputed(items.c.base, items.c.disputed, filters),
            func.count().label("open_count"),
            total(case((items.c.due_missing, 1), else_=0)).label("flagged"),
        )
        .join(items, items.c.account_id == a.c.account_id)
        .group_by(*keys)
    )
    unused = (
        select(*keys, total(money.c.unapplied).label("unapplied"))
        .join(money, money.c.account_id == a.c.account_id)
        .group_by(*keys)
    )
    return [bills, unused]


def _buckets(base: Any, amount: Any, filters: Filters) -> list[Any]:
    starts = bucket_starts(filters.as_of, filters.edges)
    index = bucket(base, starts)
    return [total(case((index == i, amount), else_=0)).label(f"b{i}") for i in range(len(starts) + 1)]


def _disputed(base: Any, amount: Any, filters: Filters) -> list[Any]:
    late = total(case((base < filters.as_of, amount), else_=0))
    return [total(amount).label("disputed"), late.label("disputed_overdue")]


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
