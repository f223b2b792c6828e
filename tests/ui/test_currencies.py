"""Amounts in several currencies: apart, or at a rate that is shown."""

from datetime import date
from decimal import Decimal

import pytest

from data_access.queries.rates import Rate
from domain.aging import AgingRow
from domain.filters import Filters
from ui.currencies import Shown

FILTERS = Filters(as_of=date(2026, 11, 20))


def rate(code, value, day=date(2026, 10, 31)):
    return Rate(code, "USD", day, Decimal(value), "bank")


def test_the_currency_itself_is_not_touched():
    assert Shown("USD", FILTERS).minor(12345, "USD") == 12345
    assert Shown("USD", FILTERS).unit == "USD"


def test_minor_units_of_each_currency():
    shown = Shown("USD", FILTERS, {"JPY": rate("JPY", "0.0067"), "EUR": rate("EUR", "1.125")})
    assert shown.minor(15000, "JPY") == 10050  # 15,000 yen, 100.50 dollars
    assert shown.minor(1000, "EUR") == 1125
    assert shown.minor(-1000, "EUR") == -1125
    assert (
        Shown("JPY", FILTERS, {"USD": Rate("USD", "JPY", date(2026, 10, 31), Decimal(150), "")}).minor(101, "USD")
        == 152
    )


def test_a_currency_without_a_rate_is_an_error_not_a_zero():
    with pytest.raises(KeyError):
        Shown("USD", FILTERS).minor(100, "EUR")


def test_the_rates_and_their_days_are_said():
    shown = Shown("USD", FILTERS, {"EUR": rate("EUR", "1.1162"), "GBP": rate("GBP", "1.2478")})
    assert shown.unit == "USD converted at rates of 31 Oct 2026"
    assert shown.rates_in_words == "1 EUR = 1.1162 USD on 31 Oct 2026; 1 GBP = 1.2478 USD on 31 Oct 2026"
    older = Shown("USD", FILTERS, {"EUR": rate("EUR", "1.1"), "GBP": rate("GBP", "1.2", date(2026, 9, 30))})
    assert older.unit == "USD converted at rates of 30 Sep 2026 to 31 Oct 2026"


def test_a_site_with_two_currencies_becomes_one_row():
    shown = Shown("USD", FILTERS, {"EUR": rate("EUR", "1.10")})
    rows = [
        AgingRow("S", "Site", "EUR", (1000, 2000), -100, 50, 50, 2, 1),
        AgingRow("S", "Site", "USD", (500, 0), 0, 0, 0, 1, 0),
        AgingRow("T", "Other", "USD", (9000, 0), 0, 0, 0, 1, 0),
    ]
    other, site = shown.merged(rows)
    assert other.key == "T"
    assert (site.buckets, site.unapplied, site.disputed, site.open_count, site.flagged) == (
        (1600, 2200),
        -110,
        55,
        3,
        1,
    )
    assert site.currency == "USD"
