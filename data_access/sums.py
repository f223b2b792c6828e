"""Whole numbers added up by place and time: what is held follows the number of sums, not of the rows that make them.

A sum is found by one number, made of the code of its place, a month or day, and the day on which a bill is due.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from data_access.migrations.triggers.sites_0033 import EVER

Numbers = NDArray[np.int64]
NEVER = 0  # no day, no month
NO_DATE = 4_000_000  # text that is none, which S1 names; later than every date
_EPOCH = date(1970, 1, 1).toordinal()
_BITS = 22  # of a day, a month or a period
_ALL = (1 << _BITS) - 1
_QUARTERS, _YEARS, _EVER = 200_000, 400_000, 600_000  # months come before them
_PERIOD = re.compile(r"(\d{4})(?:-(\d\d)|-Q([1-4]))?")
_MANY = 200_000  # sums that wait to be added to the others
_AT_ONCE = 10_000


class Sums:
    """The sums of a table: `names` are its keys, `measures` how many numbers it has of each.

    Of keys, `month` or `period`, `day` and `due_on` are times; the others are the place.
    """

    def __init__(self, names: Sequence[str], measures: int) -> None:
        self._times = [names.index(name) if name in names else None for name in ("day", "due_on")]
        self._month = next(names.index(name) for name in ("month", "period") if name in names)
        times = {self._month, *self._times}
        self._place = [at for at in range(len(names)) if at not in times]
        self._width, self._measures = len(names), measures
        self._codes: dict[tuple[Any, ...], int] = {}
        self._keys = [np.empty(0, np.int64)]
        self._values = [np.empty((0, measures), np.int64)]
        self._waiting = 0

    def code(self, *place: Any, daily: bool = False) -> int:
        """The number of a place; of one whose sums are of days, not of months, another."""
        return self._codes.setdefault((daily, *place), len(self._codes))

    def add(self, places: Numbers, when: Numbers, due: Numbers | int, values: Numbers) -> None:
        """Add a row of `values` to each of these sums."""
        self._add((places << (2 * _BITS)) | (when << _BITS) | due, values)

    def add_whole(self) -> None:
        """Add up the months of each place and due day, as sums without a month."""
        self._put_together()
        monthly = np.array([not daily for daily, *_ in self._codes], np.bool)[self._keys[0] >> (2 * _BITS)]
        self._add(self._keys[0][monthly] & ~(_ALL << _BITS), self._values[0][monthly])

    def add_longer(self) -> None:
        """Add up the months as quarters, as years and all together."""
        self._put_together()
        keys, values = self._keys[0], self._values[0]
        for when in _longer((keys >> _BITS) & _ALL):
            self._add((keys & ~(_ALL << _BITS)) | (when << _BITS), values)

    def take_away(self, rows: Iterable[Sequence[Any]]) -> None:
        """Rows of the table: its keys, days as ordinals, and its measures."""
        columns = tuple(zip(*rows, strict=True))
        if not columns:
            return
        day, due = (
            np.array(columns[at], np.int64) if at is not None else np.zeros(len(columns[0]), np.int64)
            for at in self._times
        )
        months = np.array([period_number(month) for month in columns[self._month]], np.int64)
        places = zip((day != NEVER).tolist(), *(columns[at] for at in self._place), strict=True)
        codes = np.array([self._codes.setdefault(place, len(self._codes)) for place in places], np.int64)
        self.add(codes, np.where(day, day, months), due, -np.array(columns[self._width :], np.int64).T)

    def left(self) -> Iterator[list[tuple[Any, ...]]]:
        """Of each sum that is not nothing a row of the table: its keys and its measures; some at a time."""
        self._put_together()
        places = list(self._codes)
        some = np.flatnonzero(self._values[0].any(axis=1))
        for start in range(0, len(some), _AT_ONCE):
            batch = some[start : start + _AT_ONCE]
            measures = self._values[0][batch].T.tolist()
            yield list(zip(*self._named(places, self._keys[0][batch]), *measures, strict=True))

    def _named(self, places: Sequence[tuple[Any, ...]], keys: Numbers) -> list[Sequence[Any]]:
        """These keys as the table's columns."""
        daily, *names = zip(*(places[code] for code in (keys >> (2 * _BITS)).tolist()), strict=True)
        when, due = ((keys >> _BITS) & _ALL).tolist(), (keys & _ALL).tolist()
        days = [number if each else NEVER for number, each in zip(when, daily, strict=True)]
        named: list[Sequence[Any]] = [()] * self._width
        for at, column in zip(self._place, names, strict=True):
            named[at] = column
        for at, times in zip(self._times, (days, due), strict=True):
            if at is not None:
                named[at] = list(map(day_text, times))
        months = map(period_text, when)
        named[self._month] = [
            (day_text(day) or "")[:7] if day else month for day, month in zip(days, months, strict=True)
        ]
        return named

    def _add(self, keys: Numbers, values: Numbers) -> None:
        if len(keys):
            keys, values = put_together(keys, values)
            self._keys.append(keys)
            self._values.append(values)
            self._waiting += len(keys)
            if self._waiting > max(_MANY, len(self._keys[0]) // 2):
                self._put_together()

    def _put_together(self) -> None:
        if len(self._keys) > 1:
            keys, values = put_together(np.concatenate(self._keys), np.concatenate(self._values))
            self._keys, self._values, self._waiting = [keys], [values], 0


def put_together(keys: Numbers, values: Numbers) -> tuple[Numbers, Numbers]:
    """Each key once, in order, with the sum of its rows of values."""
    if not len(keys):
        return keys, values
    order = np.argsort(keys, kind="stable")
    keys = keys[order]
    first = np.flatnonzero(np.diff(keys, prepend=keys[0] - 1))
    return keys[first], np.add.reduceat(values[order], first, axis=0)


def ordinal(dialect: str, day: str) -> str:
    """SQL of a date as the day that it is of all days, as `date.toordinal` counts; NEVER where there is none."""
    if dialect == "sqlite":
        number = f"coalesce(unixepoch({day}) / 86400 + {_EPOCH}, {NO_DATE})"
        return f"CASE WHEN {day} IS NULL THEN {NEVER} WHEN {number} BETWEEN 1 AND {NO_DATE} THEN {number} ELSE {NO_DATE} END"
    return (
        f"CASE WHEN {day} IS NULL THEN {NEVER} WHEN {day} BETWEEN '0001-01-01' AND '9999-12-31' "
        f"THEN {day} - DATE '0001-01-01' + 1 ELSE {NO_DATE} END"
    )


@cache
def day_text(day: int) -> str | None:
    """The ISO date of an ordinal; '' for what is none."""
    if day == NEVER:
        return None
    return date.fromordinal(day).isoformat() if day <= date.max.toordinal() else ""


def months_of(days: Numbers) -> Numbers:
    """The months of these days, as numbers that follow one another: 1 + 12 x the year + the month less 1."""
    months = (days - _EPOCH).astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    return months + (1970 * 12 + 1)


def _longer(months: Numbers) -> tuple[Numbers, Numbers, Numbers]:
    """The quarters and the years of such months, and all time."""
    return (months - 1) // 3 + _QUARTERS, (months - 1) // 12 + _YEARS, np.full_like(months, _EVER)


@cache
def period_number(text: str | None) -> int:
    """YYYY-MM, YYYY-Qn, YYYY or EVER as a number of its kind."""
    if text is None:
        return NEVER
    if text == EVER:
        return _EVER
    parts = _PERIOD.fullmatch(text)
    if parts is None:
        return _NO_MONTH
    year, month, quarter = (int(part or 0) for part in parts.groups())
    if quarter:
        return _QUARTERS + year * 4 + quarter - 1
    return year * 12 + month if month else _YEARS + year


@cache
def period_text(number: int) -> str | None:
    """The same backwards; '' for what is none."""
    if number == NEVER:
        return None
    if number == _EVER:
        return EVER
    if number >= _YEARS:
        return f"{number - _YEARS:04}"
    if number >= _QUARTERS:
        return f"{(number - _QUARTERS) // 4:04}-Q{(number - _QUARTERS) % 4 + 1}"
    return "" if number == _NO_MONTH else f"{(number - 1) // 12:04}-{(number - 1) % 12 + 1:02}"


_NO_MONTH = int(months_of(np.array([NO_DATE]))[0])
