"""Promises and follow-ups by example."""

from datetime import date

import pytest

from domain.promises import Standing, follow_up_standing, promise_standing


def nov(day):
    return date(2026, 11, day)


@pytest.mark.parametrize(
    ("paid", "as_of", "standing"),
    [
        ([], 9, Standing.AHEAD),
        ([], 10, Standing.TODAY),
        ([], 11, Standing.OVERDUE),
        ([2], 11, Standing.DONE),  # on the call itself
        ([10], 11, Standing.DONE),  # on the promised day
        ([1], 11, Standing.OVERDUE),  # before the call
        ([11], 11, Standing.LATE),
        ([12], 11, Standing.OVERDUE),  # not yet known on that day
        ([12, 9], 12, Standing.DONE),
    ],
)
def test_a_promise_of_2_november_for_the_10th(paid, as_of, standing):
    assert promise_standing(nov(10), nov(2), [nov(day) for day in paid], nov(as_of)) is standing


@pytest.mark.parametrize(
    ("next_call", "as_of", "standing"),
    [
        (None, 5, Standing.AHEAD),
        (None, 6, Standing.TODAY),
        (None, 7, Standing.OVERDUE),
        (6, 8, Standing.DONE),
        (7, 8, Standing.LATE),
    ],
)
def test_a_follow_up_for_the_6th(next_call, as_of, standing):
    assert follow_up_standing(nov(6), nov(next_call) if next_call else None, nov(as_of)) is standing


def test_only_what_is_done_is_closed():
    assert [s for s in Standing if not s.is_open] == [Standing.DONE, Standing.LATE]
