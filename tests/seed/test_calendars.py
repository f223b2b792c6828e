"""Bank holidays as printed in the calendars of the four countries."""

from datetime import date

import pytest

from seed.calendars import add_months, bank_holidays, business_day, business_days_after, nth_weekday, period_name


@pytest.mark.parametrize(
    ("country", "year", "days"),
    [
        ("US", 2026, "01-01 01-19 02-16 05-25 06-19 07-04 09-07 10-12 11-11 11-26 12-25"),
        ("GB", 2025, "01-01 04-18 04-21 05-05 05-26 08-25 12-25 12-26"),
        ("IE", 2025, "01-01 02-03 03-17 04-21 05-05 06-02 08-04 10-27 12-25 12-26"),
        ("DE", 2024, "01-01 03-29 04-01 05-01 05-09 05-20 10-03 12-25 12-26"),
    ],
)
def test_bank_holidays(country, year, days):
    assert sorted(bank_holidays(country, year)) == [date.fromisoformat(f"{year}-{day}") for day in days.split()]


def test_a_sunday_holiday_moves_to_monday_in_america():
    assert date(2027, 7, 4).weekday() == 6
    assert date(2027, 7, 5) in bank_holidays("US", 2027)


def test_an_unknown_country_is_named():
    with pytest.raises(ValueError, match="no bank holidays known for 'FR'"):
        bank_holidays("FR", 2026)


def test_business_days_skip_weekends_and_holidays():
    thanksgiving = date(2026, 11, 26)
    assert business_day(thanksgiving, "US") == date(2026, 11, 27)
    assert business_day(thanksgiving, "US", step=-1) == date(2026, 11, 25)
    assert business_day(thanksgiving, "DE") == thanksgiving
    assert business_days_after(date(2026, 12, 24), 1, "GB") == date(2026, 12, 28)
    assert business_days_after(date(2026, 11, 28), 0, "US") == date(2026, 11, 30)


def test_months_end_where_they_end():
    assert add_months(date(2026, 1, 31), 1) == date(2026, 2, 28)
    assert add_months(date(2024, 3, 31), -1) == date(2024, 2, 29)
    assert add_months(date(2026, 12, 5), 1) == date(2027, 1, 5)
    assert add_months(date(2026, 1, 5), -13) == date(2024, 12, 5)
    assert nth_weekday(2026, 12, 0, -1) == date(2026, 12, 28)
    assert period_name(date(2026, 3, 9)) == "2026-03"
