"""How many calls each month had, for who sees every site.

A month begins at another moment in each zone. Between the last zone's beginning and the first zone's end all calls are the
month's, wherever they were made: whole days of them are kept (call_days), others are counted by the index of their moments alone.
Only those of the hours around it are looked at with their sites.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import chain
from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, Connection, Select, and_, case, func, literal, select, union_all

from data_access.queries.dimensions import bare_accounts, narrowed
from data_access.queries.expressions import total, unindexed
from data_access.queries.local_days import Window, local_day, month_windows, window_limits
from data_access.schema import call_days, calls, sites
from data_access.scope import Scope, within
from domain.filters import Filters

PAID = "paid"
_EVER = datetime(1900, 1, 1, tzinfo=UTC)  # for SQLite, which else walks through the calls to find corrections
Span = tuple[str, datetime, datetime]  # a month, and hours of it
Counts = dict[str, tuple[int, int]]


def counted_months(
    connection: Connection, scope: Scope, filters: Filters, months: Sequence[date], zones: Sequence[str], *, last: date
) -> Counts:
    """By month (YYYY-MM): calls, and those that ended with a payment, up to the day `last`; corrected ones count once.

    Of the accounts in the filters, which the index names beside each call; the filters' regions and sites are not asked.
    """
    of_accounts, windows = replace(filters, regions=(), sites=()), window_limits(months, zones, last)
    inside: Sequence[Span] = [(month, *_inner(some)) for month, some in windows.items()]
    kept: Iterable[tuple[str, int, int]] = ()
    if scope.everything and not narrowed(of_accounts):  # the days kept are of all sites
        kept, inside = _kept(connection, inside), [part for span in inside for part in _beside_days(span)]
    counted = connection.execute(_inside(scope, of_accounts, tuple(inside))) if inside else ()
    around = _counted_around(connection, scope, of_accounts, windows)
    chosen = _of(scope, of_accounts)
    return _without_corrected(connection, scope, chain(kept, counted, around), windows, *chosen)


def _kept(connection: Connection, spans: Sequence[Span]) -> list[tuple[str, int, int]]:
    """The days of UTC that are whole within months."""
    months = {day: month for month, *span in spans for day in _days(*span)}
    if not months:
        return []
    day = call_days.c.day
    sums = select(day, total(call_days.c.calls), total(call_days.c.paid)).group_by(day)
    found = connection.execute(sums.where(day.between(min(months), max(months))))
    return [(months[day], number, paid) for day, number, paid in found if day in months]


def _days(start: datetime, end: datetime) -> list[date]:
    first = start.date() + timedelta(days=start > _midnight(start.date()))
    return [first + timedelta(days=number) for number in range((end.date() - first).days)]


def _beside_days(span: Span) -> list[Span]:
    """What of it is not of whole days."""
    month, start, end = span
    days = _days(start, end)
    if not days:
        return [span] if start < end else []
    edges = (month, start, _midnight(days[0])), (month, _midnight(days[-1] + timedelta(days=1)), end)
    return [edge for edge in edges if edge[1] < edge[2]]


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def _of(scope: Scope, of_accounts: Filters) -> list[ColumnElement[bool]]:
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


@lru_cache(maxsize=16)  # putting these statements together costs as much as half of the answer
def _inside(scope: Scope, of_accounts: Filters, months: tuple[Span, ...]) -> CompoundSelect[*tuple[Any, ...]]:
    chosen = within(scope, calls.c.site_id), *_of(scope, of_accounts)
    parts = (
        _counts(literal(month), calls.c.outcome).select_from(calls).where(_between(start, end), *chosen)
        for month, start, end in months
    )
    return union_all(*parts)


def _counted_around(
    connection: Connection, scope: Scope, of_accounts: Filters, windows: Mapping[str, Sequence[Window]]
) -> Iterator[tuple[str, int, int]]:
    """The hours before and after months, in which it is the month in some zones only: told apart by what began in between."""
    limits = _limits(windows)
    if not limits:
        return
    by_zone: dict[str, list[tuple[Window, str]]] = {}
    for month, some in windows.items():
        for window in some:
            by_zone.setdefault(window.zone, []).append((window, month))
    for zone, span, passed, number, paid in connection.execute(_around(scope, of_accounts, limits)):
        at = limits[span][passed]
        for month in (month for window, month in by_zone.get(zone, ()) if window.holds(at)):
            yield month, number, paid


def _spans(windows: Mapping[str, Sequence[Window]]) -> list[tuple[datetime, datetime]]:
    spans = set()
    for some in windows.values():
        start, end = _inner(some)
        first, last = min(window.starts_at for window in some), max(window.ends_at for window in some)
        spans |= {(first, min(start, last)), (end, last)}
    return sorted(span for span in spans if span[0] < span[1])


def _limits(windows: Mapping[str, Sequence[Window]]) -> tuple[tuple[datetime, ...], ...]:
    """Of each span its beginning, where in between a month begins or ends somewhere, and its end."""
    every = sorted({at for some in windows.values() for window in some for at in (window.starts_at, window.ends_at)})
    return tuple(
        (start, *every[bisect_right(every, start) : bisect_left(every, end)], end) for start, end in _spans(windows)
    )


@lru_cache(maxsize=16)
def _around(scope: Scope, of_accounts: Filters, limits: tuple[tuple[datetime, ...], ...]) -> Select[*tuple[Any, ...]]:
    """zone, number of the span, how many of its limits are passed, calls, and those that ended with a payment."""
    parts, chosen = [], (within(scope, calls.c.site_id), *_of(scope, of_accounts))
    for number, (start, *inside, end) in enumerate(limits):
        passed = sum((case((calls.c.started_at >= at, 1), else_=0) for at in inside), literal(0))
        fields = (literal(number).label("span"), passed.label("passed"), calls.c.site_id, calls.c.outcome)
        parts.append(select(*fields).where(_between(start, end), *chosen))
    near = union_all(*parts).cte("near").prefix_with("MATERIALIZED")  # found first, by their moments
    keys = (sites.c.timezone, near.c.span, near.c.passed)
    number, paid = _numbers(near.c.outcome)
    return select(*keys, number, paid).join_from(near, sites, sites.c.id == near.c.site_id).group_by(*keys)


def _counts(month: ColumnElement[str], outcome: ColumnElement[str]) -> Select[*tuple[Any, ...]]:
    return select(month.label("month"), *_numbers(outcome))


def _numbers(outcome: ColumnElement[str]) -> tuple[ColumnElement[int], ColumnElement[int]]:
    return func.count().label("number"), total(case((outcome == PAID, 1), else_=0)).label("paid")


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
