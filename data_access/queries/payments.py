"""Payments: the history page by page, and its totals by method, channel, site, vendor, account and month.

Totals are money that moved: a payment counts on its day, a refund and a returned payment count against it on theirs.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, case, func, select, tuple_

from data_access.queries.dimensions import GROUPS, Group, group_named, labels_of, ledger_accounts
from data_access.queries.expressions import contains, month_text, total
from data_access.queries.positions import effective_due
from data_access.schema import accounts, allocations, invoices, payments
from data_access.scope import Scope
from domain.filters import Filters

PAYMENT_GROUPS = (
    "site",
    "vendor",
    "account",
    "region",
    "currency",
    "service_type",
    "method",
    "channel",
    "status",
    "month",
)
_OWN_GROUPS = {"method": "method", "channel": "channel", "status": "status"}


@dataclass(frozen=True, slots=True)
class PaymentTotal:
    """A group's money out in one currency, minor units. paid - refunded - returned = net."""

    key: str
    name: str
    currency: str
    paid: int
    refunded: int
    returned: int
    count: int
    labels: dict[str, str]

    @property
    def net(self) -> int:
        """What left for good."""
        return self.paid - self.refunded - self.returned


def _period(filters: Filters) -> list[ColumnElement[bool]]:
    conditions = [payments.c.paid_on <= filters.as_of]
    if filters.since:
        conditions.append(payments.c.paid_on >= filters.since)
    if filters.until:
        conditions.append(payments.c.paid_on < filters.until)
    if filters.methods:
        conditions.append(payments.c.method.in_(filters.methods))
    return conditions


def payment_totals(connection: Connection, scope: Scope, filters: Filters, by: str) -> list[PaymentTotal]:
    """One row a group and currency; months in order, other groups by net, the largest first."""
    group = group_named(by, PAYMENT_GROUPS) if by in GROUPS else Group((by,), by, by)
    if by not in PAYMENT_GROUPS:
        group_named(by, PAYMENT_GROUPS)
    a = ledger_accounts(scope, filters)
    keys: list[Any]
    if by == "month":
        keys = [month_text(payments.c.paid_on).label("month")]
    elif by in _OWN_GROUPS:
        keys = [payments.c[by]]
    else:
        keys = [a.c[name] for name in group.columns]
    if by != "currency":
        keys.append(a.c.currency)
    else:
        keys = [a.c.currency]
    statement = (
        select(
            *keys,
            *(
                total(case((payments.c.kind == kind, payments.c.amount), else_=0)).label(name)
                for kind, name in (("payment", "paid"), ("refund", "refunded"), ("reversal", "returned"))
            ),
            func.count().label("count"),
        )
        .join(a, a.c.account_id == payments.c.account_id)
        .where(*_period(filters))
        .group_by(*keys)
    )
    rows = [
        PaymentTotal(
            key=str(getattr(row, group.key)),
            name=str(getattr(row, group.name)),
            currency=row.currency,
            paid=row.paid,
            refunded=row.refunded,
            returned=row.returned,
            count=row.count,
            labels=labels_of(row, group),
        )
        for row in connection.execute(statement)
    ]
    if by == "month":
        return sorted(rows, key=lambda row: (row.key, row.currency))
    return sorted(rows, key=lambda row: (-row.net, row.currency, row.key))


@dataclass(frozen=True, slots=True)
class MethodMonth:
    """Payments of one month by one method, minor units, net of refunds and returns."""

    month: str
    method: str
    currency: str
    net: int
    count: int


def methods_by_month(connection: Connection, scope: Scope, filters: Filters) -> list[MethodMonth]:
    """Net money out for each month, method and currency, in order of month."""
    a = ledger_accounts(scope, filters)
    keys = [month_text(payments.c.paid_on).label("month"), payments.c.method, a.c.currency]
    net = case((payments.c.kind == "payment", payments.c.amount), else_=-payments.c.amount)
    statement = (
        select(*keys, total(net).label("net"), func.count().label("count"))
        .join(a, a.c.account_id == payments.c.account_id)
        .where(*_period(filters))
        .group_by(*keys)
    )
    rows = [MethodMonth(r.month, r.method, r.currency, r.net, r.count) for r in connection.execute(statement)]
    return sorted(rows, key=lambda row: (row.month, row.method, row.currency))


@dataclass(frozen=True, slots=True)
class PaymentRow:
    """One payment, refund or reversal; amounts in minor units. `bills` counts the bills it was applied to."""

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


