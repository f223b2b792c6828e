"""What is open by due day, read from open_totals (decision 0030), for who sees every site; on any day.

A day starts from the sums at the end of its month or of the month before, whichever is nearer, and the rows of the days
between are added or taken back. Sites and accounts are not in the sums: what is filtered by them is read from its own rows.
"""

from datetime import date, timedelta
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Date,
    Select,
    Subquery,
    and_,
    bindparam,
    case,
    false,
    func,
    literal,
    null,
    or_,
    select,
    true,
    union_all,
)

from data_access.queries.dimensions import ledger_accounts
from data_access.queries.expressions import signed, total, unindexed
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
_FAR = 1000  # rows between, from which on reading what stood open costs less


def kept_by_due_day(scope: Scope, filters: Filters, by: str) -> bool:
    """Can this be read from here: for every site, aged by due day, and by region or by vendor, not by both at once?"""
    if not require(scope).everything or filters.sites or filters.search.strip() or by not in BY:
        return False
    both = _by_region(filters, by) and _by_vendor(filters, by)
    return not both and filters.basis is Basis.DUE and filters.as_of < _LAST_DAY


def start_of(connection: Connection, scope: Scope, filters: Filters, by: str) -> tuple[date, bool] | None:
    """base_of, where this is read from here; not where more rows lie between than what stood open costs to read."""
    if not kept_by_due_day(scope, filters, by):
        return None
    base, between = base_of(connection, scope, filters.as_of)
    if not between or not (_by_region(filters, by) or _by_vendor(filters, by)):
        return base, between
    first, last = sorted((base, filters.as_of))
    return (base, between) if _count_between(connection, first, last) < _FAR else None


def base_of(connection: Connection, scope: Scope, as_of: date) -> tuple[date, bool]:
    """The end of a month to start from, and whether rows of days between it and the as-of day change what is open.

    Like the sums themselves, for who sees every site.
    """
    require(scope)
    end = add_months(month_start(as_of), 1) - timedelta(days=1)
    since = _count_between(connection, as_of, end)
    # From the month's end where little came since, else from the nearer one.
    base = end if since < _FEW or as_of.day > 15 else month_start(as_of) - timedelta(days=1)  # noqa: PLR2004
    return base, base < as_of or since > 0


def standing(scope: Scope, filters: Filters, by: str, base: tuple[date, bool]) -> Subquery:
    """due_on, the key of `by`, currency and MEASURES as of the day: several rows of each, to be added up.

    open_amount and bills, of them flagged for no due day of their own; owed: with what was paid and not yet applied.
    `base` is what base_of says.
    """
    month_end, between = base
    parts = _sums(filters, f"{month_end:%Y-%m}", by_vendor=_by_vendor(filters, by))
    if between:
        alone = by == "currency" and not _by_region(filters, by) and not _by_vendor(filters, by)
        parts += (
            _days(filters, month_end, filters.as_of) if alone else _between(scope, filters, month_end, filters.as_of)
        )
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


def _sums(filters: Filters, month: str, *, by_vendor: bool) -> list[Select[*tuple[Any, ...]]]:
    """What was open at the end of `month`: what is open now, what came in since, less what later months changed."""
    t = open_totals.c
    added_up = and_(t.day.is_(None), t.region.is_(None) if by_vendor else t.vendor_id.is_(None))
    keys, measures = [t[name] for name in _KEYS], [t[name] for name in MEASURES]
    chosen = _chosen(filters)
    return [
        select(*keys, *measures).where(t.month.is_(None), added_up, *chosen),
        select(*keys, *measures).where(t.account_id.is_not(None), t.month <= month, *chosen),
        select(*keys, *(-measure for measure in measures)).where(t.month > month, added_up, *chosen),
    ]


def months_of_open(filters: Filters, by: str, first: str, last: str) -> Subquery:
    """month, later, the key of `by` (vendor_id for vendor), currency and open_amount, to be added up; for who sees every site.

    What was open at the end of a month, from the `first` to the `last`: what names no month, what came in up to its end, and what
    the months `later` than it take back.
    """
    t = open_totals.c
    added_up = and_(t.day.is_(None), t.region.is_(None) if _by_vendor(filters, by) else t.vendor_id.is_(None))
    keys, chosen = [t["vendor_id" if by == "vendor" else by], t.currency], _chosen(filters)
    of_now = select(literal(None).label("month"), false().label("later"), *keys, t.open_amount)
    came = select(t.month, false(), *keys, t.open_amount).where(t.account_id.is_not(None), t.month <= last)
    back = select(t.month, true(), *keys, -t.open_amount).where(t.month > first, added_up)
    parts = (of_now.where(t.month.is_(None), added_up), came, back)
    return union_all(*(part.where(*chosen) for part in parts)).subquery("open_moves")


