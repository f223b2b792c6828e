"""Dates as written. A year first is never in doubt; of 03/04/2024 somebody must say, or the rest of the column show, the order.

Years of two digits: 70 to 99 are 1970 to 1999, 00 to 69 are 2000 to 2069. Nothing outside 1970 to 2100 is accepted.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache

from babel.dates import get_month_names

EARLIEST, LATEST = date(1970, 1, 1), date(2100, 12, 31)
_LOCALES = ("en", "de", "fr", "es", "it", "nl", "pt", "sv", "da", "nb", "pl")
_PIVOT = 70
_YEAR_DIGITS = 4


class DateError(ValueError):
    """Text that is not one date; says why."""


class Order(StrEnum):
    """Which part of a numeric date comes first."""

    DMY = "dmy"
    MDY = "mdy"
    YMD = "ymd"


@dataclass(frozen=True, slots=True)
class Readings:
    """Every order in which a text is a date, and the date that it then is; empty for an impossible date.

    `fixed`: the text itself says which part is which; otherwise `orders` are those that its digits leave open.
    """

    dates: dict[Order, date]
    fixed: bool
    orders: frozenset[Order] = frozenset()


_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})", re.ASCII)
_YEAR_FIRST = re.compile(r"(\d{4})\s?([-/. ])\s?(\d{1,2})\s?\2\s?(\d{1,2})", re.ASCII)
_NUMERIC = re.compile(r"(\d{1,2})\s?([-/. ])\s?(\d{1,2})\s?\2\s?(\d{4}|\d{2})", re.ASCII)
_NAMED_MIDDLE = re.compile(
    r"(\d{1,2}|\d{4})(?:st|nd|rd|th|\.|er|º)?[\s/-]*(?:de |of )?([^\W\d_]+)\.?,?[\s/-]*(?:de )?(\d{4}|\d{1,2})",
    re.IGNORECASE,
)
_NAMED_FIRST = re.compile(r"([^\W\d_]+)\.?[\s/-]*(\d{1,2})(?:st|nd|rd|th)?,?[\s/-]+(\d{4}|\d{2})", re.IGNORECASE)


def read_date(text: str, order: Order | None) -> date:
    """The date in `text`; `order` is that of the column, None where it has shown none. Raises DateError."""
    readings = possible_dates(text)
    dates = readings.dates
    if not dates:
        raise DateError(f"{text!r} is not a date")
    if readings.fixed:
        found = dates.get(order) if order in dates else next(iter(dates.values()))
    elif order is None and len(set(dates.values())) == 1:
        found = next(iter(dates.values()))
    elif order is None:
        raise DateError(f"{text!r} can be read in several orders: say --date-order")
    elif order not in dates:
        raise DateError(f"{text!r} is not a date in the order {order.value}")
    else:
        found = dates[order]
    if found is None or not EARLIEST <= found <= LATEST:
        raise DateError(f"{text!r} is not between {EARLIEST.year} and {LATEST.year}")
    return found


def possible_dates(text: str) -> Readings:
    """All readings of `text` as a date, whatever the year."""
    if match := _YEAR_FIRST.fullmatch(text):
        return _fixed(match[1], match[3], match[4])
    if match := _COMPACT.fullmatch(text):
        return _fixed(match[1], match[2], match[3])
    if match := _NUMERIC.fullmatch(text):
        return _numeric(match[1], match[3], match[4])
    return _with_month_name(text)


def _with_month_name(text: str) -> Readings:
    if match := _NAMED_FIRST.fullmatch(text):
        return _named(match[1], {Order.MDY: (match[3], match[2])})
    match = _NAMED_MIDDLE.fullmatch(text)
    if not match:
        return Readings({}, fixed=True)
    first, last = match[1], match[3]
    if len(first) == _YEAR_DIGITS:
        return _named(match[2], {Order.YMD: (first, last)})
    # With a month's name the day comes first, unless the order is said to be ymd.
    readings = {Order.DMY: (last, first)} if len(last) in (2, _YEAR_DIGITS) else {}
    if len(first) == len(last) == 2:  # noqa: PLR2004 - digits
        readings[Order.YMD] = (first, last)
    return _named(match[2], readings)


def _fixed(year: str, month: str, day: str) -> Readings:
    found = _date(int(year), int(month), int(day))
    return Readings({Order.YMD: found} if found else {}, fixed=True)


def _numeric(first: str, second: str, third: str) -> Readings:
    readings = {Order.DMY: (third, second, first), Order.MDY: (third, first, second)}
    if len(third) == len(first) == 2:  # noqa: PLR2004 - digits
        readings[Order.YMD] = (first, second, third)
    dates = {order: _date(_year(year), int(month), int(day)) for order, (year, month, day) in readings.items()}
    return Readings({order: found for order, found in dates.items() if found}, fixed=False, orders=frozenset(readings))


def _named(name: str, readings: dict[Order, tuple[str, str]]) -> Readings:
    month = month_numbers().get(_plain(name), 0)
    dates = {order: _date(_year(year), month, int(day)) for order, (year, day) in readings.items()}
    return Readings({order: found for order, found in dates.items() if found}, fixed=True)


def _year(digits: str) -> int:
    year = int(digits)
    if len(digits) == _YEAR_DIGITS:
        return year
    return year + (1900 if year >= _PIVOT else 2000)


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


@lru_cache(maxsize=1)
def month_numbers() -> dict[str, int]:
    """Month names and their abbreviations in a dozen languages; a name that means two months is left out."""
    found: dict[str, set[int]] = {"sept": {9}}
    for locale in _LOCALES:
        for width in ("wide", "abbreviated"):
            for context in ("format", "stand-alone"):
                for number, name in get_month_names(width, context, locale).items():
                    found.setdefault(_plain(name), set()).add(number)
    return {name: next(iter(numbers)) for name, numbers in found.items() if len(numbers) == 1}


def _plain(name: str) -> str:
    """Without case, accents and points: 'août.' is 'aout'."""
    split = unicodedata.normalize("NFKD", name.casefold())
    return "".join(character for character in split if character.isalpha())
