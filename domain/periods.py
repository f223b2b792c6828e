"""Dates and periods. Every period in code is half-open: it contains its start and not its end."""

import calendar
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, slots=True)
class Period:
    """Days from `start` up to, not including, `end`; raises ValueError when empty."""

    start: date
    end: date

    def __post_init__(self) -> None:
        if self.start >= self.end:
            raise ValueError(f"a period ends after it starts, not {self.start} to {self.end}")

    def __contains__(self, day: date) -> bool:
        return self.start <= day < self.end

    @property
    def days(self) -> int:
        """Length in days."""
        return (self.end - self.start).days


def month_start(day: date) -> date:
    """The first day of the month of `day`."""
    return day.replace(day=1)


def add_months(day: date, months: int) -> date:
    """`months` later (or earlier); the 31st becomes the last day of a shorter month."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))


_FIRST, _LAST = date(1, 2, 1).toordinal(), date(9998, 12, 31).toordinal()  # room to look for working days


def shifted(day: date, days: int) -> date:
    """`days` later (or earlier), as far as the calendar reaches."""
    return date.fromordinal(min(max(_FIRST, day.toordinal() + days), _LAST))


def month_of(day: date) -> Period:
    """The calendar month that holds `day`."""
    start = month_start(day)
    return Period(start, add_months(start, 1))


def month_ends(as_of: date, count: int) -> list[date]:
    """The last days of the `count` - 1 months before the month of `as_of`, then `as_of` itself, oldest first."""
    this_month = month_start(as_of)
    return [add_months(this_month, -back) - timedelta(days=1) for back in range(count - 2, -1, -1)] + [as_of]


def months_between(start: date, end: date) -> Iterator[date]:
    """First days of the months touched by the half-open period start..end."""
    month = month_start(start)
    while month < end:
        yield month
        month = add_months(month, 1)
