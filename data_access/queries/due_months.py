"""Bills that fell due and were settled in time, from month_totals (decision 0035), for who sees every site.

Whole months are sums. What is added or taken back by rows: days of a month that begins or ends the period, bills that were
issued after the as-of day, and bills whose money was taken back after it.
"""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    Subquery,
    and_,
    case,
    false,
    literal,
    select,
    union_all,
)

from data_access.queries import month_totals as totals_of_months
from data_access.queries import open_totals, site_totals
from data_access.queries.dimensions import accounts_first, bare_accounts
from data_access.queries.due_days import days_within, due_in, in_time, settled_in_time, ways_due
from data_access.queries.expressions import month_text, total, unindexed
from data_access.queries.positions import effective_due, nothing_since
from data_access.queries.standing import bills_open_then
from data_access.schema import account_totals, accounts, allocations, invoices
from data_access.schema import open_totals as moves_of_open
from data_access.scope import Scope
from domain.filters import Basis, Filters
from domain.periods import add_months, month_start

BY = ("month", "region", "vendor", "site")
_FEW_DAYS, _HALF = 10, 15  # of a month's beginning: nearer by its rows than by what is not due, or not in it, yet
_FIRST_DAY = date(1, 2, 1)
_COLUMNS = {"site": "site_id"}  # of bare_accounts, where it is another than what is grouped by
Span = tuple[date | None, date | None]


def kept_by_due_month(scope: Scope, filters: Filters, by: str) -> bool:
    """Can this be read from here: for every site, by site where sums or chosen accounts tell it; a vendor of a region has few rows."""
    if by == "site":
        kept = site_totals.kept_by_site(scope, filters) or accounts_first(scope, filters)
    else:
        few = filters.regions and (filters.vendors or filters.service_types)
        kept = by in BY and not few and totals_of_months.kept_by_month(scope, filters)
    return kept and filters.as_of > _FIRST_DAY


def fell_due(connection: Connection, scope: Scope, filters: Filters, by: str) -> Subquery:
    """The key of `by`, bills and in_time of the bills that were due before the as-of day, in the period; several rows of each."""
    since, end = _period(filters)
    to_come = end == filters.as_of and nothing_since(connection, scope, end)
    by_account = by == "site" and not site_totals.kept_by_site(scope, filters)
    sums, days = (None, []) if by_account else _months_and_days(since, end, _FEW_DAYS if to_come else _HALF)
    a = bare_accounts(scope, filters, by)
    within = days_within(effective_due(a.c.terms_days), since, end)
    parts = []
    for sign, span in days:
        if sign < 0 and to_come:
            parts += _not_due_yet(connection, scope, filters, by, span)
        else:
            parts += [_counted(a, by, sign).where(way) for way in ways_due(a.c.terms_days, *span)]
    if by_account:
        parts.append(_of_accounts(scope, filters, (since, end)))
    if sums:
        parts.append(_of_sites(connection, scope, filters, *sums) if by == "site" else _sums(filters, by, *sums))
    early, later = _issued_later(filters), _taken_back_later(filters)
    if connection.scalar(select(early.exists())):
        parts.append(_among(_counted(a, by, -1), early).where(*within))
    if connection.scalar(select(later.exists())):
        bills = _among(_in_time_then(a, by, filters.as_of), later)
        parts.append(bills.where(*within, invoices.c.issued_on <= filters.as_of))
    return union_all(*(parts or [_counted(a, by, 1).where(false())])).subquery("fell_due")


def _not_due_yet(
    connection: Connection, scope: Scope, filters: Filters, by: str, span: Span
) -> list[Select[*tuple[Any, ...]]]:
    """Bills of days to come, taken off again: in time are those that are no longer open, whatever was applied to them."""
    a = bare_accounts(scope, filters, by)
    due = _bills(a, by, literal(-1).label("bills"), literal(-1).label("in_time"))
    month_end = add_months(month_start(filters.as_of), 1) - timedelta(days=1)
    s = open_bills_by(connection, scope, replace(filters, as_of=month_end), by).c
    still = select(s[by], literal(0).label("bills"), s.bills.label("in_time")).where(*days_within(s.due_on, *span))
    return [*(due.where(way) for way in ways_due(a.c.terms_days, *span)), still]


def unpaid(connection: Connection, scope: Scope, filters: Filters, by: str) -> Subquery:
    """The key of `by` and unpaid: how many of them were still open on the as-of day."""
    s = open_bills_by(connection, scope, filters, by).c
    return select(s[by], s.bills.label("unpaid")).where(*days_within(s.due_on, *_period(filters))).subquery("unpaid")