def _days(filters: Filters, base: date, as_of: date) -> list[Select[*tuple[Any, ...]]]:
    """What the days between the end of the month `base` and the as-of day changed, from the one to the other."""
    t = open_totals.c
    first, last = sorted((base, as_of))
    sign = literal(1 if base < as_of else -1)
    rows = select(*(t[name] for name in _KEYS), *(sign * t[name] for name in MEASURES)).where(
        _within(t.day, first, last)
    )
    chosen = _chosen(filters)
    came = and_(t.account_id.is_not(None), t.month.between(f"{first:%Y-%m}", f"{last:%Y-%m}"))
    return [rows.where(t.account_id.is_(None), *chosen), rows.where(came, *chosen)]


def _chosen(filters: Filters) -> list[ColumnElement[bool]]:
    t = open_totals.c
    found: list[ColumnElement[bool]] = [
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


def _count_between(connection: Connection, first: date, last: date) -> int:
    """How many rows fall after `first`, up to `last`: some of each kind are counted, no more."""
    return sum(connection.execute(_counts(max(_FEW, _FAR)), {"first": first, "last": last}).one())


@cache
def _counts(most: int) -> Select[*tuple[Any, ...]]:
    first, last = bindparam("first", type_=Date), bindparam("last", type_=Date)
    days = (allocations.c.applied_on, invoices.c.issued_on, payments.c.paid_on)
    parts = [select(literal(1)).where(day > first, day <= last).limit(most).subquery() for day in days]
    return select(*(select(func.count()).select_from(part).scalar_subquery() for part in parts))


def _between(scope: Scope, filters: Filters, base: date, as_of: date) -> list[Select[*tuple[Any, ...]]]:
    """What the rows of the days between `base` and the as-of day change, from the one to the other."""
    first, last = sorted((base, as_of))
    sign = literal(1 if base < as_of else -1)
    a = ledger_accounts(scope, filters)
    names = (a.c.region, a.c.vendor_id, a.c.service_type, a.c.currency)
    due, none = effective_due(a.c.terms_days), literal(0)
    i, p, original = invoices.c, payments.c, payments.alias("original")
    missing = case((i.due_on.is_(None), 1), else_=0)
    came_from = and_(original.c.account_id == p.account_id, original.c.id == p.reverses_id)
    leaves = or_(p.kind == "payment", and_(p.kind == "reversal", original.c.kind == "refund"))
    x = _applied(first, last)
    # Bills of these days were not open before, whatever was applied to them since.
    before = case((i.issued_on > first, i.amount), else_=i.amount - x.c.before)
    closed = _is_open(before - x.c.applied) - _is_open(before)
    issued = (_within(i.issued_on, first, last), i.kind == "invoice")
    return [
        select(due.label("due_on"), *names, sign * i.amount, sign, sign * missing, none)
        .join(a, a.c.account_id == i.account_id)
        .where(*issued),
        select(due, *names, -sign * x.c.applied, sign * closed, sign * closed * missing, none)
        .select_from(x)
        .join(invoices, and_(i.account_id == x.c.account_id, i.id == x.c.invoice_id))
        .join(a, a.c.account_id == x.c.account_id),
        select(null(), *names, none, none, none, sign * case((i.kind == "invoice", i.amount), else_=-i.amount))
        .join(a, a.c.account_id == i.account_id)
        .where(issued[0]),
        select(null(), *names, none, none, none, sign * case((leaves, -p.amount), else_=p.amount))
        .select_from(payments)
        .join(a, a.c.account_id == p.account_id)
        .outerjoin(original, came_from)
        .where(_within(p.paid_on, first, last)),
    ]


def _within(day: ColumnElement[date], first: date, last: date) -> ColumnElement[bool]:
    return and_(day > first, day <= last)


def _is_open(amount: ColumnElement[int]) -> ColumnElement[int]:
    return case((amount > 0, 1), else_=0)


def _applied(first: date, last: date) -> Subquery:
    """By bill: what was applied on these days, and what before them; account_id, invoice_id, applied, before."""
    x, earlier = allocations.c, allocations.alias("earlier")
    applied = (
        select(x.account_id, x.invoice_id, total(signed(allocations)).label("applied"))
        .where(_within(x.applied_on, first, last), unindexed(x.invoice_id).is_not(None))
        .group_by(unindexed(x.account_id), unindexed(x.invoice_id))
        .subquery("uses")
    )
    before = and_(
        earlier.c.account_id == applied.c.account_id,
        earlier.c.invoice_id == applied.c.invoice_id,
        earlier.c.applied_on <= first,
    )
    known = [applied.c[name] for name in ("account_id", "invoice_id", "applied")]
    return (
        select(*known, total(signed(earlier)).label("before"))
        .outerjoin(earlier, before)
        .group_by(*known)
        .subquery("applied")
    )
