"""Dates as people write them."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.parsing.dates import EARLIEST, DateError, Order, possible_dates, read_date

DMY, MDY, YMD = Order.DMY, Order.MDY, Order.YMD


@pytest.mark.parametrize("order", [None, *Order])
@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2024-01-31", date(2024, 1, 31)),
        ("2024/1/31", date(2024, 1, 31)),
        ("20240131", date(2024, 1, 31)),
        ("31 Jan 2024", date(2024, 1, 31)),
        ("31-JAN-2024", date(2024, 1, 31)),
        ("Jan 31, 2024", date(2024, 1, 31)),
        ("January 31 2024", date(2024, 1, 31)),
        ("1st of May 2021", date(2021, 5, 1)),
        ("31. März 2024", date(2024, 3, 31)),
        ("1er février 2024", date(2024, 2, 1)),
        ("31 de enero de 2024", date(2024, 1, 31)),
        ("5 août 2020", date(2020, 8, 5)),
        ("2024 Sept 5", date(2024, 9, 5)),
    ],
)
def test_needs_no_order(text: str, day: date, order: Order | None) -> None:
    assert read_date(text, order) == day


@pytest.mark.parametrize(
    ("text", "order", "day"),
    [
        ("03/04/2024", DMY, date(2024, 4, 3)),
        ("03/04/2024", MDY, date(2024, 3, 4)),
        ("3.4.2024", DMY, date(2024, 4, 3)),
        ("31. 12. 2024", DMY, date(2024, 12, 31)),
        ("03-04-24", YMD, date(2003, 4, 24)),
        ("31/12/69", DMY, date(2069, 12, 31)),
        ("31/12/70", DMY, date(1970, 12, 31)),
        ("31-Jan-24", None, date(2024, 1, 31)),
        ("05/05/2024", None, date(2024, 5, 5)),  # the same day either way
    ],
)
def test_takes_the_order_of_its_column(text: str, order: Order | None, day: date) -> None:
    assert read_date(text, order) == day


def test_never_guesses() -> None:
    with pytest.raises(DateError, match="several orders: say --date-order"):
        read_date("03/04/2024", None)


@pytest.mark.parametrize(
    "text",
    [
        "30/02/2024",
        "2024-13-01",
        "2023-02-29",
        "0000-00-00",
        "1/2/3",
        "01022024",
        "43831",
        "12 x 2024",
        "٣/٤/٢٠٢٤",
        "2024-1",
        "today",
        "31/12",
        "1/1/124",
        "2024-01/31",
        "NaN",
        "",
    ],
)
@pytest.mark.parametrize("order", [None, *Order])
def test_refuses_what_is_no_date(text: str, order: Order | None) -> None:
    with pytest.raises(DateError, match="is not a date"):
        read_date(text, order)


@pytest.mark.parametrize("text", ["1969-12-31", "2101-01-01", "0024-01-31", "9999-12-31"])
def test_refuses_years_that_no_bill_has(text: str) -> None:
    with pytest.raises(DateError, match="not between 1970 and 2100"):
        read_date(text, None)


def test_the_wrong_order_is_named() -> None:
    with pytest.raises(DateError, match="'31/12/2024' is not a date in the order mdy"):
        read_date("31/12/2024", MDY)


@given(
    st.integers(0, 47_000).map(lambda days: EARLIEST + timedelta(days)),
    st.sampled_from(["{0:%d/%m/%Y}", "{0.day}.{0.month}.{0.year}", "{0:%d %b %Y}", "{0:%Y-%m-%d}", "{0:%d %m %Y}"]),
)
def test_what_is_written_is_read(day: date, form: str) -> None:
    text = form.format(day)
    assert read_date(text, DMY) == day
    assert possible_dates(text).dates[YMD if text.startswith(f"{day.year}") else DMY] == day
