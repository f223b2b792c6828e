"""What is open by due day, read from open_totals (decision 0030), for who sees every site; on any day.

A day starts from the sums at the end of its month or of the month before, whichever is nearer, and the rows of the days
between are added or taken back. Sites and accounts are not in the sums: what is filtered by them is read from its own rows.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    Subquery,
    and_,
    case,
    func,
    literal,
    null,
    select,
    union,
    union_all,
)

from data_access.queries.dimensions import ledger_accounts
from data_access.queries.expressions import signed, total
from data_access.queries.positions import effective_due
from data_access.schema import allocations, invoices, open_totals, payments, vendors
from data_access.scope import Scope, require
from domain.filters import Basis, Filters
from domain.periods import add_months, month_start

BY = ("currency", "region", "vendor", "service_type")
MEASURES = ("open_amount", "bills", "flagged", "owed")
_KEYS = ("due_on", "region", "vendor_id", "service_type", "currency")
_LAST_DAY = date(9998, 12, 1)
_FEW = 1000  # rows that are read back without asking whether it is nearer from the other side


def kept_by_due_day(scope: Scope, filters: Filters, by: str) -> bool:
    """Can this be read from here: for every site, aged by due day, and by region or by vendor, not by both at once?"""
    if not require(scope).everything or filters.sites or filters.search.strip() or by not in BY:
        return False
    both = _by_region(filters, by) and _by_vendor(filters, by)
    return not both and filters.basis is Basis.DUE and filters.as_of < _LAST_DAY


def standing(connection: Connection, scope: Scope, filters: Filters, by: str) -> Subquery:
    """due_on, the key of `by`, currency and MEASURES as of the day: several rows of each, to be added up.

    open_amount and bills, of them flagged for no due day of their own; owed: with what was paid and not yet applied.
    """
    as_of = filters.as_of
    end = add_months(month_start(as_of), 1) - timedelta(days=1)
    base = end if _few_between(connection, as_of, end) or as_of.day > 15 else month_start(as_of) - timedelta(days=1)  # noqa: PLR2004
    parts = _sums(filters, f"{base:%Y-%m}", by_vendor=_by_vendor(filters, by))
    if base != as_of:
        parts += _between(scope, filters, base, as_of)
    rows = union_all(*parts).subquery("rows")
    keys = [rows.c[name] for name in dict.fromkeys(("due_on", by if by != "vendor" else "vendor_id", "currency"))]
    measures = [rows.c[name] for name in MEASURES]
    if by != "vendor":
        return select(*keys, *measures).subquery("standing")
    named = select(*keys, vendors.c.name.label("vendor"), *measures).join(vendors, vendors.c.id == rows.c.vendor_id)
    return named.subquery("standing")


def _by_region(filters: Filters, by: str) -> bool:
    return by == "region" or bool(filters.regions)


def _by_vendor(filters: Filters, by: str) -> bool:
    return by in ("vendor", "service_type") or bool(filters.vendors or filters.service_types)


def _sums(filters: Filters, month: str, *, by_vendor: bool) -> list[Select[Any]]:
    """What was open at the end of `month`: what is open now, what came in since, less what later months changed."""
    t = open_totals.c
    added_up = t.region.is_(None) if by_vendor else t.vendor_id.is_(None)
    keys, measures = [t[name] for name in _KEYS], [t[name] for name in MEASURES]
    chosen = _chosen(filters)
    return [
        select(*keys, *measures).where(t.month.is_(None), added_up, *chosen),
        select(*keys, *measures).where(t.account_id.is_not(None), t.month <= month, *chosen),
        select(*keys, *(-measure for measure in measures)).where(t.month > month, added_up, *chosen),
    ]


def _chosen(filters: Filters) -> list[ColumnElement[bool]]:
    t = open_totals.c
    found = [
        column.in_(wanted)
        for column, wanted in (
            (t.region, filters.regions),
            (t.service_type, filters.service_types),
            (t.currency, filters.currencies),
        )
        if wanted
    ]
    if filters.vendors:
        found.append(t.vendor_id.in_(select(vendors.c.id).where(vendors.c.name.in_(filters.vendors))))
    return found


def _few_between(connection: Connection, first: date, last: date) -> bool:
    """Do few rows fall after `first`, up to `last`? Looks at no more than that."""
    days = (allocations.c.applied_on, invoices.c.issued_on, payments.c.paid_on)
    parts = [select(literal(1)).where(day > first, day <= last).limit(_FEW).subquery() for day in days]
    counts = [select(func.count()).select_from(part).scalar_subquery() for part in parts]
    return sum(connection.execute(select(*counts)).one()) < _FEW


def _between(scope: Scope, filters: Filters, base: date, as_of: date) -> list[Select[Any]]:
    """What the rows of the days between `base` and the as-of day change, from the one to the other."""
    first, last = sorted((base, as_of))
    sign = 1 if base < as_of else -1
    a = ledger_accounts(scope, filters)
    names = (a.c.region, a.c.vendor_id, a.c.service_type, a.c.currency)
    bills = _touched(a, first, last)
    none = literal(0)
    opened = _opened(bills, sign)
    owed = [null(), *names, none, none, none]
    i, p, original = invoices.c, payments.c, payments.alias("original")
    of_bill = case((i.kind == "invoice", i.amount), else_=-i.amount)
    leaves = (p.kind == "payment") | ((p.kind == "reversal") & (original.c.kind == "refund"))
    of_money = case((leaves, -p.amount), else_=p.amount)
    came_from = and_(original.c.account_id == p.account_id, original.c.id == p.reverses_id)
    return [
        select(*(bills.c[name] for name in _KEYS), *opened, none),
        select(*owed, sign * of_bill).join(a, a.c.account_id == i.account_id).where(_within(i.issued_on, first, last)),
        select(*owed, sign * of_money)
        .select_from(payments)
        .join(a, a.c.account_id == p.account_id)
        .outerjoin(original, came_from)
        .where(_within(p.paid_on, first, last)),
    ]


def _within(day: ColumnElement[date], first: date, last: date) -> ColumnElement[bool]:
    return and_(day > first, day <= last)


def _touched(a: Subquery, first: date, last: date) -> Subquery:
    """The bills that came or that something was applied to on these days: open at their beginning and at their end."""
    i, x = invoices.c, allocations.c
    found = union(
        select(x.account_id, x.invoice_id).where(_within(x.applied_on, first, last), x.invoice_id.is_not(None)),
        select(i.account_id, i.id).where(_within(i.issued_on, first, last), i.kind == "invoice"),
    ).subquery("found")
    of_bill = and_(x.account_id == found.c.account_id, x.invoice_id == found.c.invoice_id)
    # Bill by bill: joined, SQLite would group them all in a table of its own.
    before, after = (
        select(total(signed(allocations))).where(of_bill, x.applied_on <= day).scalar_subquery()
        for day in (first, last)
    )
    return (
        select(
            effective_due(a.c.terms_days).label("due_on"),
            *(a.c[name] for name in _KEYS[1:]),
            case((i.due_on.is_(None), 1), else_=0).label("missing"),
            case((i.issued_on <= first, i.amount - before), else_=0).label("before"),
            (i.amount - after).label("after"),
        )
        .select_from(found)
        .join(invoices, and_(i.account_id == found.c.account_id, i.id == found.c.invoice_id))
        .join(a, a.c.account_id == found.c.account_id)
        .subquery("touched")
    )


def _opened(bills: Subquery, sign: int) -> Sequence[ColumnElement[int]]:
    was, is_open = (case((bills.c[name] > 0, 1), else_=0) for name in ("before", "after"))
    return (
        sign * (bills.c.after - bills.c.before),
        sign * (is_open - was),
        sign * (is_open - was) * bills.c.missing,
    )
