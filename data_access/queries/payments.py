"""Payments: the history page by page. A payment's status and what of it is applied are told as of the filters' day."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, Subquery, case, or_, select

from data_access.queries.applied_since import applied_since
from data_access.queries.dimensions import ledger_accounts
from data_access.queries.keyset import Mark, beside, order_named, page_of, turned
from data_access.queries.searching import Found, found_by
from data_access.schema import allocations, payments
from data_access.scope import Scope
from domain.filters import Filters


def status_on(day: date) -> ColumnElement[str]:
    """A payment's status as it was at the end of `day`: pending until it posted, returned or void from its reversal."""
    return case(
        (payments.c.reversed_on <= day, payments.c.status),
        (or_(payments.c.status.in_(("pending", "void")), payments.c.posted_on > day), "pending"),
        else_="posted",
    )


def payments_chosen(
    filters: Filters,
    found: Found | None,
    statuses: tuple[str, ...] = (),
    channels: tuple[str, ...] = (),
    paid_on: ColumnElement[date] = payments.c.paid_on,
) -> list[ColumnElement[bool]]:
    """Conditions over payments: period, method, status, channel, and what the search `found`."""
    paid_on = found.ordered_by(paid_on) if found and found.narrow else paid_on
    conditions = [paid_on <= filters.as_of]
    if filters.since:
        conditions.append(paid_on >= filters.since)
    if filters.until:
        conditions.append(paid_on < filters.until)
    if filters.methods:
        conditions.append(payments.c.method.in_(filters.methods))
    if statuses:
        conditions.append(status_on(filters.as_of).in_(statuses))
    if channels:
        conditions.append(payments.c.channel.in_(channels))
    if found:
        conditions.append(found.condition)
    return conditions


def payments_found(connection: Connection, scope: Scope, filters: Filters, a: Subquery) -> Found | None:
    """By filters.search: of accounts, or by the beginning of a confirmation number."""
    return found_by(connection, scope, filters, a, payments.c.confirmation_number)


@dataclass(frozen=True, slots=True)
class PaymentRow:
    """One payment, refund or reversal; amounts in minor units. status, allocated and reversed_on are as of the day."""

    id: int
    account_id: int
    account_number: str
    vendor: str
    site: str
    site_name: str
    currency: str
    kind: str
    paid_on: date
    posted_on: date | None
    amount: int
    allocated: int
    method: str
    channel: str
    confirmation_number: str
    status: str
    reversed_on: date | None
    reverses_id: int | None
    call_id: int | None
    note: str

    @property
    def signed(self) -> int:
        """Money out positive; a refund or a returned payment negative."""
        return self.amount if self.kind == "payment" else -self.amount

    @property
    def unapplied(self) -> int:
        """What of a payment that still counts is not yet applied."""
        return self.amount - self.allocated if self.kind == "payment" and not self.reversed_on else 0


_AS_OF = ("posted_on", "allocated", "status", "reversed_on")


def payment_rows(
    connection: Connection,
    scope: Scope,
    filters: Filters,
    *,
    statuses: tuple[str, ...] = (),
    channels: tuple[str, ...] = (),
    account_id: int | None = None,
    payment_id: int | None = None,
    sort: str = "-paid_on",
    after: Mark | None = None,
    before: Mark | None = None,
    limit: int = 200,
) -> list[PaymentRow]:
    """Payments, the newest first, `limit` at a time; `after` is (paid_on, id) of the last one shown, `before` of the first.

    sort: paid_on or amount, which the marks go by; amounts without their sign, whatever their currency.

    filters.search looks into site, vendor, account number; a confirmation number that begins so matches as well.
    """
    day = filters.as_of
    a = ledger_accounts(scope, replace(filters, search=""))
    found = payments_found(connection, scope, filters, a)
    fields = [payments.c[f] for f in PaymentRow.__dataclass_fields__ if f in payments.c and f not in _AS_OF]
    statement = (
        select(
            *fields,
            case((payments.c.posted_on <= day, payments.c.posted_on)).label("posted_on"),
            *(payments.c[name] for name in ("allocated", "applied_from", "applied_until")),
            status_on(day).label("status"),
            case((payments.c.reversed_on <= day, payments.c.reversed_on)).label("reversed_on"),
            a.c.account_number,
            a.c.vendor,
            a.c.site,
            a.c.site_name,
            a.c.currency,
        )
        .join(a, a.c.account_id == payments.c.account_id)
        .where(*payments_chosen(filters, found, statuses, channels, beside(payments.c.paid_on, after, before)))
    )
    if account_id is not None:
        statement = statement.where(payments.c.account_id == account_id)
    if payment_id is not None:
        statement = statement.where(payments.c.id == payment_id)
    columns = {"paid_on": payments.c.paid_on, "amount": payments.c.amount}
    if found:
        columns = {name: found.ordered_by(column) for name, column in columns.items()}
    order = order_named(sort, columns, payments.c.id)
    statement = page_of(statement, order, after=after, before=before, limit=limit)
    rows = turned(connection.execute(statement).all(), before)
    later = _later(connection, scope, day, rows)
    names = [name for name in PaymentRow.__dataclass_fields__ if name != "allocated"]
    return [
        PaymentRow(allocated=row.allocated - later.get(row.id, 0), **{name: getattr(row, name) for name in names})
        for row in rows
    ]


def _later(connection: Connection, scope: Scope, day: date, rows: Sequence[Any]) -> dict[int, int]:
    """By payment or refund: what was applied after the day."""
    found: dict[int, int] = {}
    for kind, column in (("payment", allocations.c.payment_id), ("refund", allocations.c.refund_id)):
        mine = (row for row in rows if row.kind == kind)
        found |= applied_since(connection, scope, day, column, mine, counter="allocated")
    return found
