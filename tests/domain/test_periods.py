"""Months and half-open periods: month ends, leap days, the 31st."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.periods import Period, add_months, month_ends, month_of, month_start, months_between, shifted

DAYS = st.dates(date(1990, 1, 1), date(2090, 12, 31))


def test_a_period_holds_its_start_and_not_its_end():
    may = Period(date(2026, 5, 1), date(2026, 6, 1))
    assert date(2026, 5, 1) in may
    assert date(2026, 5, 31) in may
    assert date(2026, 6, 1) not in may
    assert date(2026, 4, 30) not in may
    assert may.days == 31


@pytest.mark.parametrize("end", [date(2026, 5, 1), date(2026, 4, 30)])
def test_an_empty_or_backward_period_is_refused(end):
    with pytest.raises(ValueError, match="ends after it starts"):
        Period(date(2026, 5, 1), end)


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2024, 2, 29), 48, date(2028, 2, 29)),
        (date(2026, 3, 31), -1, date(2026, 2, 28)),
        (date(2026, 3, 31), 1, date(2026, 4, 30)),
        (date(2026, 12, 15), 1, date(2027, 1, 15)),
        (date(2026, 1, 15), -1, date(2025, 12, 15)),
        (date(2026, 12, 31), 0, date(2026, 12, 31)),
        (date(2026, 6, 1), -18, date(2024, 12, 1)),
    ],
)
def test_adding_months_ends_with_a_shorter_month(day, months, expected):
    assert add_months(day, months) == expected


def test_the_month_of_a_day():
    assert month_of(date(2024, 2, 29)) == Period(date(2024, 2, 1), date(2024, 3, 1))
    assert month_of(date(2026, 12, 1)) == Period(date(2026, 12, 1), date(2027, 1, 1))
    assert month_of(date(2100, 2, 28)).days == 28


def test_month_ends_are_the_last_days_before_and_then_the_day_itself():
    assert month_ends(date(2024, 3, 31), 4) == [
        date(2023, 12, 31),
        date(2024, 1, 31),
        date(2024, 2, 29),
        date(2024, 3, 31),
    ]
    assert month_ends(date(2026, 3, 1), 2) == [date(2026, 2, 28), date(2026, 3, 1)]
    assert month_ends(date(2026, 3, 1), 1) == [date(2026, 3, 1)]


def test_months_touched_by_a_half_open_period():
    def between(start, end):
        return list(months_between(start, end))

    assert between(date(2026, 1, 31), date(2026, 2, 1)) == [date(2026, 1, 1)]
    assert between(date(2026, 1, 31), date(2026, 2, 2)) == [date(2026, 1, 1), date(2026, 2, 1)]
    assert between(date(2025, 12, 5), date(2026, 2, 1)) == [date(2025, 12, 1), date(2026, 1, 1)]
    assert between(date(2026, 2, 1), date(2026, 2, 1)) == []


@given(DAYS, st.integers(-400, 400))
def test_months_step_by_the_calendar(day, months):
    later = add_months(day, months)
    assert (later.year - day.year) * 12 + later.month - day.month == months
    # The same day of the month, or else the last one of a month that is too short.
    assert later.day == day.day or (later.day < day.day and (later + timedelta(days=1)).day == 1)


@given(DAYS)
def test_every_day_is_in_its_month_and_months_do_not_overlap(day):
    month = month_of(day)
    assert day in month
    assert month.start == month_start(day)
    assert month_of(month.end).start == month.end
    assert month_of(month.end - timedelta(days=1)) == month


@given(DAYS, st.integers(2, 40))
def test_month_ends_rise_and_end_months(day, count):
    ends = month_ends(day, count)
    assert len(ends) == count
    assert ends == sorted(set(ends))
    assert all((end + timedelta(days=1)).day == 1 for end in ends[:-1])
    assert ends[-1] == day


def test_days_are_shifted_as_far_as_the_calendar_reaches():
    assert shifted(date(2028, 2, 28), 2) == date(2028, 3, 1)
    assert shifted(date(2026, 1, 1), -1) == date(2025, 12, 31)
    assert shifted(date.max, 1) == shifted(date(9990, 1, 1), 10**6) == date(9998, 12, 31)
    assert shifted(date.min, -1) == date(1, 2, 1)
