"""Balances: aging by group, the bills behind it, and how it came about month by month."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Select, and_, case, func, select, tuple_

from data_access.queries import open_totals
from data_access.queries.dimensions import group_named, ledger_accounts, narrowed
from data_access.queries.expressions import bucket, total
from data_access.queries.positions import disputed_bills, effective_due, nothing_since, open_items, unapplied
from data_access.schema import invoices, payments
from data_access.scope import Scope
from domain.aging import AgingRow, bucket_starts
from domain.filters import Basis, Filters

AGING_GROUPS = ("site", "vendor", "account", "region", "currency", "service_type")


def aging(connection: Connection, scope: Scope, filters: Filters, by: str) -> list[AgingRow]:
    """One row a group and currency, the largest outstanding first. Groups with nothing open are left out."""
    group = group_named(by, AGING_GROUPS)
    names = _names(by)
    kept = open_totals.kept_by_due_day(scope, filters, by)
    if kept:
        parts = _from_totals(scope, filters, by, open_totals.base_of(connection, scope, filters.as_of))
    else:
        parts = (_from_counters if nothing_since(connection, scope, filters.as_of) else _from_rows)(scope, filters, by)
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


def _of_disputes(scope: Scope, filters: Filters, names: tuple[str, ...]) -> Select[*tuple[Any, ...]]:
    a, bills = ledger_accounts(scope, filters), disputed_bills(filters.as_of, filters.basis)
    keys = [a.c[name] for name in names]
    statement = select(*keys, *_disputed(bills.c.base, bills.c.disputed, filters))
    return statement.join(bills, bills.c.account_id == a.c.account_id).group_by(*keys)


@lru_cache(maxsize=256)
def _from_counters(scope: Scope, filters: Filters, by: str) -> tuple[Select[*tuple[Any, ...]], ...]:
    """The same from the bills and the money that are open now, when nothing moved after the day."""
    a = ledger_accounts(scope, filters)
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
        .where(i.settled < i.amount)
        .group_by(*keys)
    )
    unused = case((p.kind == "refund", p.amount - p.allocated), else_=p.allocated - p.amount)
    money = (
        select(*keys, total(unused).label("unapplied"))
        .select_from(payments)
        .join(a, a.c.account_id == p.account_id)
        .where(p.allocated < p.amount, p.reversed_on.is_(None), p.kind != "reversal")
        .group_by(*keys)
    )
    return bills, money, _of_disputes(scope, filters, _names(by))


@lru_cache(maxsize=256)
def _from_rows(scope: Scope, filters: Filters, by: str) -> tuple[Select[*tuple[Any, ...]], ...]:
    """The same from the bills and the money themselves, with what moved after the day taken back."""
    a = ledger_accounts(scope, filters)
    items = open_items(filters.as_of, filters.basis)
    money = unapplied(filters.as_of)
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
