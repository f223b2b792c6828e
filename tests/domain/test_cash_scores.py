"""The scores of the cash forecast, by hand."""

from datetime import date, timedelta

import pytest

from domain.cash_forecast import CashWeek, Source
from domain.cash_scores import CashScore, missed, score

AS_OF = date(2026, 8, 31)


def week(first, amount, low, high):
    return CashWeek(first, first + timedelta(6), dict.fromkeys(Source, 0), amount, low, high)


def test_a_week_beside_the_month_and_the_year_before():
    """300 were said and 250 left; 200 in the same days of August, 400 of last September; the range held."""
    known = {date(2026, 8, 3): 200, date(2025, 9, 7): 400, date(2026, 8, 8): 1_000}  # the 8th is outside: 1 to 7
    came = {date(2026, 9, 1): 100, date(2026, 9, 7): 150, date(2026, 9, 8): 999}
    found = score([week(date(2026, 9, 1), 300, 240, 320)], AS_OF, known, came)
    assert found == CashScore(1, 1, 250, 300, 50, 50, 150)


def test_a_month_that_had_not_happened_is_taken_from_the_one_before():
    """On 31 August, the same days a month before 1 to 7 October had not come: those of August count."""
    found = score([week(date(2026, 10, 1), 0, 0, 0)], AS_OF, {date(2026, 8, 2): 70}, {})
    assert (found.last_month, found.inside) == (70, 1)


@pytest.mark.parametrize(
    ("one", "words"),
    [
        (CashScore(100, 80, 1, 1, 9, 11, 10), []),
        (CashScore(100, 80, 1, 1, 10, 11, 10), ["error in USD"]),
        (CashScore(100, 74, 1, 1, 9, 11, 10), ["weeks inside the range"]),
        (CashScore(100, 86, 1, 1, 9, 11, 10), ["weeks inside the range"]),
        (CashScore(), ["error in USD", "weeks inside the range"]),
    ],
)
def test_the_bars(one, words):
    assert missed({"USD": one}) == words
