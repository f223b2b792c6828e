"""Sums of whole months read from month_totals and month_payments (decision 0027), for who sees every site.

A period that begins or ends within a month is made exact by the rows of that month which lie outside it: there are none when
the as-of day is today. Sites and accounts are not in these tables: what is filtered by them is read from its own rows.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, Subquery, and_, case, func, literal, or_, select, union_all

from data_access.queries.dimensions import ledger_accounts
from data_access.queries.expressions import month_text
from data_access.schema import invoices, month_payments, month_totals, payments, vendors
from data_access.scope import Scope, require
from domain.filters import Filters
from domain.periods import add_months, month_start

BY = ("month", "currency", "region", "vendor", "service_type")
_LAST_DAY = date(9998, 12, 1)


@dataclass(frozen=True, slots=True)
class Months:
    """The months of a period, and the days in them that do not belong to it, half-open."""

    first: str | None
    last: str
    outside: tuple[tuple[date, date], ...]

    def within(self, month: ColumnElement[str]) -> ColumnElement[bool]:
        """The condition that keeps these months."""
        return month <= self.last if self.first is None else month.between(self.first, self.last)

    def around(self, day: ColumnElement[date]) -> list[ColumnElement[bool]]:
        """One condition for each stretch of days that is too much."""
        return [and_(day >= since, day < until) for since, until in self.outside]


def months_of(filters: Filters) -> Months | None:
    """The months from filters.since to before filters.until and no later than the as-of day; None for no day at all."""
    end = filters.as_of + timedelta(days=1)
    if filters.until:
        end = min(end, filters.until)
    if filters.since and filters.since >= end:
        return None
    outside = []
    if filters.since and filters.since > month_start(filters.since):
        outside.append((month_start(filters.since), filters.since))
    last = month_start(end - timedelta(days=1))
    if end < add_months(last, 1):
        outside.append((end, add_months(last, 1)))
    return Months(f"{filters.since:%Y-%m}" if filters.since else None, f"{last:%Y-%m}", tuple(outside))


def kept_by_month(scope: Scope, filters: Filters) -> bool:
    """Can sums be read from here: for every site, and filtered by nothing that only rows know?"""
    known = filters.as_of < _LAST_DAY  # the month after it is asked for
    return require(scope).everything and not filters.sites and not filters.search.strip() and known


def bills(scope: Scope, filters: Filters, months: Months) -> Subquery:
    """month, region, vendor, service_type, currency, billed, credited of the bills of a period."""
    amounts = {
        "billed": case((invoices.c.kind == "invoice", -invoices.c.amount), else_=0),
        "credited": case((invoices.c.kind == "credit_note", -invoices.c.amount), else_=0),
    }
    a = ledger_accounts(scope, filters)
    rows = (
        select(month_text(invoices.c.issued_on).label("month"), *_dimensions(a), *(v.label(n) for n, v in amounts.items()))
        .join(a, a.c.account_id == invoices.c.account_id)
    )  # fmt: skip
    outside = [rows.where(condition) for condition in months.around(invoices.c.issued_on)]
    return union_all(_totals(filters, months, tuple(amounts)), *outside).subquery("bills")


def money(scope: Scope, filters: Filters, months: Months) -> Subquery:
    """The same of payments: paid, refunded, returned, bounced (a refund that came back) and their number, payments."""
    names = ("paid", "refunded", "returned", "bounced", "payments")
    original = payments.alias("original")
    bounced = and_(payments.c.kind == "reversal", original.c.kind == "refund")
    amounts = [
        case((condition, -payments.c.amount), else_=0)
        for condition in (
            payments.c.kind == "payment",
            payments.c.kind == "refund",
            and_(payments.c.kind == "reversal", original.c.kind == "payment"),
            bounced,
        )
    ]
    a = ledger_accounts(scope, filters)
    rows = (
        select(
            month_text(payments.c.paid_on).label("month"),
            *_dimensions(a),
            *(value.label(name) for name, value in zip(names, [*amounts, literal(-1)], strict=True)),
        )
        .join(a, a.c.account_id == payments.c.account_id)
        .outerjoin(
            original, and_(original.c.account_id == payments.c.account_id, original.c.id == payments.c.reverses_id)
        )
    )
    outside = [rows.where(condition) for condition in months.around(payments.c.paid_on)]
    return union_all(_totals(filters, months, names), *outside).subquery("money")


def money_by_way(scope: Scope, filters: Filters, months: Months) -> Subquery:
    """month, region, currency, method, channel, paid, refunded, returned, payments; not for filters by vendor or service."""
    t = month_payments.c
    conditions: list[ColumnElement[bool]] = [months.within(t.month), *_chosen(t, filters)]
    if filters.methods:
        conditions.append(t.method.in_(filters.methods))
    whole = select(t.month, t.region, t.currency, t.method, t.channel, t.paid, t.refunded, t.returned, t.payments)
    p = payments.c
    a = ledger_accounts(scope, filters)
    rows = select(
        month_text(p.paid_on),
        a.c.region,
        a.c.currency,
        p.method,
        p.channel,
        *(case((p.kind == kind, -p.amount), else_=0) for kind in ("payment", "refund", "reversal")),
        literal(-1),
    ).join(a, a.c.account_id == p.account_id)
    if filters.methods:
        rows = rows.where(p.method.in_(filters.methods))
    outside = [rows.where(condition) for condition in months.around(p.paid_on)]
    return union_all(whole.where(*conditions), *outside).subquery("ways")


def standing_moves(filters: Filters, last: str) -> Select[Any]:
    """What each month up to `last` changed: month, dimensions, owed, of it late, and late_bills, their number."""
    t = month_totals.c
    owed = t.billed - t.credited - t.paid + t.refunded + t.returned - t.bounced
    return _named(filters, owed.label("owed"), t.late, t.late_bills).where(t.month <= last)


def months_with(filters: Filters, measures: Sequence[str]) -> Select[str]:
    """The months up to the as-of day's that have any of the measures, the earliest first."""
    rows = _named(filters, *(month_totals.c[name] for name in measures)).subquery("rows")
    sums = [func.sum(rows.c[name]) != 0 for name in measures]
    statement = select(rows.c.month).where(rows.c.month <= f"{filters.as_of:%Y-%m}").group_by(rows.c.month)
    return statement.having(or_(*sums)).order_by(rows.c.month)


def _dimensions(a: Subquery) -> list[Any]:
    return [a.c.region, a.c.vendor, a.c.service_type, a.c.currency]


def _totals(filters: Filters, months: Months, measures: Sequence[str]) -> Select[Any]:
    return _named(filters, *(month_totals.c[name] for name in measures)).where(months.within(month_totals.c.month))


def _named(filters: Filters, *measures: Any) -> Select[Any]:
    t = month_totals.c
    statement = select(t.month, t.region, vendors.c.name.label("vendor"), t.service_type, t.currency, *measures).join(
        vendors, vendors.c.id == t.vendor_id
    )
    statement = statement.where(*_chosen(t, filters))
    if filters.vendors:
        statement = statement.where(vendors.c.name.in_(filters.vendors))
    if filters.service_types:
        statement = statement.where(t.service_type.in_(filters.service_types))
    return statement


def _chosen(t: Any, filters: Filters) -> list[ColumnElement[bool]]:
    return [
        column.in_(wanted)
        for column, wanted in ((t.region, filters.regions), (t.currency, filters.currencies))
        if wanted
    ]
