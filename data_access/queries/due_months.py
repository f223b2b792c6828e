"""Bills that fell due and were settled in time, from month_totals (decision 0035), for who sees every site.

Whole months are sums. What is added or taken back by rows: days of a month that begins or ends the period, bills that were
issued after the as-of day, and bills whose money was taken back after it.
"""

from datetime import date
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    Subquery,
    and_,
    case,
    false,
    func,
    literal,
    literal_column,
    or_,
    select,
    union_all,
)

from data_access.queries import month_totals as totals_of_months
from data_access.queries import open_totals
from data_access.queries.dimensions import ledger_accounts
from data_access.queries.expressions import add_days, month_text, total, unindexed
from data_access.queries.positions import effective_due
from data_access.schema import allocations, invoices, month_totals, vendors
from data_access.scope import Scope
from domain.filters import Basis, Filters
from domain.periods import add_months, month_start

BY = ("month", "region", "vendor")
_FEW_DAYS = 10  # of a month's beginning: nearer by its rows than by what is not due, or not in it, yet
_FIRST_DAY = date(1, 2, 1)


def kept_by_due_month(scope: Scope, filters: Filters, by: str) -> bool:
    """Can this be read from here: for every site, and filtered by region or by vendor, not by both at once?"""
    group = "currency" if by == "month" else by
    known = totals_of_months.kept_by_month(scope, filters) and filters.as_of > _FIRST_DAY and by in BY
    return known and open_totals.kept_by_due_day(scope, _by_due_day(filters), group)


def fell_due(connection: Connection, scope: Scope, filters: Filters, by: str) -> Subquery:
    """The key of `by`, bills and in_time of the bills that were due before the as-of day, in the period; several rows of each."""
    since, end = _period(filters)
    sums, days = _months_and_days(since, end)
    bills = _bills(scope, filters)
    within = _within(bills.c.due_on, since, end)
    parts = [select(*_counted(bills, by, sign)).where(_due_in(bills, *span)) for sign, span in days]
    if sums:
        parts.append(_sums(filters, by, *sums))
    early, later = _issued_later(filters), _taken_back_later(filters)
    if connection.scalar(select(early.exists())):
        one = early.subquery("early")
        of_the_bill = and_(one.c.account_id == bills.c.account_id, one.c.id == bills.c.id)
        parts.append(select(*_counted(bills, by, -1)).join(one, of_the_bill).where(*within))
    if connection.scalar(select(later.exists())):
        then = _in_time_then(bills, later.distinct().subquery("later"), filters, by)
        parts.append(then.where(*within))
    return union_all(*(parts or [select(*_counted(bills, by, 1)).where(false())])).subquery("fell_due")


def unpaid(scope: Scope, filters: Filters, by: str, base: tuple[date, bool]) -> Subquery:
    """The key of `by` and unpaid: how many of them were still open on the as-of day; `base` is of open_totals."""
    since, end = _period(filters)
    group = "currency" if by == "month" else by
    s = open_totals.standing(scope, _by_due_day(filters), group, base)
    key = month_text(s.c.due_on) if by == "month" else s.c[by]
    conditions = [s.c.due_on < end, *([s.c.due_on >= since] if since else [])]
    return select(key.label(by), s.c.bills.label("unpaid")).where(*conditions).subquery("unpaid")


def _by_due_day(filters: Filters) -> Filters:
    return Filters(
        as_of=filters.as_of,
        regions=filters.regions,
        sites=filters.sites,
        vendors=filters.vendors,
        service_types=filters.service_types,
        currencies=filters.currencies,
        search=filters.search,
        basis=Basis.DUE,
    )


def _period(filters: Filters) -> tuple[date | None, date]:
    """The due days, half-open: those before the as-of day, within the period."""
    return filters.since, min(filters.as_of, filters.until) if filters.until else filters.as_of


Span = tuple[date | None, date | None]


def _months_and_days(since: date | None, end: date) -> tuple[tuple[date | None, date] | None, list[tuple[int, Span]]]:
    """First days of the months to sum up, half-open, and the days to add (1) or to take off again (-1)."""
    if since and since >= end:
        return None, []
    if since and end <= add_months(month_start(since), 1):
        return None, [(1, (since, end))]
    first, days = since, []
    if since and since.day > 1:
        first = add_months(month_start(since), 1)
        days.append((1, (since, first)))
    last = month_start(end)
    if end.day > 1 and end.day <= _FEW_DAYS:
        days.append((1, (last, end)))
    elif end.day > 1:
        days.append((-1, (end, add_months(last, 1))))
        last = add_months(last, 1)
    return (first, last), days