def open_bills_by(connection: Connection, scope: Scope, filters: Filters, by: str) -> Subquery:
    """due_on, the key of `by` and bills: those open on the as-of day, several rows of each.

    From the sums by due day where they tell, else of each account.
    """
    group = "currency" if by == "month" else by
    base = None if by == "site" else open_totals.start_of(connection, scope, _by_due_day(filters), group)
    if base is not None:
        s = open_totals.standing(scope, _by_due_day(filters), group, base).c
        return select(s.due_on, (month_text(s.due_on) if by == "month" else s[by]).label(by), s.bills).subquery("open")
    if not nothing_since(connection, scope, filters.as_of):
        then = bills_open_then(scope, replace(_by_due_day(filters), accounts=filters.accounts), by).c
        key = month_text(then.due_on) if by == "month" else then[_COLUMNS.get(by, by)]
        return select(then.due_on, key.label(by), then.bills).subquery("open")
    items = _open_now().c
    if by == "site":
        of_sites = select(items.due_on, items.site_id.label("site"), items.bills)
        return of_sites.where(items.bills != 0, *site_totals.chosen(filters, items)).subquery("open")
    a = bare_accounts(scope, filters, by)
    key = month_text(items.due_on) if by == "month" else a.c[_COLUMNS.get(by, by)]
    # Not account by account: what is due is few among them.
    rows = select(items.due_on, key.label(by), items.bills).join(a, a.c.account_id == unindexed(items.account_id))
    return rows.where(items.bills != 0).subquery("open")


def _open_now() -> Subquery:
    """site_id, account_id, currency, due_on, bills of what is open now, with what has come in; several rows of each."""
    t, m = account_totals.c, moves_of_open.c
    names = ("account_id", "currency", "due_on", "bills")
    came = select(accounts.c.site_id, *(m[name] for name in names)).join(accounts, accounts.c.id == m.account_id)
    return union_all(select(t.site_id, *(t[name] for name in names)), came).subquery("items")


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


def _months_and_days(
    since: date | None, end: date, few: int
) -> tuple[tuple[date | None, date] | None, list[tuple[int, Span]]]:
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
    if end.day > 1 and end.day <= few:
        days.append((1, (last, end)))
    elif end.day > 1:
        days.append((-1, (end, add_months(last, 1))))
        last = add_months(last, 1)
    return (first, last), days


def _sums(filters: Filters, by: str, first: date | None, last: date) -> Select[*tuple[Any, ...]]:
    m = totals_of_months.due_bills(filters, by, first, last).c
    return select(m[by], total(m.fell_due).label("bills"), total(m.in_time).label("in_time")).group_by(m[by])


def _of_sites(
    connection: Connection, scope: Scope, filters: Filters, first: date | None, last: date
) -> Select[*tuple[Any, ...]]:
    until = last - timedelta(days=1)
    months = (f"{first:%Y-%m}" if first else None, f"{until:%Y-%m}")
    t = site_totals.sums(connection, scope, filters, months, ("fell_due", "in_time")).c
    return select(t.site_id.label("site"), t.fell_due.label("bills"), t.in_time.label("in_time"))


def _of_accounts(scope: Scope, filters: Filters, span: Span) -> Select[*tuple[Any, ...]]:
    """By site, from the bills of chosen accounts, each looked up by itself."""
    i, a = invoices.c, bare_accounts(scope, Filters(as_of=filters.as_of))
    chosen = i.account_id.in_(select(bare_accounts(scope, filters).c.account_id))
    b = _counted(a, "site", 1).where(chosen, due_in(a.c.terms_days, *span)).subquery("bills").c
    return select(b.site, total(b.bills).label("bills"), total(b.in_time).label("in_time")).group_by(b.site)


def _bills(a: Subquery, by: str, *measures: Any) -> Select[*tuple[Any, ...]]:
    """A row for each bill: the key of `by`, and the measures."""
    i = invoices.c
    return select(_key(a, by), *measures).join(a, a.c.account_id == i.account_id).where(i.kind == "invoice")


def _key(a: Subquery, by: str) -> ColumnElement[str]:
    """Of sites the id."""
    return (
        month_text(effective_due(a.c.terms_days)).label("month")
        if by == "month"
        else a.c[_COLUMNS.get(by, by)].label(by)
    )


def _counted(a: Subquery, by: str, sign: int) -> Select[*tuple[Any, ...]]:
    """Bills as the sums count them: whatever of them was taken back, on any day."""
    return _bills(a, by, literal(sign).label("bills"), case((settled_in_time(a), sign), else_=0).label("in_time"))


def _in_time_then(a: Subquery, by: str, as_of: date) -> Select[*tuple[Any, ...]]:
    """Those that were in time as far as was known on the as-of day, and are not since."""
    i = invoices.c
    then = in_time(a, as_of)
    counts = _bills(a, by, literal(0).label("bills"), literal(1).label("in_time"))
    return counts.where(then >= i.amount, in_time(a) < i.amount)


def _among(bills: Select[*tuple[Any, ...]], some: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    one = some.distinct().subquery("some")
    return bills.join(one, and_(one.c.account_id == invoices.c.account_id, one.c.invoice_id == invoices.c.id))


def _issued_later(filters: Filters) -> Select[*tuple[Any, ...]]:
    """Bills that name a due day before their issue, and were issued after the as-of day."""
    i = invoices.alias("i").c
    return select(i.account_id, i.id.label("invoice_id")).where(i.due_on < i.issued_on, i.issued_on > filters.as_of)


def _taken_back_later(filters: Filters) -> Select[*tuple[Any, ...]]:
    """Bills of which money was taken back after the as-of day."""
    x = allocations.c
    bill = (unindexed(x.account_id).label("account_id"), unindexed(x.invoice_id).label("invoice_id"))
    conditions = (x.reverses_id.is_not(None), unindexed(x.invoice_id).is_not(None), x.applied_on > filters.as_of)
    return select(*bill).where(*conditions)
