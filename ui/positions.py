"""Figures of a page in the currency it shows: positions over time, payments by month, what moved."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from domain.aging import AgingRow, add_up
from domain.filters import Filters
from domain.periods import add_months, month_ends, month_start
from ui import reads
from ui.currencies import Shown
from ui.viewer import Viewer

MONTHS = 13


@dataclass(frozen=True, slots=True)
class Standing:
    """Outstanding and overdue on one day, minor units of the currency shown, and the number of overdue bills."""

    day: date
    outstanding: int
    overdue: int
    overdue_count: int


def standings(viewer: Viewer, shown: Shown) -> list[Standing]:
    """One standing for each of the last thirteen month ends, of which the last is the as-of day."""
    days = month_ends(shown.filters.as_of, MONTHS)
    owed, late = dict.fromkeys(days, 0), dict.fromkeys(days, 0)
    for row in reads.history(viewer, shown.filters, days):
        owed[row.day] += shown.minor(row.outstanding, row.currency)
        late[row.day] += shown.minor(row.overdue, row.currency)
    counts = reads.filtered("overdue_counts", viewer, shown.filters, days=tuple(days))
    return [Standing(day, owed[day], late[day], count) for day, count in zip(days, counts, strict=True)]


def outstanding(viewer: Viewer, shown: Shown, days: Sequence[date]) -> list[int]:
    """What everything in view comes to on each of `days`."""
    sums = dict.fromkeys(days, 0)
    for row in reads.history(viewer, shown.filters, days):
        sums[row.day] += shown.minor(row.outstanding, row.currency)
    return list(sums.values())


def outstanding_by_group(
    viewer: Viewer, shown: Shown, by: str, days: Sequence[date], **arguments: Any
) -> dict[str, list[int]]:
    """By key: outstanding on each of `days`, 0 where nothing was open; an account's key is its id."""
    index = {day: i for i, day in enumerate(days)}
    found: dict[str, list[int]] = {}
    for row in reads.history(viewer, shown.filters, days, by, **arguments):
        values = found.setdefault(row.key, [0] * len(days))
        values[index[row.day]] += shown.minor(row.outstanding, row.currency)
    return found


def overdue_by_group(viewer: Viewer, shown: Shown, by: str, days: Sequence[date]) -> dict[str, list[int]]:
    """The same of what is overdue."""
    index = {day: i for i, day in enumerate(days)}
    found: dict[str, list[int]] = {}
    for row in reads.history(viewer, shown.filters, days, by):
        values = found.setdefault(row.key, [0] * len(days))
        values[index[row.day]] += shown.minor(row.overdue, row.currency)
    return found


def months_shown(filters: Filters) -> list[str]:
    """The months (YYYY-MM) of the filters' period, or the thirteen up to the as-of day, oldest first."""
    last = month_start(filters.as_of)
    first = month_start(filters.since) if filters.since else add_months(last, -(MONTHS - 1))
    count = (last.year - first.year) * 12 + last.month - first.month + 1
    return [f"{add_months(first, i):%Y-%m}" for i in range(max(0, count))]


def paid_by_month(viewer: Viewer, shown: Shown, months: Sequence[str]) -> list[int]:
    """Net payments of each of `months`."""
    sums = dict.fromkeys(months, 0)
    if months:
        for row in reads.payment_totals(viewer, _from(shown.filters, months[0]), "month"):
            if row.key in sums:
                sums[row.key] += shown.minor(row.net, row.currency)
    return list(sums.values())


def billed_by_month(viewer: Viewer, shown: Shown, months: Sequence[str]) -> list[int]:
    """Bills of each of `months`, less credit notes."""
    sums = dict.fromkeys(months, 0)
    if months:
        for month, currency, amount in reads.filtered("billed_by_month", viewer, _from(shown.filters, months[0])):
            if month in sums:
                sums[month] += shown.minor(amount, currency)
    return list(sums.values())


def _from(filters: Filters, month: str) -> Filters:
    return replace(filters, since=filters.since or date.fromisoformat(f"{month}-01"))


def paid_so_far(viewer: Viewer, shown: Shown, as_of: date) -> int:
    """Net payments from the first of the month of `as_of` up to it."""
    filters = replace(shown.filters, as_of=as_of, since=month_start(as_of), until=None)
    rows = reads.payment_totals(viewer, filters, "currency")
    return sum(shown.minor(row.net, row.currency) for row in rows)


def moved(viewer: Viewer, shown: Shown, since: date) -> dict[str, int]:
    """What was billed, credited, paid, refunded and returned from `since` to the as-of day."""
    filters = replace(shown.filters, since=since, until=None)
    sums = dict.fromkeys(("billed", "credited", "paid", "refunded", "returned"), 0)
    for row in reads.moved(viewer, filters):
        for kind in sums:
            sums[kind] += shown.minor(getattr(row, kind), row.currency)
    return sums


def owed(viewer: Viewer, shown: Shown) -> AgingRow:
    """The aging of everything in view, as one row in the currency shown."""
    rows = shown.merged(reads.aging(viewer, shown.filters, "currency"))
    return add_up(rows, (shown.currency,), shown.filters.edges)[0]


def month_span(month: str, as_of: date) -> tuple[date, date]:
    """First and last day of a month (YYYY-MM), no later than the as-of day."""
    first = date.fromisoformat(f"{month}-01")
    return first, min(as_of, add_months(first, 1) - timedelta(days=1))
