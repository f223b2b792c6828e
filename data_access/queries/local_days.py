"""Days at a site, as conditions over moments. Dates are the site's own, moments are UTC, and SQLite knows no time zones.

So the few zones of the sites in scope are asked for first, and each day's limits are worked out here.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import CTE, ColumnElement, Connection, String, and_, column, false, or_, select, values

from data_access.schema import sites
from data_access.schema.types import Instant
from data_access.scope import Scope, within
from domain.periods import shifted

_FIRST, _LAST = date(1900, 1, 1), date(9000, 1, 1)  # room for offsets at both ends


@lru_cache(maxsize=256)
def zone_named(name: str) -> ZoneInfo:
    """The zone called `name`; UTC where there is none of that name (other programs write sites too)."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")


def day_start(day: date, zone: str) -> datetime:
    """The moment at which `day` begins in `zone`, in UTC."""
    inside = min(max(day, _FIRST), _LAST)
    return datetime.combine(inside, time.min, zone_named(zone)).astimezone(UTC)


def day_over(day: date) -> datetime:
    """The moment at which `day` is over everywhere on earth: what somebody does on their own day is known on that day."""
    return day_start(shifted(day, 1), "Etc/GMT+12")


def local_day(moment: datetime, zone: str) -> date:
    """The date that a clock in `zone` showed at `moment`."""
    return moment.astimezone(zone_named(zone)).date()


def zones_in(connection: Connection, scope: Scope) -> list[str]:
    """The time zones of the sites in scope, as they are written there."""
    return sorted(connection.scalars(select(sites.c.timezone).where(within(scope, sites.c.id)).distinct()))


def between_days(
    moment: ColumnElement[datetime], zone: ColumnElement[str], zones: Sequence[str], since: date | None, last: date
) -> ColumnElement[bool]:
    """`moment` falls on `since` (None: any day) to `last`, both included, by the local days of `zone`."""
    limits: dict[tuple[datetime | None, datetime], list[str]] = {}
    for name in zones:
        start = day_start(since, name) if since else None
        limits.setdefault((start, _after(last, name)), []).append(name)
    if not limits:
        return false()
    first = min((start for start, _ in limits if start), default=None)
    # The outer limits are for the index on the moment; the inner ones decide.
    outer = [moment < max(end for _, end in limits)] + ([moment >= first] if first else [])
    inner = [
        and_(zone.in_(names), moment < end, *([moment >= start] if start else []))
        for (start, end), names in limits.items()
    ]
    return and_(*outer, or_(*inner))


@dataclass(frozen=True, slots=True)
class Window:
    """When it is a month in `zone`: half-open, in UTC."""

    zone: str
    starts_at: datetime
    ends_at: datetime

    def holds(self, moment: datetime) -> bool:
        """Is `moment` in it?"""
        return self.starts_at <= moment < self.ends_at


def window_limits(months: Iterable[date], zones: Sequence[str], last: date) -> dict[str, list[Window]]:
    """By month (YYYY-MM, from its first day): its window in each zone, cut after the day `last`."""
    found = {}
    for first in months:
        following = (first + timedelta(days=32)).replace(day=1)
        found[f"{first:%Y-%m}"] = [
            Window(name, day_start(first, name), min(day_start(following, name), _after(last, name))) for name in zones
        ]
    return found


def month_windows(months: Iterable[date], zones: Sequence[str], last: date) -> CTE:
    """zone, month (YYYY-MM), starts_at, ends_at: each month (its first day) in each zone, cut after the day `last`."""
    rows = [
        (w.zone, month, w.starts_at, w.ends_at)
        for month, some in window_limits(months, zones, last).items()
        for w in some
    ]
    return (
        values(
            column("zone", String),
            column("month", String),
            column("starts_at", Instant),
            column("ends_at", Instant),
            name="windows",
        )
        .data(rows)
        .cte("windows")
    )


def _after(last: date, zone: str) -> datetime:
    return day_start(last + timedelta(days=1), zone) if last < _LAST else day_start(_LAST, zone)
