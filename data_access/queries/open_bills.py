"""Open bills of any day, one by one."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, Select, select, tuple_

from data_access.queries.dimensions import ledger_accounts
from data_access.queries.expressions import bucket
from data_access.queries.positions import open_items
from data_access.scope import Scope
from domain.aging import bucket_starts
from domain.filters import Filters


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