def _sums(filters: Filters, by: str, first: date | None, last: date) -> Select[*tuple[Any, ...]]:
    t = month_totals.c
    key = vendors.c.name if by == "vendor" else t[by]
    statement = select(key.label(by), total(t.fell_due).label("bills"), total(t.in_time).label("in_time")).group_by(key)
    statement = statement.where(t.month < f"{last:%Y-%m}")
    if first:
        statement = statement.where(t.month >= f"{first:%Y-%m}")
    if by == "vendor" or filters.vendors:
        statement = statement.join(vendors, vendors.c.id == t.vendor_id)
    for column, wanted in (
        (t.region, filters.regions),
        (vendors.c.name, filters.vendors),
        (t.service_type, filters.service_types),
        (t.currency, filters.currencies),
    ):
        if wanted:
            statement = statement.where(column.in_(wanted))
    return statement


def _bills(scope: Scope, filters: Filters) -> Subquery:
    """Each bill with its due day and what it is counted under."""
    a = ledger_accounts(scope, filters)
    i = invoices.c
    return (
        select(
            i.account_id,
            i.id,
            i.kind,
            i.issued_on,
            i.due_on.label("own_due"),
            effective_due(a.c.terms_days).label("due_on"),
            add_days(i.issued_on, a.c.terms_days).label("by_terms"),
            i.amount,
            i.settled,
            a.c.region,
            a.c.vendor,
        )
        .join(a, a.c.account_id == i.account_id)
        .where(i.kind == "invoice")
        .subquery("bills")
    )


def _due_in(bills: Subquery, since: date | None, end: date | None) -> ColumnElement[bool]:
    """A due day in the bill is served by its index, none by one of such bills."""
    own, terms = bills.c.own_due, bills.c.by_terms
    missing = and_(own.is_(None), bills.c.kind == literal_column("'invoice'"))
    return or_(and_(*_within(own, since, end)), and_(missing, *_within(terms, since, end)))


def _within(day: Any, since: date | None, end: date | None) -> list[Any]:
    return [*([day >= since] if since else []), *([day < end] if end else [])]


def _counted(bills: Subquery, by: str, sign: int) -> list[ColumnElement[Any]]:
    """As the sums count it: whatever of it was taken back, on any day."""
    settled = case((bills.c.settled < bills.c.amount, 0), (_in_time(bills, None) >= bills.c.amount, 1), else_=0)
    return [_key(bills, by), literal(sign).label("bills"), (sign * settled).label("in_time")]


def _key(bills: Subquery, by: str) -> ColumnElement[str]:
    return month_text(bills.c.due_on).label("month") if by == "month" else bills.c[by]


def _in_time(bills: Subquery, as_of: date | None) -> Any:
    """What was applied to a bill by its due day, and not taken back (by the as-of day)."""
    x, back = allocations.alias("x"), allocations.alias("back")
    gone = [back.c.account_id == x.c.account_id, back.c.reverses_id == x.c.id]
    gone += [] if as_of is None else [back.c.applied_on <= as_of]
    of_the_bill = [x.c.account_id == bills.c.account_id, x.c.invoice_id == bills.c.id]
    stays = [unindexed(x.c.reverses_id).is_(None), x.c.applied_on <= bills.c.due_on, back.c.id.is_(None)]
    return (
        select(func.coalesce(func.sum(x.c.amount), 0))
        .select_from(x)
        .outerjoin(back, and_(*gone))
        .where(*of_the_bill, *stays)
        .scalar_subquery()
    )


def _issued_later(filters: Filters) -> Select[*tuple[Any, ...]]:
    """Bills that name a due day before their issue, and were issued after the as-of day."""
    i = invoices.c
    return select(i.id, i.account_id).where(i.due_on < i.issued_on, i.issued_on > filters.as_of)


def _taken_back_later(filters: Filters) -> Select[*tuple[Any, ...]]:
    """Bills of which money was taken back after the as-of day."""
    x = allocations.c
    bill = (unindexed(x.account_id).label("account_id"), unindexed(x.invoice_id).label("invoice_id"))
    return select(*bill).where(
        x.reverses_id.is_not(None), unindexed(x.invoice_id).is_not(None), x.applied_on > filters.as_of
    )


def _in_time_then(bills: Subquery, later: Subquery, filters: Filters, by: str) -> Select[*tuple[Any, ...]]:
    """Those that were in time as far as was known on the as-of day, and are not since."""
    return (
        select(_key(bills, by), literal(0).label("bills"), literal(1).label("in_time"))
        .join(later, and_(later.c.account_id == bills.c.account_id, later.c.invoice_id == bills.c.id))
        .where(
            bills.c.issued_on <= filters.as_of,
            _in_time(bills, filters.as_of) >= bills.c.amount,
            _in_time(bills, None) < bills.c.amount,
        )
    )
