"""Money: minor units and back, never rounded silently, never summed across currencies."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.money import (
    LARGEST_MINOR,
    CurrencyMismatchError,
    Money,
    MoneyError,
    convert,
    exponent,
    known_currency,
    to_decimal,
    to_minor,
    total,
)

CURRENCIES = st.sampled_from(["USD", "EUR", "JPY", "KWD", "CLF", "RSD"])
MINORS = st.integers(-LARGEST_MINOR, LARGEST_MINOR)


@pytest.mark.parametrize(
    ("currency", "decimals"),
    [
        ("USD", 2),
        ("JPY", 0),
        ("KWD", 3),
        ("CLF", 4),
        ("MRU", 2),
        # ISO 4217 where shops have dropped the coins: a Serbian bill has its paras all the same.
        ("RSD", 2),
        ("IQD", 3),
        ("HUF", 2),
    ],
)
def test_decimals_are_those_of_iso_4217(currency, decimals):
    assert exponent(currency) == decimals


@pytest.mark.parametrize("code", ["usd", "US", "USDD", "ZZZ", "", "$"])
def test_an_unknown_currency_is_refused(code):
    assert not known_currency(code)
    with pytest.raises(MoneyError, match="ISO 4217"):
        to_minor(Decimal(1), code)


@pytest.mark.parametrize(
    ("text", "currency", "minor"),
    [
        ("12.34", "USD", 1234),
        ("12.3", "USD", 1230),
        ("12.3400", "USD", 1234),
        ("-0.01", "USD", -1),
        ("1E+3", "USD", 100000),
        ("500", "JPY", 500),
        ("1.234", "KWD", 1234),
        ("0.00", "EUR", 0),
        ("10000000000000.00", "USD", LARGEST_MINOR),
    ],
)
def test_amounts_become_minor_units(text, currency, minor):
    assert to_minor(Decimal(text), currency) == minor


@pytest.mark.parametrize(
    ("text", "currency"),
    [
        ("12.345", "USD"),
        ("0.5", "JPY"),
        ("1.0001", "KWD"),
        # More digits than the default context carries, which would round it to exactly 1.
        ("1.0000000000000000000000000001", "USD"),
        ("1." + "0" * 80 + "1", "USD"),
    ],
)
def test_nothing_is_rounded_silently(text, currency):
    with pytest.raises(MoneyError, match="decimals"):
        to_minor(Decimal(text), currency)


@pytest.mark.parametrize("text", ["NaN", "sNaN", "Infinity", "-Infinity"])
def test_what_is_no_number_is_no_amount(text):
    with pytest.raises(MoneyError, match="not an amount"):
        to_minor(Decimal(text), "USD")


@pytest.mark.parametrize("text", ["10000000000000.01", "-10000000000000.01", "1E+30", "1E+999999"])
def test_what_no_bill_can_be_is_refused(text):
    with pytest.raises(MoneyError, match="larger than any bill"):
        to_minor(Decimal(text), "USD")


@given(MINORS, CURRENCIES)
def test_minor_units_survive_the_way_there_and_back(minor, currency):
    amount = to_decimal(minor, currency)
    assert -amount.as_tuple().exponent == exponent(currency)
    assert to_minor(amount, currency) == minor


@given(st.decimals(allow_nan=False, allow_infinity=False), CURRENCIES)
def test_an_amount_is_exact_or_refused(amount, currency):
    try:
        minor = to_minor(amount, currency)
    except MoneyError:
        return
    assert Decimal(minor) == amount * 10 ** exponent(currency)


@given(MINORS, MINORS, CURRENCIES)
def test_sums_and_differences_are_those_of_the_minor_units(a, b, currency):
    assert Money(a, currency) + Money(b, currency) == Money(a + b, currency)
    assert Money(a, currency) - Money(b, currency) == Money(a - b, currency)


def test_two_currencies_are_never_added():
    with pytest.raises(CurrencyMismatchError, match="EUR and USD"):
        Money(1, "EUR") + Money(1, "USD")
    with pytest.raises(CurrencyMismatchError):
        Money(1, "EUR") - Money(1, "USD")
    with pytest.raises(CurrencyMismatchError):
        total([Money(1, "EUR"), Money(2, "USD")], "EUR")
    assert total([Money(1, "EUR"), Money(2, "EUR")], "EUR") == Money(3, "EUR")
    assert total([], "EUR") == Money(0, "EUR")


def test_json_money_has_the_currencys_decimals():
    assert Money(123456, "USD").as_json() == {"currency": "USD", "amount": "1234.56"}
    assert Money(-5, "USD").as_json() == {"currency": "USD", "amount": "-0.05"}
    assert Money(0, "KWD").as_json() == {"currency": "KWD", "amount": "0.000"}
    assert Money(500, "JPY").as_json() == {"currency": "JPY", "amount": "500"}
    assert Money(10**15, "USD").as_json() == {"currency": "USD", "amount": "10000000000000.00"}


def test_conversion_goes_half_to_even():
    # 10.05 EUR at 1.5 is 15.075: between 15.07 and 15.08 the even one is 15.08.
    assert convert(Money(1005, "EUR"), "USD", Decimal("1.5")) == Money(1508, "USD")
    # 10.03 at 1.5 is 15.045: even is 15.04.
    assert convert(Money(1003, "EUR"), "USD", Decimal("1.5")) == Money(1504, "USD")
    assert convert(Money(-1003, "EUR"), "USD", Decimal("1.5")) == Money(-1504, "USD")
    # 12.34 USD at 151.2 yen is 1865.808 yen; a yen has no parts.
    assert convert(Money(1234, "USD"), "JPY", Decimal("151.2")) == Money(1866, "JPY")
    assert convert(Money(1866, "JPY"), "KWD", Decimal("0.002")) == Money(3732, "KWD")
