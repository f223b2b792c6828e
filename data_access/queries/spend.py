"""Spend: what was billed, by site, vendor, account, month. A credit note counts against it.

A line charged back to another site counts there and not at the account's home site, so that the total stays the same.
"""

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, Subquery, and_, case, func, literal, select, union_all

from data_access.queries import month_totals
from data_access.queries.dimensions import (
    GROUPS,
    Group,
    at_sites,
    bare_accounts,
    group_named,
    labels_of,
    ledger_accounts,
)
from data_access.queries.expressions import month_text, total, unindexed
from data_access.schema import charges, invoices, sites
from data_access.scope import Scope, within
from domain.filters import Filters

COUNTED = 5_000  # bills
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
    a, movements = ledger_accounts(scope, _without_places(filters)), _movements(scope, filters)
    named = {
        "site": sites.c.code.label("site"),
        "site_name": sites.c.name.label("site_name"),
        "region": sites.c.region.label("region"),
        "month": month_text(movements.c.issued_on).label("month"),
    }
    keys: list[Any] = [
        named[name] if name in named else a.c[name] for name in dict.fromkeys((*group.columns, "currency"))
    ]
    bill = func.count(func.distinct(_bill(movements)))
    grouping = [month_text(movements.c.issued_on) if k.name == "month" else k for k in keys]
    counted = select(*keys, total(movements.c.amount).label("amount"), bill.label("bills"))
    rows = [
        _row(row, group)
        for row in connection.execute(_borne(counted, a, movements, scope, filters).group_by(*grouping))
    ]
    if by == "month":
        return sorted(rows, key=lambda row: (row.key, row.currency))
    return sorted(rows, key=lambda row: (-row.amount, row.currency, row.key))


def billed_at(connection: Connection, scope: Scope, filters: Filters) -> list[tuple[int, str, int]]:
    """(site_id, currency, amount) as `spend` by site has them, without counting bills or looking up a name for each."""
    a = bare_accounts(scope, _without_places(filters))
    few = filters.vendors or filters.service_types  # else everybody's bills of the period are read
    m = _movements(scope, filters, select(a.c.account_id) if few else None).c
    sums = select(m.site_id, a.c.currency, total(m.amount)).join(a, a.c.account_id == m.account_id)
    here = [within(scope, m.site_id)]
    for column, wanted in ((sites.c.region, filters.regions), (sites.c.code, filters.sites)):
        if wanted:
            here.append(m.site_id.in_(select(sites.c.id).where(column.in_(wanted))))
    return [tuple(row) for row in connection.execute(sums.where(*here).group_by(m.site_id, a.c.currency))]


