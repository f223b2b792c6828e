"""Sums by site over months, read from site_totals (decision 0039), for who sees every site.

Each total is kept in its month, its quarter, its year and in all time: a stretch of months is put together from few of them, some
of which are taken off again. What has come in since they were added up is read from the moves of month_totals, which name their site.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, Subquery, case, func, literal, select, true, union_all

from data_access.queries.dimensions import bare_accounts
from data_access.queries.month_totals import BILLS, MONEY, Months, bills_beside, kept_by_month, money_beside
from data_access.schema import account_totals, accounts, month_totals, open_totals, site_totals, sites
from data_access.scope import Scope, require
from data_access.sums import EVER
from domain.filters import Filters
from domain.periods import add_months, months_between

_ANY_MOVED = select(month_totals.c.id).where(month_totals.c.account_id.is_not(None)).limit(1)
_QUARTERS = ((1, 2, 3), (4, 5, 6), (7, 8, 9), (10, 11, 12))
_MONTHS = frozenset(range(1, 13))


def kept_by_site(scope: Scope, filters: Filters) -> bool:
    """Can sums be read from here: for every site, and filtered by nothing that only accounts know?"""
    of_accounts = filters.vendors or filters.service_types or filters.search.strip()
    return not of_accounts and kept_by_month(scope, Filters(as_of=filters.as_of))


def bills(connection: Connection, scope: Scope, filters: Filters, months: Months) -> Subquery:
    """site_id, currency, billed, credited of the bills of a period at their home sites; several rows of each."""
    a = bare_accounts(scope, filters)
    whole = select(sums(connection, scope, filters, (months.first, months.last), BILLS))
    return union_all(whole, *bills_beside(a, months, a.c.site_id, a.c.currency)).subquery("bills")


def money(connection: Connection, scope: Scope, filters: Filters, months: Months) -> Subquery:
    """The same of payments: paid, refunded, returned, bounced and their number, payments."""
    a = bare_accounts(scope, filters)
    whole = select(sums(connection, scope, filters, (months.first, months.last), MONEY))
    return union_all(whole, *money_beside(a, months, a.c.site_id, a.c.currency)).subquery("money")


def owed(connection: Connection, scope: Scope, filters: Filters, months: Months) -> Subquery:
    """site_id, currency and owed, what the period changed of what is outstanding; several rows of each."""
    w = sums(connection, scope, filters, (months.first, months.last), (*BILLS, *MONEY)).c
    parts = [select(w.site_id, w.currency, _owed(w).label("owed"))]
    if months.beside:
        a = bare_accounts(scope, filters)
        keys = (a.c.site_id, a.c.currency)
        site_id, currency, billed, credited = union_all(*bills_beside(a, months, *keys)).subquery("of_bills").c
        parts.append(select(site_id, currency, billed - credited))
        beside = union_all(*money_beside(a, months, *keys)).subquery("of_money").c
        site_id, currency, paid, refunded, returned, bounced, _ = beside
        parts.append(select(site_id, currency, refunded + returned - paid - bounced))
    return union_all(*parts).subquery("owed")


def standing(filters: Filters, *, moved: bool) -> Subquery:
    """site_id, currency, open_amount and owed of all time, which with nothing dated after it is the as-of day's; several rows of each.

    The open amount is of bills: all of it is late one day, and whatever settles a bill takes it off what is late. For who sees every
    site. moved: as any_moved says.
    """
    w = _sums(filters, (None, None), {EVER: 1}, (*BILLS, *MONEY, "late"), moved=moved).c
    return select(w.site_id, w.currency, w.late.label("open_amount"), _owed(w).label("owed")).subquery("standing")


def standing_moves(connection: Connection, scope: Scope, filters: Filters, ends: Sequence[str]) -> Subquery:
    """site_id, currency, month, owed and late: what the months after the first of `ends` (YYYY-MM, rising) changed, up to the last.

    What all months before came to is told of the first itself. Several rows of each, to be added up.
    """
    t, m = site_totals.c, month_totals.c
    before = sums(connection, scope, filters, (None, ends[0]), (*BILLS, *MONEY, "late")).c
    month = literal(ends[0]).label("month")
    parts = [select(before.site_id, before.currency, month, _owed(before).label("owed"), before.late)]
    first, last = (date.fromisoformat(f"{end}-01") for end in (ends[0], ends[-1]))
    months = [f"{month:%Y-%m}" for month in months_between(add_months(first, 1), add_months(last, 1))]
    kept = select(t.site_id, t.currency, t.period, _owed(t), t.late).where(t.period.in_(months))
    parts.append(kept.where(*chosen(filters, t)))
    if any_moved(connection, scope):
        came = select(m.site_id, m.currency, m.month, _owed(m), m.late).where(m.account_id.is_not(None))
        parts.append(came.where(m.month > ends[0], m.month <= ends[-1], *chosen(filters, m)))
    return union_all(*parts).subquery("moves")


def open_from(filters: Filters, first: date, last: date | None = None) -> Subquery:
    """site_id, currency and open_amount of what is open now and due from the first day on, to before `last`; several rows of each."""
    m = open_totals.c
    columns = (accounts.c.site_id, m.currency, m.due_on, m.open_amount)
    came = select(*columns).join(accounts, accounts.c.id == m.account_id).subquery("came")
    parts = []
    for t in (account_totals.c, came.c):
        until = true() if last is None else t.due_on < last
        of_table = select(t.site_id, t.currency, t.open_amount)
        parts.append(of_table.where(t.due_on >= first, until, *chosen(filters, t)))
    return union_all(*parts).subquery("open_from")


def _owed(w: Any) -> ColumnElement[int]:
    return w.billed - w.credited - w.paid + w.refunded + w.returned - w.bounced


def sums(
    connection: Connection,
    scope: Scope,
    filters: Filters,
    months: tuple[str | None, str | None],
    measures: Sequence[str],
    *,
    among: Sequence[int] | None = None,
) -> Subquery:
    """site_id, currency and measures of the sites in the filters, from the first to the last month, both included.

    Several rows of each, to be added up. No first month: from the beginning; no last: to the end. `among`: of these sites alone, by id.
    """
    counted = _within_reach(connection, *months)
    return _sums(filters, months, counted, measures, moved=any_moved(connection, scope), among=among)


def any_moved(connection: Connection, scope: Scope) -> bool:
    """Did anything come in since the totals were added up? To who sees every site."""
    require(scope)
    return connection.scalar(_ANY_MOVED) is not None


def _sums(
    filters: Filters,
    months: tuple[str | None, str | None],
    counted: Mapping[str, int],
    measures: Sequence[str],
    *,
    moved: bool,
    among: Sequence[int] | None = None,
) -> Subquery:
    t, m = site_totals.c, month_totals.c
    minus = [period for period, sign in counted.items() if sign < 0]
    sign: Any = case((t.period.in_(minus), -1), else_=1) if minus else 1
    values = (((t[name] * sign) if minus else t[name]).label(name) for name in measures)
    kept = select(t.site_id, t.currency, *values).where(t.period.in_(list(counted)))
    parts: list[Any] = [kept.where(*chosen(filters, t, among))]
    if moved:
        first, last = months
        bounds = [true() if first is None else m.month >= first, true() if last is None else m.month <= last]
        came = select(m.site_id, m.currency, *(m[name] for name in measures)).where(m.account_id.is_not(None), *bounds)
        parts.append(came.where(*chosen(filters, m, among)))
    return (union_all(*parts) if len(parts) > 1 else parts[0]).subquery("of_sites")


def chosen(filters: Filters, t: Any, among: Sequence[int] | None = None) -> list[ColumnElement[bool]]:
    """Conditions over site_id and currency that keep the sites in the filters."""
    found: list[ColumnElement[bool]] = []
    if among is not None:
        found.append(t.site_id.in_(among))
    if filters.currencies:
        found.append(t.currency.in_(filters.currencies))
    for column, wanted in ((sites.c.region, filters.regions), (sites.c.code, filters.sites)):
        if wanted:
            found.append(t.site_id.in_(select(sites.c.id).where(column.in_(wanted))))
    return found


def _within_reach(connection: Connection, first: str | None, last: str | None) -> dict[str, int]:
    """The periods of those months that may have totals."""
    if first is None and last is None:
        return {EVER: 1}
    period = site_totals.c.period
    begins, ends = (connection.scalar(select(end(period)).where(period < EVER)) for end in (func.min, func.max))
    if begins is None or ends is None:
        return {}
    begins, ends = f"{begins[:4]}-01", f"{ends[:4]}-12"
    last = ends if last is None else min(last, ends)
    found = periods(begins if first is None else max(first, begins), last)
    if first is None:
        later = periods(max(_month_after(last), begins), ends)
        if len(later) + 1 < len(found):
            return {EVER: 1} | {name: -sign for name, sign in later.items()}
    return found


def _month_after(month: str) -> str:
    return f"{add_months(date.fromisoformat(f'{month}-01'), 1):%Y-%m}"


def periods(first: str, last: str) -> dict[str, int]:
    """The fewest months, quarters and years that make up all months (YYYY-MM) from `first` to `last`: 1 to add, -1 to take off."""
    found: Counter[str] = Counter()
    if last < first:
        return {}
    (begins, month), (ends, until) = ((int(name[:4]), int(name[5:])) for name in (first, last))
    for year in range(begins, ends + 1):
        wanted = {n for n in _MONTHS if (year > begins or n >= month) and (year < ends or n <= until)}
        parts, rest = _by_quarter(year, wanted), _by_quarter(year, _MONTHS - wanted)
        if 1 + len(rest) < len(parts):
            parts = {f"{year:04}": 1} | {name: -sign for name, sign in rest.items()}
        found.update(parts)
    return dict(found)


def _by_quarter(year: int, months: frozenset[int] | set[int]) -> dict[str, int]:
    found = {}
    for number, quarter in enumerate(_QUARTERS, 1):
        if months.issuperset(quarter):
            found[f"{year:04}-Q{number}"] = 1
        else:
            found |= {f"{year:04}-{month:02}": 1 for month in quarter if month in months}
    return found