def payment_rows(
    connection: Connection,
    scope: Scope,
    filters: Filters,
    *,
    status: str | None = None,
    channel: str | None = None,
    account_id: int | None = None,
    after: tuple[date, int] | None = None,
    limit: int = 200,
) -> list[PaymentRow]:
    """Payments, the newest first, `limit` at a time; `after` is (paid_on, id) of the last one shown.

    filters.search looks into site, vendor, account number; a confirmation number matches as well.
    """
    plain = Filters(
        as_of=filters.as_of,
        regions=filters.regions,
        sites=filters.sites,
        vendors=filters.vendors,
        service_types=filters.service_types,
        currencies=filters.currencies,
    )
    a = ledger_accounts(scope, plain)
    statement = (
        select(payments, a.c.account_number, a.c.vendor, a.c.site, a.c.site_name, a.c.currency)
        .join(a, a.c.account_id == payments.c.account_id)
        .where(*_period(filters))
        .order_by(payments.c.paid_on.desc(), payments.c.id.desc())
        .limit(limit)
    )
    if filters.search.strip():
        statement = statement.where(
            contains(
                [a.c.site_name, a.c.site, a.c.vendor, a.c.account_number, payments.c.confirmation_number],
                filters.search,
            )
        )
    if status is not None:
        statement = statement.where(payments.c.status == status)
    if channel is not None:
        statement = statement.where(payments.c.channel == channel)
    if account_id is not None:
        statement = statement.where(payments.c.account_id == account_id)
    if after is not None:
        statement = statement.where(tuple_(payments.c.paid_on, payments.c.id) < tuple_(*after))
    fields = PaymentRow.__dataclass_fields__
    return [PaymentRow(**{f: getattr(row, f) for f in fields}) for row in connection.execute(statement)]


@dataclass(frozen=True, slots=True)
class Application:
    """Where part of a payment or credit went, minor units; negative when it was taken back."""

    applied_on: date
    number: str
    invoice_id: int
    payment_id: int | None
    amount: int
    due_on: date


def applications(
    connection: Connection, scope: Scope, *, payment_id: int | None = None, invoice_id: int | None = None
) -> list[Application]:
    """The allocations of one payment, or to one invoice, in order of date."""
    a = ledger_accounts(scope, Filters(as_of=date.max))
    statement = (
        select(
            allocations.c.applied_on,
            invoices.c.number,
            invoices.c.id,
            allocations.c.payment_id,
            case((allocations.c.reverses_id.is_(None), allocations.c.amount), else_=-allocations.c.amount).label(
                "amount"
            ),
            effective_due(accounts.c.terms_days).label("due_on"),
        )
        .join(
            invoices,
            and_(invoices.c.account_id == allocations.c.account_id, invoices.c.id == allocations.c.invoice_id),
        )
        .join(accounts, accounts.c.id == allocations.c.account_id)
        .join(a, a.c.account_id == allocations.c.account_id)
        .order_by(allocations.c.applied_on, allocations.c.id)
    )
    if payment_id is not None:
        statement = statement.where(allocations.c.payment_id == payment_id)
    if invoice_id is not None:
        statement = statement.where(allocations.c.invoice_id == invoice_id)
    return [
        Application(r.applied_on, r.number, r.id, r.payment_id, r.amount, r.due_on)
        for r in connection.execute(statement)
    ]


@dataclass(frozen=True, slots=True)
class OnTime:
    """Bills that were settled in a month: how many in all, and how many on or before their due day."""

    month: str
    settled: int
    on_time: int


def on_time_by_month(connection: Connection, scope: Scope, filters: Filters) -> list[OnTime]:
    """By month of full settlement (the day of the last allocation), over bills that are settled now."""
    a = ledger_accounts(scope, filters)
    last = func.max(allocations.c.applied_on)
    done = (
        select(
            invoices.c.id,
            last.label("settled_on"),
            effective_due(accounts.c.terms_days).label("due_on"),
        )
        .join(accounts, accounts.c.id == invoices.c.account_id)
        .join(a, a.c.account_id == invoices.c.account_id)
        .join(
            allocations,
            and_(allocations.c.account_id == invoices.c.account_id, allocations.c.invoice_id == invoices.c.id),
        )
        .where(invoices.c.kind == "invoice", invoices.c.settled == invoices.c.amount)
        .group_by(invoices.c.id, invoices.c.issued_on, invoices.c.due_on, accounts.c.terms_days)
        .subquery()
    )
    statement = select(
        month_text(done.c.settled_on).label("month"),
        func.count().label("settled"),
        total(case((done.c.settled_on <= done.c.due_on, 1), else_=0)).label("on_time"),
    ).where(done.c.settled_on <= filters.as_of)
    if filters.since:
        statement = statement.where(done.c.settled_on >= filters.since)
    if filters.until:
        statement = statement.where(done.c.settled_on < filters.until)
    month = month_text(done.c.settled_on)
    rows = connection.execute(statement.group_by(month).order_by(month))
    return [OnTime(r.month, r.settled, r.on_time) for r in rows]
