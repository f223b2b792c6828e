"""Working days as printed in the calendars of the countries, and steps from one to another."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.working_days import (
    add_working_days,
    is_working_day,
    known_calendar,
    working_day_from,
    working_day_until,
)

CALENDARS = ("US", "GB", "GB-SCT", "IE", "DE", "DE-BY", "XX", "")
DAYS = st.dates(date(2020, 1, 1), date(2035, 12, 31))


def days_off(calendar, year):
    """Weekdays on which banks are closed."""
    days = [date(year, 1, 1) + timedelta(days=n) for n in range(366)]
    return {d for d in days if d.year == year and d.weekday() < 5 and not is_working_day(d, calendar)}


@pytest.mark.parametrize(
    ("calendar", "year", "days"),
    [
        ("US", 2026, "01-01 01-19 02-16 05-25 06-19 09-07 10-12 11-11 11-26 12-25"),
        (
            "US",
            2027,
            "01-01 01-18 02-15 05-31 07-05 09-06 10-11 11-11 11-25",
        ),  # 4 July is a Sunday, Juneteenth a Saturday
        ("GB", 2025, "01-01 04-18 04-21 05-05 05-26 08-25 12-25 12-26"),
        ("GB", 2027, "01-01 03-26 03-29 05-03 05-31 08-30 12-27 12-28"),
        ("GB-SCT", 2025, "01-01 01-02 04-18 05-05 05-26 08-04 12-01 12-25 12-26"),
        ("IE", 2025, "01-01 02-03 03-17 04-21 05-05 06-02 08-04 10-27 12-25 12-26"),
        ("DE", 2024, "01-01 03-29 04-01 05-01 05-09 05-20 10-03 12-25 12-26"),
        ("DE-BY", 2026, "01-01 01-06 04-03 04-06 05-01 05-14 05-25 06-04 12-25"),
        ("XX", 2026, ""),
    ],
)
def test_bank_holidays(calendar, year, days):
    assert days_off(calendar, year) == {date.fromisoformat(f"{year}-{day}") for day in days.split()}


def test_banks_are_open_on_the_friday_before_a_holiday_on_saturday():
    assert date(2026, 7, 4).weekday() == 5
    assert is_working_day(date(2026, 7, 3), "US")


def test_calendars_are_known_by_country_and_part():
    assert [known_calendar(name) for name in ("US", "US-CA", "GB-NIR", "DE-BY")] == [True] * 4
    assert [known_calendar(name) for name in ("", "XX", "US-QQ", "us", "Germany")] == [False] * 5


def test_steps_skip_weekends_and_holidays():
    thanksgiving = date(2026, 11, 26)
    assert working_day_from(thanksgiving, "US") == date(2026, 11, 27)
    assert working_day_until(thanksgiving, "US") == date(2026, 11, 25)
    assert working_day_from(thanksgiving, "DE") == thanksgiving
    assert add_working_days(date(2026, 12, 24), 1, "GB") == date(2026, 12, 29)  # Boxing Day is a Saturday: 28 December
    assert add_working_days(date(2026, 11, 30), -2, "US") == date(2026, 11, 25)


def test_what_is_sent_on_a_day_off_leaves_on_the_next_working_day():
    saturday = date(2026, 11, 28)
    assert add_working_days(saturday, 0, "US") == date(2026, 11, 30)
    assert add_working_days(saturday, 1, "US") == date(2026, 12, 1)
    assert add_working_days(saturday, -1, "US") == date(2026, 11, 25)  # Friday the 27th, then before Thanksgiving


@given(DAYS, st.integers(0, 30), st.sampled_from(CALENDARS))
def test_steps_land_on_working_days_and_lead_back(day, count, calendar):
    there = add_working_days(day, count, calendar)
    assert is_working_day(there, calendar)
    assert add_working_days(there, -count, calendar) == working_day_from(day, calendar)
    between = [day + timedelta(days=n) for n in range(1, (there - day).days + 1)]
    start = working_day_from(day, calendar)
    assert sum(is_working_day(d, calendar) for d in between if d > start) == count
