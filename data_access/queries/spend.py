"""Spend: what was billed, by site, vendor, account, month. A credit note counts against it.

A line charged back to another site counts there and not at the account's home site, so that the total stays the same.
"""

from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, and_, case, func, literal, or_, select, union_all

from data_access.queries import month_totals
from data_access.queries.dimensions import GROUPS, Group, group_named, labels_of, ledger_accounts
from data_access.queries.expressions import month_text, total
from data_access.schema import charges, invoices, sites
from data_access.scope import Scope, within
from domain.filters import Filters

SPEND_GROUPS = ("site", "vendor", "account", "region", "currency", "service_type", "month", "type")


@dataclass(frozen=True, slots=True)
class SpendRow:
    """Billed to one group in one currency, minor units, net of credit notes; bills counts distinct bills."""

    key: str
    name: str
    currency: str
    amount: int
    bills: int
    labels: dict[str, str]


def spend(connection: Connection, scope: Scope, filters: Filters, by: str) -> list[SpendRow]:
    """Rows by group and currency; months in order, other groups the largest first. Period: the invoice date.

    by 'type' groups the bills' lines by charge type, and so counts itemised bills only.
    """
    if by not in SPEND_GROUPS:
        group_named(by, SPEND_GROUPS)
    if by == "type":
        return _by_type(connection, scope, filters)
    group = GROUPS.get(by) or Group((by,), by, by)
    a = ledger_accounts(scope, _without_places(filters))
    moved = charges.c.chargeback_site_id
    in_period = _period(filters)
    # The bill at its home site, then each charged-back line out of there and into the site that bears it.
    movements = union_all(
        select(
            invoices.c.account_id,
            invoices.c.site_id,
            invoices.c.issued_on,
            invoices.c.number,
            case((invoices.c.kind == "invoice", invoices.c.amount), else_=-invoices.c.amount).label("amount"),
        ).where(*in_period),
        *(
            select(
                invoices.c.account_id,
                place.label("site_id"),
                invoices.c.issued_on,
                (invoices.c.number if sign > 0 else literal(None)).label("number"),
                (charges.c.amount * sign).label("amount"),
            )
            .join(
                charges,
                and_(charges.c.account_id == invoices.c.account_id, charges.c.invoice_id == invoices.c.id),
            )
            .where(moved.is_not(None), moved != invoices.c.site_id, *in_period)
            for place, sign in ((invoices.c.site_id, -1), (moved, 1))
        ),
    ).subquery("movements")
    named = {
        "site": sites.c.code.label("site"),
        "site_name": sites.c.name.label("site_name"),
        "region": sites.c.region.label("region"),
        "month": month_text(movements.c.issued_on).label("month"),
    }
    keys: list[Any] = [
        named[name] if name in named else a.c[name] for name in dict.fromkeys((*group.columns, "currency"))
    ]
    bill = func.count(func.distinct(movements.c.account_id.op("||")(literal("/")).op("||")(movements.c.number)))
    conditions = [within(scope, movements.c.site_id)]
    if filters.regions:
        conditions.append(sites.c.region.in_(filters.regions))
    if filters.sites:
        conditions.append(sites.c.code.in_(filters.sites))
    grouping = [month_text(movements.c.issued_on) if k.name == "month" else k for k in keys]
    statement = (
        select(*keys, total(movements.c.amount).label("amount"), bill.label("bills"))
        .select_from(movements)
        .join(a, a.c.account_id == movements.c.account_id)
        .join(sites, sites.c.id == movements.c.site_id)
        .where(*conditions)
        .group_by(*grouping)
    )
    rows = [_row(row, group) for row in connection.execute(statement)]
    if by == "month":
        return sorted(rows, key=lambda row: (row.key, row.currency))
    return sorted(rows, key=lambda row: (-row.amount, row.currency, row.key))


def _row(row: Any, group: Group) -> SpendRow:
    return SpendRow(
        str(getattr(row, group.key)),
        str(getattr(row, group.name)),
        row.currency,
        row.amount,
        row.bills,
        labels_of(row, group),
    )


def billed_by_month(connection: Connection, scope: Scope, filters: Filters) -> list[tuple[str, str, int]]:
    """(month, currency, amount) as `spend` by month has them, without counting bills, and so from the totals of months."""
    kept = month_totals.kept_by_month(scope, filters) and not filters.regions
    if not kept or (months := month_totals.months_of(filters)) is None:
        return [(row.key, row.currency, row.amount) for row in spend(connection, scope, filters, "month")]
    rows = month_totals.bills(scope, filters, months)
    keys = [rows.c.month, rows.c.currency]
    amount = total(rows.c.billed - rows.c.credited)
    # What is charged back to another site comes in where it went out, unless regions are chosen.
    some = or_(total(rows.c.billed) != 0, total(rows.c.credited) != 0)
    statement = select(*keys, amount.label("amount")).group_by(*keys).having(some).order_by(*keys)
    return [(row.month, row.currency, row.amount) for row in connection.execute(statement)]


def _without_places(filters: Filters) -> Filters:
    """Sites and regions are matched where the cost lands, not at the home site."""
    return replace(filters, sites=(), regions=())


def _period(filters: Filters) -> list[Any]:
    conditions = [invoices.c.issued_on <= filters.as_of]
    if filters.since:
        conditions.append(invoices.c.issued_on >= filters.since)
    if filters.until:
        conditions.append(invoices.c.issued_on < filters.until)
    return conditions


def _by_type(connection: Connection, scope: Scope, filters: Filters) -> list[SpendRow]:
    a = ledger_accounts(scope, filters)
    statement = (
        select(
            charges.c.type,
            a.c.currency,
            total(charges.c.amount).label("amount"),
            func.count(func.distinct(charges.c.invoice_id)).label("bills"),
        )
        .join(a, a.c.account_id == charges.c.account_id)
        .join(invoices, and_(invoices.c.account_id == charges.c.account_id, invoices.c.id == charges.c.invoice_id))
        .where(*_period(filters))
        .group_by(charges.c.type, a.c.currency)
    )
    rows = [_row(row, Group(("type",), "type", "type")) for row in connection.execute(statement)]
    return sorted(rows, key=lambda row: (-row.amount, row.currency, row.key))
