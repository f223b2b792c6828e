"""How many calls each month had, counted by the index of their moments alone, for who sees every site.

A month begins at another moment in each zone. Between the last zone's beginning and the first zone's end all calls are the
month's, wherever they were made; only those of the hours around it are looked at with their sites.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, case, func, literal, or_, select, union_all

from data_access.queries.dimensions import bare_accounts, narrowed
from data_access.queries.expressions import total, unindexed
from data_access.queries.local_days import Window, local_day, month_windows, window_limits
from data_access.schema import calls, sites
from data_access.scope import Scope, within
from domain.filters import Filters

PAID = "paid"
_EVER = datetime(1900, 1, 1, tzinfo=UTC)  # for SQLite, which else walks through the calls to find corrections
Counts = dict[str, tuple[int, int]]


def counted_months(
    connection: Connection, scope: Scope, filters: Filters, months: Sequence[date], zones: Sequence[str], *, last: date
) -> Counts:
    """By month (YYYY-MM): calls, and those that ended with a payment, up to the day `last`; corrected ones count once.

    Of the accounts in the filters, which the index names beside each call; the filters' regions and sites are not asked.
    """
    windows, chosen = window_limits(months, zones, last), _of_accounts(scope, filters)
    parts = [_whole(scope, name, some) for name, some in windows.items()]
    parts += [part for name, some in windows.items() for part in _around(scope, name, some)]
    counted = connection.execute(union_all(*(part.where(*chosen) for part in parts)))
    return _without_corrected(connection, scope, counted, windows, *chosen)


def _of_accounts(scope: Scope, filters: Filters) -> list[ColumnElement[bool]]:
    of_accounts = replace(filters, regions=(), sites=())
    if not narrowed(of_accounts):
        return []
    # The account is no way in: SQLite would look up the calls of each, of all time.
    return [unindexed(calls.c.account_id).in_(select(bare_accounts(scope, of_accounts).c.account_id))]


def counted_at(
    connection: Connection, scope: Scope, filters: Filters, months: Sequence[date], zones: Sequence[str], *, last: date
) -> Counts:
    """The same of the regions and sites in the filters: each site's calls by the index of its own."""
    windows, chosen = month_windows(months, zones, last), _places(filters)
    begun = and_(calls.c.started_at >= windows.c.starts_at, calls.c.started_at < windows.c.ends_at)
    statement = (
        _counts(windows.c.month, calls.c.outcome)
        .select_from(sites)
        .join(windows, windows.c.zone == sites.c.timezone)
        .join(calls, and_(calls.c.site_id == sites.c.id, begun))
        .where(*chosen, within(scope, sites.c.id))
        .group_by(windows.c.month)
    )
    limits = window_limits(months, zones, last)
    return _without_corrected(connection, scope, connection.execute(statement), limits, *chosen)


def _places(filters: Filters) -> list[ColumnElement[bool]]:
    chosen = ((sites.c.region, filters.regions), (sites.c.code, filters.sites))
    return [column.in_(wanted) for column, wanted in chosen if wanted]


def _without_corrected(
    connection: Connection,
    scope: Scope,
    counted: Iterable[Any],
    windows: Mapping[str, Sequence[Window]],
    *chosen: ColumnElement[bool],
) -> Counts:
    found: dict[str, list[int]] = {}
    for month, number, paid in counted:
        sums = found.setdefault(month, [0, 0])
        sums[0] += number
        sums[1] += paid
    for row in connection.execute(_corrected(scope).where(*chosen)):
        month = f"{local_day(row.started_at, row.timezone):%Y-%m}"
        if any(window.zone == row.timezone and window.holds(row.started_at) for window in windows.get(month, ())):
            found[month][0] -= 1
            found[month][1] -= row.outcome == PAID
    return {month: (number, paid) for month, (number, paid) in sorted(found.items()) if number}


def _inner(windows: Sequence[Window]) -> tuple[datetime, datetime]:
    start = max(window.starts_at for window in windows)
    return start, max(start, min(window.ends_at for window in windows))


def _whole(scope: Scope, month: str, windows: Sequence[Window]) -> Select[*tuple[Any, ...]]:
    start, end = _inner(windows)
    return (
        _counts(literal(month), calls.c.outcome)
        .select_from(calls)
        .where(_between(start, end), within(scope, calls.c.site_id))
    )


def _around(scope: Scope, month: str, windows: Sequence[Window]) -> list[Select[*tuple[Any, ...]]]:
    """The hours before and after, in which it is the month in some zones only."""
    start, end = _inner(windows)
    first, last = min(window.starts_at for window in windows), max(window.ends_at for window in windows)
    zones = or_(*(and_(sites.c.timezone == w.zone, _between(w.starts_at, w.ends_at)) for w in windows))
    rows = _counts(literal(month), calls.c.outcome).select_from(calls).join(sites, sites.c.id == calls.c.site_id)
    spans = ((first, min(start, last)), (end, last))
    return [rows.where(_between(*span), zones, within(scope, calls.c.site_id)) for span in spans if span[0] < span[1]]


def _counts(month: ColumnElement[str], outcome: ColumnElement[str]) -> Select[*tuple[Any, ...]]:
    paid = total(case((outcome == PAID, 1), else_=0))
    return select(month.label("month"), func.count().label("number"), paid.label("paid"))


def _between(start: datetime, end: datetime) -> ColumnElement[bool]:
    return and_(calls.c.started_at >= start, calls.c.started_at < end)


def _corrected(scope: Scope) -> Select[*tuple[Any, ...]]:
    """The calls that a correction took the place of, found from the corrections."""
    correction = calls.alias("correction")
    account, amended = unindexed(correction.c.account_id), unindexed(correction.c.amends_id)
    return (
        select(calls.c.started_at, calls.c.outcome, sites.c.timezone)
        .join(correction, and_(calls.c.account_id == account, calls.c.id == amended))
        .join(sites, sites.c.id == calls.c.site_id)
        .where(correction.c.amends_id.is_not(None), correction.c.started_at >= _EVER, within(scope, calls.c.site_id))
    )
