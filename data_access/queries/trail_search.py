"""The audit trail searched by words, person or kind: a stretch of its numbers at a time, the newest first.

No index knows the words of an event. Numbers have no gaps, so a stretch is so many events; where older ones are left, it is said how far
was looked. Sites have an index: of some sites, asked for or all that one sees, everything is looked at.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, func, select

from data_access.queries.keyset import Mark
from data_access.queries.trail import TrailFilters, TrailRow, trail_rows
from data_access.schema import audit_log
from data_access.scope import Scope

LOOKED_AT = 5_000  # events in one stretch
SLACK = timedelta(days=7)  # an event has the time at which its work began, and its number when that was done


@dataclass(frozen=True, slots=True)
class SearchedEvents:
    """Events that a search found. until: (seq,) of the last event looked at, its time beside it; None where none are left."""

    rows: tuple[TrailRow, ...]
    until: Mark | None
    back_to: datetime | None = None


def found_events(
    connection: Connection,
    scope: Scope,
    wanted: TrailFilters,
    *,
    sort: str = "-seq",
    after: Mark | None = None,
    before: Mark | None = None,
    limit: int = 50,
) -> SearchedEvents:
    """As trail_rows, but one stretch of it."""
    marks: dict[str, Any] = {"sort": sort, "after": after, "before": before, "limit": limit}
    if not scope.everything or wanted.sites:
        return SearchedEvents(tuple(trail_rows(connection, scope, wanted, **marks)), None)
    down = sort.startswith("-") != (before is not None)
    first, last = _numbers(connection, wanted)
    mark = after or before
    if down:
        start = last if mark is None else min(last, mark[0] - 1)
        low, high = max(first, start - LOOKED_AT + 1), start
    else:
        start = first if mark is None else max(first, mark[0] + 1)
        low, high = start, min(last, start + LOOKED_AT - 1)
    rows = trail_rows(connection, scope, wanted, among=(low, high), **marks)
    edge = low if down else high
    if before is not None or (low <= first if down else high >= last):
        return SearchedEvents(tuple(rows), None)
    return SearchedEvents(tuple(rows), (edge,), _time_of(connection, edge))


def _numbers(connection: Connection, wanted: TrailFilters) -> tuple[int, int]:
    """The first and the last number that an event of these times can have."""
    newest = connection.scalar(select(func.max(audit_log.c.seq))) or 0
    first = 1 if wanted.since is None else _first_from(connection, wanted.since - SLACK, newest)
    last = newest if wanted.until is None else _first_from(connection, wanted.until + SLACK, newest)
    return first, last


def _first_from(connection: Connection, moment: datetime, newest: int) -> int:
    """The number of the first event at or after `moment`; the newest where none is."""
    low, high = 1, max(newest, 1)
    while low < high:
        middle = (low + high) // 2
        at = _time_of(connection, middle)
        if at is None or at < moment:
            low = middle + 1
        else:
            high = middle
    return low


def _time_of(connection: Connection, seq: int) -> datetime | None:
    return connection.scalar(select(audit_log.c.at).where(audit_log.c.seq == seq))


def is_narrow(wanted: TrailFilters) -> bool:
    """Does it ask for something that no index knows?"""
    asked: tuple[Sequence[str], ...] = (wanted.people, wanted.kinds, wanted.things, wanted.regions)
    return any(asked) or bool(wanted.search.strip())
