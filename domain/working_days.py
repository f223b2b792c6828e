"""Days on which banks work, by calendar: a country (US, GB, DE) or one of its parts (GB-SCT, US-CA).

In the United States the days of the Federal Reserve count, in Great Britain without a part those of England: payments
are cleared by them. Where no calendar is known, weekdays are working days.
"""

from datetime import date, timedelta
from functools import lru_cache

import holidays
from holidays.holiday_base import HolidayBase

_CLEARING = {"US": "XFED"}  # a financial calendar of the library, where a holiday of the country does not close banks
_KEPT = 16_384  # days of some calendars: thousands of accounts ask for the same ones
_MAIN_PART = {"GB": "ENG"}


def known_calendar(name: str) -> bool:
    """True for a country, or a part of one, whose holidays are known."""
    country, _, part = name.partition("-")
    parts = holidays.list_supported_countries(include_aliases=False).get(country)
    return parts is not None and (part in parts if part else name == country)


@lru_cache(maxsize=_KEPT)
def is_working_day(day: date, calendar: str) -> bool:
    """Neither a weekend day nor a bank holiday."""
    return _days_of(calendar, day.year).is_working_day(day)


@lru_cache(maxsize=_KEPT)
def working_day_from(day: date, calendar: str) -> date:
    """`day` itself if it is a working day, else the next one."""
    while not is_working_day(day, calendar):
        day += timedelta(days=1)
    return day


@lru_cache(maxsize=_KEPT)
def working_day_until(day: date, calendar: str) -> date:
    """`day` itself if it is a working day, else the one before it."""
    while not is_working_day(day, calendar):
        day -= timedelta(days=1)
    return day


@lru_cache(maxsize=_KEPT)
def add_working_days(day: date, count: int, calendar: str) -> date:
    """The `count`th working day after `day`, or before it when negative. A day off counts as the working day it leads to:

    what is sent on Saturday leaves on Monday and is one working day under way on Tuesday.
    """
    step = timedelta(days=1 if count >= 0 else -1)
    towards = working_day_from if count >= 0 else working_day_until
    day = towards(day, calendar)
    for _ in range(abs(count)):
        day = towards(day + step, calendar)
    return day


@lru_cache(maxsize=1024)
def _days_of(calendar: str, year: int) -> HolidayBase:
    try:
        return _holidays(calendar, year)
    except NotImplementedError:
        return HolidayBase(years=year, expand=False)


def _holidays(calendar: str, year: int) -> HolidayBase:
    # One year, never expanded: a calendar that grows while another thread asks it would answer wrongly.
    if calendar in _CLEARING:
        return holidays.financial_holidays(_CLEARING[calendar], years=year, expand=False)
    country, _, part = calendar.partition("-")
    return holidays.country_holidays(country, part or _MAIN_PART.get(country), years=year, expand=False)
