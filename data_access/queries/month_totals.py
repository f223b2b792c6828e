"""Sums of whole months read from month_totals and month_payments (decision 0027), for who sees every site.

A period that begins or ends within a month is made exact by the rows of that month which lie in it or outside it, whichever are
fewer days: there are none outside when the as-of day is today. Sites and accounts are not in these tables: what is filtered by them is read from its own rows.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    Subquery,
    and_,
    bindparam,
    case,
    func,
    literal,
    or_,
    select,
    union_all,
)

from data_access.queries.dimensions import bare_accounts
from data_access.queries.expressions import each_value, month_text, total
from data_access.schema import invoices, month_payments, month_totals, payments, vendors
from data_access.scope import Scope, require, within
from domain.filters import Filters
from domain.periods import add_months, month_start

BY = ("month", "currency", "region", "vendor", "service_type")
_PLACES = ("region", "vendor", "service_type")
BILLS = ("billed", "credited")
MONEY = ("paid", "refunded", "returned", "bounced", "payments")
_LAST_DAY = date(9998, 12, 1)
_HALF = 15  # days of a month


@dataclass(frozen=True, slots=True)
class Months:
    """Months, and the days (half-open) that are to be added to them (1) or taken off again (-1) to make up a period."""

    first: str | None
    last: str  # before the first one: no month at all
    beside: tuple[tuple[int, date, date], ...]

    def within(self, month: ColumnElement[str]) -> ColumnElement[bool]:
        """The condition that keeps these months."""
        return month <= self.last if self.first is None else month.between(self.first, self.last)


def months_of(connection: Connection, scope: Scope, filters: Filters) -> Months | None:
    """The months from filters.since to before filters.until and no later than the as-of day; None for no day at all.

    A month in which the period begins or ends is counted whole or not at all, whichever is nearer.
    """
    end = filters.as_of + timedelta(days=1)
    if filters.until:
        end = min(end, filters.until)
    since = filters.since
    if since and since >= end:
        return None
    last = month_start(end - timedelta(days=1))
    if since and since >= last and (end - since).days <= _HALF:
        return Months(f"{last:%Y-%m}", "", ((1, since, end),))
    first, beside = since, []
    if since and since.day > _HALF + 1 and since < last:
        first = add_months(month_start(since), 1)
        beside.append((1, since, first))
    elif since and since.day > 1:
        beside.append((-1, month_start(since), since))
    over = add_months(last, 1)
    ends = f"{last:%Y-%m}"
    if (
        end < over
        and (since is None or since < last)
        and end.day <= _HALF
        and _any_between(connection, scope, end, over)
    ):
        beside.append((1, last, end))
        ends = f"{last - timedelta(days=1):%Y-%m}"
    elif end < over:
        beside.append((-1, end, over))
    return Months(f"{first:%Y-%m}" if first else None, ends, tuple(beside))


def _any_between(connection: Connection, scope: Scope, since: date, end: date) -> bool:
    days = (invoices.c.issued_on, payments.c.paid_on)
    some = (select(day).where(day >= since, day < end, within(scope, day.table.c.site_id)).exists() for day in days)
    return bool(connection.scalar(select(or_(*some))))


def kept_by_month(scope: Scope, filters: Filters) -> bool:
    """Can sums be read from here: for every site, and filtered by nothing that only rows know?"""
    known = filters.as_of < _LAST_DAY  # the month after it is asked for
    return require(scope).everything and not filters.sites and not filters.search.strip() and known


def bills(scope: Scope, filters: Filters, months: Months, by: str = "currency") -> Subquery:
    """month, the column of `by`, currency, billed and credited of the bills of a period; several rows of each."""
    a = bare_accounts(scope, filters, by)
    beside = bills_beside(a, months, month_text(invoices.c.issued_on).label("month"), *_keys(a.c, by))
    return union_all(*_totals(filters, by, BILLS, months.within(month_totals.c.month)), *beside).subquery("bills")


@lru_cache(maxsize=256)  # putting it together costs more than its answer
def billed(scope: Scope, filters: Filters, months: Months) -> Select[str, str, int]:
    """month, currency, amount billed less credited, in order; each where there was something of either."""
    rows = bills(scope, filters, months)
    keys = [rows.c.month, rows.c.currency]
    sums = [total(rows.c[name]) for name in BILLS]
    statement = select(*keys, (sums[0] - sums[1]).label("amount")).group_by(*keys).order_by(*keys)
    return statement.having(or_(*(each != 0 for each in sums)))


def bills_beside(a: Subquery, months: Months, *keys: Any) -> list[Select[Any]]:
    """The bills of the days beside the months: keys and BILLS. `a` is ledger_accounts."""
    i = invoices.c
    return [
        select(*keys, *(case((i.kind == kind, sign * i.amount), else_=0) for kind in ("invoice", "credit_note")))
        .select_from(invoices)
        .join(a, a.c.account_id == i.account_id)
        .where(i.issued_on >= since, i.issued_on < end)
        for sign, since, end in months.beside
    ]


def money(scope: Scope, filters: Filters, months: Months, by: str = "currency") -> Subquery:
    """The same of payments: paid, refunded, returned, bounced (a refund that came back) and their number, payments."""
    a = bare_accounts(scope, filters, by)
    beside = money_beside(a, months, month_text(payments.c.paid_on).label("month"), *_keys(a.c, by))
    return union_all(*_totals(filters, by, MONEY, months.within(month_totals.c.month)), *beside).subquery("money")


def money_beside(a: Subquery, months: Months, *keys: Any) -> list[Select[Any]]:
    """The payments of the days beside the months: keys and MONEY. `a` is ledger_accounts."""
    p, original = payments.c, payments.alias("original")
    of_payment = and_(original.c.account_id == p.account_id, original.c.id == p.reverses_id)
    kinds = (
        p.kind == "payment",
        p.kind == "refund",
        and_(p.kind == "reversal", original.c.kind == "payment"),
        and_(p.kind == "reversal", original.c.kind == "refund"),
    )
    return [
        select(*keys, *(case((kind, sign * p.amount), else_=0) for kind in kinds), literal(sign))
        .select_from(payments)
        .join(a, a.c.account_id == p.account_id)
        .outerjoin(original, of_payment)
        .where(p.paid_on >= since, p.paid_on < end)
        for sign, since, end in months.beside
    ]


def money_by_way(scope: Scope, filters: Filters, months: Months, by: str) -> Subquery:
    """month, region if `by` it, currency, method, channel, paid, refunded, returned, payments; not for filters by vendor or service."""
    t = month_payments.c
    conditions: list[ColumnElement[bool]] = [months.within(t.month), *_chosen(t, filters)]
    if filters.methods:
        conditions.append(t.method.in_(filters.methods))
    whole = select(t.month, *_keys(t, by), t.method, t.channel, t.paid, t.refunded, t.returned, t.payments)
    p, a = payments.c, bare_accounts(scope, filters, by)
    parts = [whole.where(*conditions)]
    for sign, since, end in months.beside:
        rows = select(
            month_text(p.paid_on),
            *_keys(a.c, by),
            p.method,
            p.channel,
            *(case((p.kind == kind, sign * p.amount), else_=0) for kind in ("payment", "refund", "reversal")),
            literal(sign),
        ).join(a, a.c.account_id == p.account_id)
        if filters.methods:
            rows = rows.where(p.method.in_(filters.methods))
        parts.append(rows.where(p.paid_on >= since, p.paid_on < end))
    return union_all(*parts).subquery("ways")


def standing_moves(filters: Filters, by: str, *, last: str | None = None, after: str | None = None) -> Subquery:
    """What each month up to `last`, or after one, changed: month, the column of `by`, currency, owed, of it late, and late_bills, their number.

    Of all months together the late are what is open, whether it is late yet or not. Several rows of each.
    """
    t = month_totals.c
    owed = t.billed - t.credited - t.paid + t.refunded + t.returned - t.bounced
    until = t.month <= last if after is None else t.month > after
    return union_all(*_named(filters, by, [owed.label("owed"), t.late, t.late_bills], until)).subquery("moves")


def due_bills(filters: Filters, by: str, first: date | None, last: date) -> Subquery:
    """month, the column of `by`, currency, fell_due and in_time of the months from the first to before the last; several rows of each."""
    month = month_totals.c.month
    within = month < f"{last:%Y-%m}" if first is None else and_(month >= f"{first:%Y-%m}", month < f"{last:%Y-%m}")
    return union_all(*_totals(filters, by, ("fell_due", "in_time"), within)).subquery("due_bills")


def months_with(
    connection: Connection, scope: Scope, filters: Filters, measures: Sequence[str], *, newest_first: bool = False
) -> Iterator[str]:
    """The months up to the as-of day's that have any of the measures. Each is looked at when it is asked for: few are.

    Like the sums themselves, for who sees every site.
    """
    require(scope)
    sums = union_all(*_totals(filters, "month", measures, month_totals.c.month == bindparam("of"))).subquery("rows").c
    found = select(or_(*(func.coalesce(func.sum(sums[name]), 0) != 0 for name in measures)))
    last = f"{filters.as_of:%Y-%m}"
    known = sorted(filter(last.__ge__, connection.scalars(each_value(month_totals.c.month))), reverse=newest_first)
    return (month for month in known if connection.scalar(found, {"of": month}))


def _keys(columns: Any, by: str) -> list[Any]:
    return [*([columns[by]] if by in _PLACES else []), columns.currency]


def _totals(
    filters: Filters, by: str, measures: Sequence[str], months: ColumnElement[bool]
) -> list[Select[*tuple[Any, ...]]]:
    return _named(filters, by, [month_totals.c[name] for name in measures], months)


def _named(
    filters: Filters, by: str, measures: Sequence[Any], months: ColumnElement[bool]
) -> list[Select[*tuple[Any, ...]]]:
    """month, the column of `by`, currency and measures of these months.

    By month and currency what is added up is told by ix_month_totals_folded alone, and what has come in since apart from it.
    """
    t = month_totals.c
    conditions = [months, *_chosen(t, filters)]
    if not (by in _PLACES or filters.regions or filters.vendors or filters.service_types):
        sums = select(t.month, t.currency, *(total(each).label(each.key) for each in measures))
        sums = sums.where(*conditions).group_by(t.month, t.currency)
        return [sums.where(t.account_id.is_(None)), sums.where(t.account_id.is_not(None))]
    key = [vendors.c.name.label("vendor")] if by == "vendor" else [t[by]] if by in _PLACES else []
    rows = select(t.month, *key, t.currency, *measures).where(*conditions)
    if by == "vendor" or filters.vendors:
        rows = rows.join(vendors, vendors.c.id == t.vendor_id)
    if filters.vendors:
        rows = rows.where(vendors.c.name.in_(filters.vendors))
    if filters.service_types:
        rows = rows.where(t.service_type.in_(filters.service_types))
    return [rows]


def _chosen(t: Any, filters: Filters) -> list[ColumnElement[bool]]:
    return [
        column.in_(wanted)
        for column, wanted in ((t.region, filters.regions), (t.currency, filters.currencies))
        if wanted
    ]
