"""Totals of payments by method, channel, status, site, vendor, account, currency and month.

Totals are money that moved: a payment counts on its day, a refund and a returned payment count against it on theirs.
"""

from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, case, func, select

from data_access.queries.dimensions import GROUPS, Group, group_named, labels_of, ledger_accounts
from data_access.queries.expressions import month_text, total
from data_access.queries.payments import payments_chosen, status_on
from data_access.schema import payments
from data_access.scope import Scope
from domain.filters import Filters

_OWN_GROUPS = ("method", "channel", "status", "month")
PAYMENT_GROUPS = ("site", "vendor", "account", "region", "currency", "service_type", *_OWN_GROUPS)
_KINDS = {"payment": "paid", "refund": "refunded", "reversal": "returned"}


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


def payment_totals(
    connection: Connection,
    scope: Scope,
    filters: Filters,
    by: str,
    *,
    statuses: tuple[str, ...] = (),
    channels: tuple[str, ...] = (),
) -> list[PaymentTotal]:
    """One row a group and currency; months in order, other groups by net, the largest first.

    filters.search looks into site, vendor, account number and confirmation number, as in `payment_rows`.
    """
    if by not in PAYMENT_GROUPS:
        group_named(by, PAYMENT_GROUPS)
    group = GROUPS.get(by) or Group((by,), by, by)
    a = ledger_accounts(scope, replace(filters, search=""))
    own = {
        "month": month_text(payments.c.paid_on),
        "status": status_on(filters.as_of),
        "method": payments.c.method,
        "channel": payments.c.channel,
    }
    keys: list[Any] = [own[name].label(name) if name in own else a.c[name] for name in group.columns]
    keys.append(a.c.currency)
    # Grouped one level up, where the key is a plain column: PostgreSQL does not see that two CASEs with parameters are one.
    sums = {kind: case((payments.c.kind == kind, payments.c.amount), else_=0).label(_KINDS[kind]) for kind in _KINDS}
    rows_of = (
        select(*keys, *sums.values())
        .join(a, a.c.account_id == payments.c.account_id)
        .where(*payments_chosen(a, filters, statuses, channels))
        .subquery("chosen")
    )
    names = [rows_of.c[key.name] for key in keys]
    statement = select(
        *names, *(total(rows_of.c[name]).label(name) for name in _KINDS.values()), func.count().label("count")
    ).group_by(*names)
    rows = [
        PaymentTotal(
            key=str(getattr(row, group.key)),
            name=str(getattr(row, group.name)),
            currency=row.currency,
            paid=row.paid,
            refunded=row.refunded,
            returned=row.returned,
            count=row._mapping["count"],
            labels=labels_of(row, group),
        )
        for row in connection.execute(statement)
    ]
    if by == "month":
        return sorted(rows, key=lambda row: (row.key, row.currency))
    return sorted(rows, key=lambda row: (-row.net, row.currency, row.key))


@dataclass(frozen=True, slots=True)
class MonthPart:
    """Payments of one month by one method (or channel), minor units, net of refunds and returns."""

    month: str
    key: str
    currency: str
    net: int
    count: int


def payments_by_month(connection: Connection, scope: Scope, filters: Filters, split: str = "method") -> list[MonthPart]:
    """Net money out for each month, currency and `split` (method or channel), in order of month."""
    a = ledger_accounts(scope, replace(filters, search=""))
    keys = [month_text(payments.c.paid_on).label("month"), payments.c[split].label("key"), a.c.currency]
    net = case((payments.c.kind == "payment", payments.c.amount), else_=-payments.c.amount)
    statement = (
        select(*keys, total(net).label("net"), func.count().label("number"))
        .join(a, a.c.account_id == payments.c.account_id)
        .where(*payments_chosen(a, filters))
        .group_by(*keys)
    )
    rows = [MonthPart(r.month, r.key, r.currency, r.net, r.number) for r in connection.execute(statement)]
    return sorted(rows, key=lambda row: (row.month, row.key, row.currency))
