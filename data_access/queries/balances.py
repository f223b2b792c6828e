"""Balances: aging by group, and what the filters of a page hide of it."""

from collections import Counter
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Select, and_, case, func, select

from data_access.queries import open_totals
from data_access.queries.dimensions import AMONG, few_accounts, group_named, ledger_accounts, narrowed
from data_access.queries.expressions import bucket, total
from data_access.queries.positions import (
    Accounts,
    disputed_bills,
    effective_due,
    nothing_since,
    of_these,
    open_items,
    unapplied,
)
from data_access.schema import invoices, payments
from data_access.scope import Scope
from domain.aging import AgingRow, bucket_starts
from domain.filters import Basis, Filters

AGING_GROUPS = ("site", "vendor", "account", "region", "currency", "service_type")


def aging(
    connection: Connection, scope: Scope, filters: Filters, by: str, *, among: tuple[int, ...] | None = None
) -> list[AgingRow]:
    """One row a group and currency, the largest outstanding first. Groups with nothing open are left out.

    `among`: of these sites or accounts alone, by their ids.
    """
    group = group_named(by, AGING_GROUPS)
    names = _names(by)
    kept = among is None and open_totals.kept_by_due_day(scope, filters, by)
    if kept:
        parts = _from_totals(scope, filters, by, open_totals.base_of(connection, scope, filters.as_of))
    else:
        read = _from_counters if nothing_since(connection, scope, filters.as_of) else _from_rows
        parts = read(scope, filters, by, named=among is not None)
    found: dict[tuple[Any, ...], dict[str, Any]] = {}
    for part in parts:
        for row in connection.execute(part, {} if among is None else {AMONG: among}):
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
                unapplied=told["owed"] - sum(buckets) if kept else told.get("unapplied", 0) - told.get("credits", 0),
                disputed=told.get("disputed", 0),
                disputed_overdue=told.get("disputed_overdue", 0),
                open_count=told.get("open_count", 0),
                flagged=told.get("flagged", 0),
                labels={column: str(told[column]) for column in group.columns},
            )
        )
    rows = [row for row in rows if row.open_count or row.unapplied]
    return sorted(rows, key=lambda row: (-row.outstanding, row.currency, row.key))


def _names(by: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*group_named(by, AGING_GROUPS).columns, "currency")))


@lru_cache(maxsize=256)  # putting a statement together costs more than its answer
def _from_totals(
    scope: Scope, filters: Filters, by: str, base: tuple[date, bool]
) -> tuple[Select[*tuple[Any, ...]], ...]:
    """What is open from the sums by due day; what is disputed, which is little, from its rows."""
    names = _names(by)
    standing = open_totals.standing(scope, filters, by, base)
    s = standing.c
    sums = select(
        *(s[name] for name in names),
        *_buckets(s.due_on, s.open_amount, filters),
        total(s.bills).label("open_count"),
        total(s.flagged).label("flagged"),
        total(s.owed).label("owed"),
    ).group_by(*(s[name] for name in names))
    return sums, _of_disputes(scope, filters, names)


def _of_disputes(
    scope: Scope, filters: Filters, names: tuple[str, ...], alone: Accounts = None
) -> Select[*tuple[Any, ...]]:
    a, bills = ledger_accounts(scope, filters), disputed_bills(filters.as_of, filters.basis, alone)
    keys = [a.c[name] for name in names]
    statement = select(*keys, *_disputed(bills.c.base, bills.c.disputed, filters))
    return statement.join(bills, bills.c.account_id == a.c.account_id).group_by(*keys)


@lru_cache(maxsize=256)
def _from_counters(scope: Scope, filters: Filters, by: str, *, named: bool) -> tuple[Select[*tuple[Any, ...]], ...]:
    """The same from the bills and the money that are open now, when nothing moved after the day."""
    a, alone = ledger_accounts(scope, filters), few_accounts(scope, filters, by, named=named)
    keys = [a.c[name] for name in _names(by)]
    i, p = invoices.c, payments.c
    base = i.issued_on if filters.basis is Basis.INVOICE else effective_due(a.c.terms_days)
    is_bill, left = i.kind == "invoice", i.amount - i.settled
    bills = (
        select(
            *keys,
            *_buckets(base, case((is_bill, left), else_=0), filters),
            total(case((is_bill, 1), else_=0)).label("open_count"),
            total(case((and_(is_bill, i.due_on.is_(None)), 1), else_=0)).label("flagged"),
            total(case((is_bill, 0), else_=left)).label("credits"),
        )
        .select_from(invoices)
        .join(a, a.c.account_id == i.account_id)
        .where(i.settled < i.amount, of_these(alone, i.account_id))
        .group_by(*keys)
    )
    unused = case((p.kind == "refund", p.amount - p.allocated), else_=p.allocated - p.amount)
    money = (
        select(*keys, total(unused).label("unapplied"))
        .select_from(payments)
        .join(a, a.c.account_id == p.account_id)
        .where(p.allocated < p.amount, p.reversed_on.is_(None), p.kind != "reversal", of_these(alone, p.account_id))
        .group_by(*keys)
    )
    return bills, money, _of_disputes(scope, filters, _names(by), alone)


@lru_cache(maxsize=256)
def _from_rows(scope: Scope, filters: Filters, by: str, *, named: bool) -> tuple[Select[*tuple[Any, ...]], ...]:
    """The same from the bills and the money themselves, with what moved after the day taken back."""
    a, alone = ledger_accounts(scope, filters), few_accounts(scope, filters, by, named=named)
    items = open_items(filters.as_of, filters.basis, alone)
    money = unapplied(filters.as_of, alone)
    keys = [a.c[name] for name in _names(by)]
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
    return bills, unused


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


def hidden_totals(connection: Connection, scope: Scope, filters: Filters) -> dict[str, int]:
    """Outstanding by currency of the accounts that the filters leave out, found without those that they keep."""
    if not narrowed(filters):
        return {}
    now, (by, kept) = Filters(as_of=filters.as_of), _one_choice(filters)
    hidden: Counter[str] = Counter()
    if by:
        for row in aging(connection, scope, now, by):
            if (kept and row.key not in kept) or (filters.currencies and row.currency not in filters.currencies):
                hidden[row.currency] += row.outstanding
        return dict(hidden)
    shown = select(ledger_accounts(scope, filters).c.account_id)
    a = ledger_accounts(scope, now)
    items, money = open_items(filters.as_of), unapplied(filters.as_of)
    for rows, amount in ((items, items.c.open_amount), (money, money.c.unapplied)):
        statement = select(a.c.currency, total(amount)).join(rows, rows.c.account_id == a.c.account_id)
        for currency, sums in connection.execute(statement.where(a.c.account_id.not_in(shown)).group_by(a.c.currency)):
            hidden[currency] += sums
    return dict(hidden)


def _one_choice(filters: Filters) -> tuple[str, tuple[str, ...]]:
    """What is chosen beside currencies, when that is regions, vendors or service types alone; else nothing."""
    chosen = {"region": filters.regions, "vendor": filters.vendors, "service_type": filters.service_types}
    named = [(by, values) for by, values in chosen.items() if values]
    if filters.sites or filters.search.strip() or len(named) > 1:
        return "", ()
    return named[0] if named else ("currency", ())
