"""Sums by site over months, read from site_totals (decision 0039), for who sees every site.

Each total is kept in its month, its quarter and its year: a stretch of months is put together from few of them, some of which
are taken off again. What has come in since they were added up is read from the moves of month_totals, which name their site.
"""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Subquery, case, func, select, union_all

from data_access.queries.dimensions import ledger_accounts
from data_access.queries.month_totals import BILLS, MONEY, Months, bills_beside, kept_by_month, money_beside
from data_access.schema import month_totals, site_totals, sites
from data_access.scope import Scope, require
from domain.filters import Filters

_QUARTERS = ((1, 2, 3), (4, 5, 6), (7, 8, 9), (10, 11, 12))
_MONTHS = frozenset(range(1, 13))


def kept_by_site(scope: Scope, filters: Filters) -> bool:
    """Can sums be read from here: for every site, and filtered by nothing that only accounts know?"""
    of_accounts = filters.vendors or filters.service_types or filters.search.strip()
    return not of_accounts and kept_by_month(scope, Filters(as_of=filters.as_of))


def bills(connection: Connection, scope: Scope, filters: Filters, months: Months) -> Subquery:
    """site_id, currency, billed, credited of the bills of a period at their home sites; several rows of each."""
    a = ledger_accounts(scope, filters)
    whole = select(sums(connection, scope, filters, (months.first, months.last), BILLS))
    return union_all(whole, *bills_beside(a, months, a.c.site_id, a.c.currency)).subquery("bills")


def money(connection: Connection, scope: Scope, filters: Filters, months: Months) -> Subquery:
    """The same of payments: paid, refunded, returned, bounced and their number, payments."""
    a = ledger_accounts(scope, filters)
    whole = select(sums(connection, scope, filters, (months.first, months.last), MONEY))
    return union_all(whole, *money_beside(a, months, a.c.site_id, a.c.currency)).subquery("money")


def sums(
    connection: Connection,
    scope: Scope,
    filters: Filters,
    months: tuple[str | None, str],
    measures: Sequence[str],
    *,
    among: Sequence[int] | None = None,
) -> Subquery:
    """site_id, currency and measures of the sites in the filters, from the first to the last month, both included.

    Several rows of each, to be added up. No first month: from the beginning. `among`: of these sites alone, by id.
    """
    require(scope)
    t, m = site_totals.c, month_totals.c
    counted = _within_reach(connection, *months)
    minus = [period for period, sign in counted.items() if sign < 0]
    sign: Any = case((t.period.in_(minus), -1), else_=1) if minus else 1
    values = (((t[name] * sign) if minus else t[name]).label(name) for name in measures)
    kept = select(t.site_id, t.currency, *values).where(t.period.in_(list(counted)))
    parts: list[Any] = [kept.where(*chosen(filters, t, among))]
    unfolded = m.account_id.is_not(None)
    if connection.scalar(select(m.id).where(unfolded).limit(1)):
        came = select(m.site_id, m.currency, *(m[name] for name in measures)).where(unfolded, m.month <= months[1])
        came = came.where(*chosen(filters, m, among))
        parts.append(came.where(m.month >= months[0]) if months[0] else came)
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


def _within_reach(connection: Connection, first: str | None, last: str) -> dict[str, int]:
    """The periods of those months that may have totals."""
    begins, ends = (connection.scalar(select(end(site_totals.c.period))) for end in (func.min, func.max))
    if begins is None or ends is None:
        return {}
    begins = f"{begins[:4]}-01"
    return periods(max(begins, first or begins), min(f"{ends[:4]}-12", last))


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
        wanted, others = [n for n in quarter if n in months], [n for n in quarter if n not in months]
        if len(others) < len(wanted) - 1 or not others:
            found[f"{year:04}-Q{number}"] = 1
            found |= {f"{year:04}-{n:02}": -1 for n in others}
        else:
            found |= {f"{year:04}-{n:02}": 1 for n in wanted}
    return found