def bills_counted(connection: Connection, scope: Scope, filters: Filters) -> int:
    """How many bills `spend` has, of whichever currency; COUNTED + 1 for more than COUNTED."""
    a, movements = ledger_accounts(scope, _without_places(filters)), _movements(scope, filters)
    bills = _borne(select(_bill(movements).label("bill")), a, movements, scope, filters)
    bills = bills.where(movements.c.number.is_not(None))
    some = bills.limit(COUNTED + COUNTED // 10).subquery("some")  # nearly all are bills of their own
    rows, counted = connection.execute(select(func.count(), func.count(func.distinct(some.c.bill)))).one()
    if rows == COUNTED + COUNTED // 10 and counted <= COUNTED:
        counted = connection.scalar(select(func.count(func.distinct(bills.subquery("every").c.bill)))) or 0
    return min(counted, COUNTED + 1)


def _bill(movements: Subquery) -> ColumnElement[str]:
    return movements.c.account_id.op("||")(literal("/")).op("||")(movements.c.number)


def _borne(
    statement: Select[*tuple[Any, ...]], a: Subquery, movements: Subquery, scope: Scope, filters: Filters
) -> Select[*tuple[Any, ...]]:
    """Of the movements at the sites in scope and filters."""
    conditions = [within(scope, movements.c.site_id)]
    if filters.regions:
        conditions.append(sites.c.region.in_(filters.regions))
    if filters.sites:
        conditions.append(sites.c.code.in_(filters.sites))
    return (
        statement.select_from(movements)
        .join(a, a.c.account_id == movements.c.account_id)
        .join(sites, sites.c.id == movements.c.site_id)
        .where(*conditions)
    )


def _movements(scope: Scope, filters: Filters, chosen: Select[tuple[int]] | None = None) -> Subquery:
    """chosen: the accounts in the filters, where their bills are looked up account by account."""
    # The bill at its home site, then each charged-back line out of there and into the site that bears it.
    amount = case((invoices.c.kind == "invoice", invoices.c.amount), else_=-invoices.c.amount).label("amount")
    billed = select(invoices.c.account_id, invoices.c.site_id, invoices.c.issued_on, invoices.c.number, amount)
    billed = billed.where(*in_period(filters), *at_sites(scope, filters, invoices.c.site_id))
    if chosen is not None:
        billed = billed.where(invoices.c.account_id.in_(chosen))
    return union_all(billed, *_charged_back(scope, filters)).subquery("movements")


def _charged_back(scope: Scope, filters: Filters) -> list[Select[*tuple[Any, ...]]]:
    """Lines that another site bears, out of the bill's own site and into that one."""
    moved, borne = charges.c.chargeback_site_id, in_period(filters, unindexed(invoices.c.issued_on))
    of_bill = and_(charges.c.account_id == invoices.c.account_id, charges.c.invoice_id == invoices.c.id)
    return [
        select(
            invoices.c.account_id,
            place.label("site_id"),
            invoices.c.issued_on,
            (invoices.c.number if sign > 0 else literal(None)).label("number"),
            (charges.c.amount * sign).label("amount"),
        )
        .join(charges, of_bill)
        .where(moved.is_not(None), unindexed(moved) != invoices.c.site_id, *borne)
        .where(*at_sites(scope, filters, place))
        for place, sign in ((invoices.c.site_id, -1), (moved, 1))
    ]


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
    kept = month_totals.kept_by_month(scope, filters)
    if not kept or (months := month_totals.months_of(connection, scope, filters)) is None:
        return [(row.key, row.currency, row.amount) for row in spend(connection, scope, filters, "month")]
    amounts: defaultdict[tuple[str, str], int] = defaultdict(int)
    for row in connection.execute(month_totals.billed(scope, filters, months)):
        amounts[row.month, row.currency] = row.amount
    if filters.regions:  # else what is charged back to another site comes in where it went out
        a, moves = ledger_accounts(scope, _without_places(filters)), union_all(*_charged_back(scope, filters))
        movements = moves.subquery("movements")
        keys = [month_text(movements.c.issued_on).label("month"), a.c.currency]
        statement = _borne(select(*keys, total(movements.c.amount).label("amount")), a, movements, scope, filters)
        for row in connection.execute(statement.group_by(month_text(movements.c.issued_on), a.c.currency)):
            amounts[row.month, row.currency] += row.amount
    return [(*key, amount) for key, amount in sorted(amounts.items())]


def _without_places(filters: Filters) -> Filters:
    """Sites and regions are matched where the cost lands, not at the home site."""
    return replace(filters, sites=(), regions=())


def in_period(filters: Filters, issued_on: ColumnElement[date] = invoices.c.issued_on) -> list[Any]:
    """Bills of the filters' period, by the day of issue; `issued_on` where another way in is meant."""
    conditions = [issued_on <= filters.as_of]
    if filters.since:
        conditions.append(issued_on >= filters.since)
    if filters.until:
        conditions.append(issued_on < filters.until)
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
        .where(*in_period(filters))
        .group_by(charges.c.type, a.c.currency)
    )
    rows = [_row(row, Group(("type",), "type", "type")) for row in connection.execute(statement)]
    return sorted(rows, key=lambda row: (-row.amount, row.currency, row.key))
