"""The order of a column's dates, from all of them."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.parsing.date_orders import OrderEvidence, UndecidedOrderError
from domain.parsing.dates import Order


def seen(*texts: str) -> OrderEvidence:
    evidence = OrderEvidence("issued_on")
    for line, text in enumerate(texts, start=2):
        evidence.see(text, line)
    return evidence


def test_a_day_above_twelve_decides() -> None:
    assert seen("03/04/2024", "13/04/2024").decide() is Order.DMY
    assert seen("03/04/2024", "04/13/2024").decide() is Order.MDY
    assert seen("03-04-24", "99-12-31").decide() is Order.YMD


def test_nothing_in_doubt_needs_no_order() -> None:
    assert seen("2024-01-31", "31 Jan 2024", "").decide() is None
    assert seen("05/05/2024").decide() is not None


def test_doubt_is_asked_about_with_column_line_and_value() -> None:
    with pytest.raises(UndecidedOrderError, match=r"'issued_on', line 3: '03/04/2024' .* --date-order"):
        seen("05/05/2024", "03/04/2024").decide()


def test_an_impossible_date_proves_nothing() -> None:
    with pytest.raises(UndecidedOrderError, match="line 2"):
        seen("03/04/2024", "31/02/2024").decide()


def test_contradiction_names_both_lines() -> None:
    with pytest.raises(UndecidedOrderError, match=r"line 2 \('13/04/2024'\) and line 3 \('04/13/2024'\)"):
        seen("13/04/2024", "04/13/2024").decide()


def test_a_long_year_does_not_decide_where_a_short_one_stands() -> None:
    with pytest.raises(UndecidedOrderError, match="line 3: '24-12-31'"):
        seen("05/05/2024", "24-12-31").decide()


def test_two_digit_years_first_or_last() -> None:
    with pytest.raises(UndecidedOrderError):
        seen("14/02/24", "28/02/23").decide()
    assert seen("14/02/99").decide() is Order.DMY


def test_the_answer_settles_it() -> None:
    assert seen("13/04/2024", "04/13/2024").decide(Order.MDY) is Order.MDY


@given(
    st.lists(st.integers(0, 20_000), min_size=1, max_size=20),
    st.sampled_from([("%d/%m/%Y", Order.DMY), ("%m/%d/%Y", Order.MDY)]),
)
def test_decides_right_or_not_at_all(offsets: list[int], written: tuple[str, Order]) -> None:
    days = [date(1990, 1, 1) + timedelta(offset) for offset in offsets]
    texts = [day.strftime(written[0]) for day in days]
    try:
        order = seen(*texts).decide()
    except UndecidedOrderError:
        assert all(day.day <= 12 for day in days)
        return
    assert order is written[1] or all(day.day == day.month for day in days)
