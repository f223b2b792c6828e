"""Amounts as people write them: one reading, or none."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.parsing.amounts import AmountError, Mark, is_ambiguous, read_amount, written_mark

POINT, COMMA = Mark.POINT, Mark.COMMA


@pytest.mark.parametrize(
    ("text", "mark", "value"),
    [
        ("1.234,56", COMMA, "1234.56"),
        ("1,234.56", POINT, "1234.56"),
        ("(123.45)", POINT, "-123.45"),
        ("123.45-", POINT, "-123.45"),
        ("-$5", POINT, "-5"),
        ("$-5", POINT, "-5"),
        ("$(5.00)", POINT, "-5"),
        ("£ 1 234,50", COMMA, "1234.50"),
        ("1'234.50", POINT, "1234.50"),
        ("1’234.50", POINT, "1234.50"),
        ("1\u00a0234,5", COMMA, "1234.5"),
        ("1\u202f234\u202f567", POINT, "1234567"),
        ("−12", POINT, "-12"),
        ("+12", POINT, "12"),
        ("12 EUR", POINT, "12"),
        ("eur 12", POINT, "12"),
        ("$12.00 USD", POINT, "12"),
        ("5,00 €-", COMMA, "-5"),
        (".50", POINT, "0.50"),
        ("1,23,456.78", POINT, "123456.78"),
        ("1.234.567", COMMA, "1234567"),
        ("00012", POINT, "12"),
        # The same text under the two marks.
        ("1,234", POINT, "1234"),
        ("1,234", COMMA, "1.234"),
        ("1.234", COMMA, "1234"),
    ],
)
def test_reads(text: str, mark: Mark, value: str) -> None:
    assert read_amount(text, mark).value == Decimal(value)


@pytest.mark.parametrize(
    "text",
    [
        "NaN",
        "1e5",
        "inf",
        "--5",
        "(-5)",
        "-5-",
        "-+5",
        "++5",
        "$",
        "-",
        "()",
        "abc",
        "5%",
        "1.23.456",
        "1,,2",
        "1.234,567,8",
        "12.",
        "1,234.",
        "$12 EUR",
        "12EURO",
        "XYZ 5",
        "1 23",
        "0x1F",
        "1_000",
        "5 5 5",
        "1,2.3,4",
        "£",
        "1/2",
        "2024-01-31",
        "#REF!",
        "'",
        "..",
        ",",
        "12 34",
        "1 234 56",
    ],
)
@pytest.mark.parametrize("mark", list(Mark))
def test_refuses(text: str, mark: Mark) -> None:
    with pytest.raises(AmountError, match="not an amount"):
        read_amount(text, mark)


@pytest.mark.parametrize("text", ["١٢٣", "１２", "²", "१२"])
def test_refuses_digits_of_other_scripts(text: str) -> None:
    with pytest.raises(AmountError, match="digits other than 0 to 9"):
        read_amount(text, POINT)


@pytest.mark.parametrize(
    ("text", "mark"), [("12,50", POINT), ("1.234,56", POINT), ("12.50", COMMA), ("1.234.567", POINT)]
)
def test_refuses_the_other_mark(text: str, mark: Mark) -> None:
    with pytest.raises(AmountError, match="writes its decimals with"):
        read_amount(text, mark)


@pytest.mark.parametrize(
    ("text", "currencies"),
    [("€5", {"EUR"}), ("US$5", {"USD"}), ("5 zł", {"PLN"}), ("GBP 5", {"GBP"}), ("$5 CAD", {"CAD"})],
)
def test_names_its_currency(text: str, currencies: set[str]) -> None:
    assert read_amount(text, POINT).currencies == currencies


def test_a_dollar_sign_is_any_dollar_and_no_sign_is_any_currency() -> None:
    dollars = read_amount("$5", POINT).currencies
    assert dollars is not None
    assert {"USD", "CAD", "AUD"} <= dollars
    assert "EUR" not in dollars
    assert read_amount("5", POINT).currencies is None


@pytest.mark.parametrize(
    ("text", "proves"),
    [
        ("12.50", POINT),
        ("12,5", COMMA),
        ("0.123", POINT),  # no group begins with a zero
        ("1234.567", POINT),  # no group has four digits
        ("1.234.567", COMMA),
        ("1 234,567", COMMA),  # the space groups already
        ("1234", None),
        ("1,234", None),
        ("1'234", None),
        ("words", None),
    ],
)
def test_what_one_amount_proves(text: str, proves: Mark | None) -> None:
    assert written_mark(text) is proves


@pytest.mark.parametrize(
    ("text", "doubtful"),
    [("1,234", True), ("-$1.234", True), ("999,999", True), ("0,123", False), ("12,34", False), ("1,234.5", False)],
)
def test_what_could_be_read_twice(text: str, doubtful: bool) -> None:
    assert is_ambiguous(text) is doubtful


def test_three_decimals_that_look_like_a_group_say_so() -> None:
    assert read_amount("1.500", POINT).like_group
    assert not read_amount("1,500", POINT).like_group
    assert not read_amount("1500.500", POINT).like_group


@given(
    st.integers(-(10**12), 10**12),
    st.sampled_from(list(Mark)),
    st.sampled_from(["", " ", "'", "other"]),
    st.sampled_from(["-{}", "{}-", "({})", "−{}", "-${}", "€ -{}"]),
)
def test_what_is_written_is_read(minor: int, mark: Mark, group: str, negative: str) -> None:
    whole, fraction = divmod(abs(minor), 100)
    group = {"other": "," if mark is POINT else "."}.get(group, group)
    text = f"{whole:,}".replace(",", group) + mark.character + f"{fraction:02}"
    text = negative.format(text) if minor < 0 else text
    assert read_amount(text, mark).value == Decimal(minor).scaleb(-2)
    assert written_mark(text) is mark


@given(st.text(max_size=30), st.sampled_from(list(Mark)))
def test_any_text_is_an_amount_or_an_error(text: str, mark: Mark) -> None:
    try:
        amount = read_amount(text, mark)
    except AmountError:
        return
    assert amount.value.is_finite()
    digits = [character for character in text if character.isdigit()]
    assert all(digit.isascii() for digit in digits)
    assert str(abs(amount.value)).replace(".", "").lstrip("0") == "".join(digits).lstrip("0")
