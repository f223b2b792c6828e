"""Payment card numbers are found however they are written; account numbers, phones and dates hardly ever."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.card_numbers import card_numbers, digits_of, refusal, without_card_numbers
from tests.card_numbers import FORMATS, account_numbers, card_number, luhn, mentioned, written_cards

CARDS = written_cards(1_000, seed=11)
VISA = "4111111111111111"


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_is_found(name):
    missed = [text for form, _, text in CARDS if form == name and not card_numbers(text)]
    assert missed == []


def test_nothing_of_a_number_is_left_when_it_is_taken_out():
    for _, digits, text in CARDS:
        left = digits_of(without_card_numbers(text).replace("2026-11-", ""))
        assert len(left) < 12, text  # the two that are told, a date, an expiry and a code behind words
        assert digits[:6] not in left
        assert card_numbers(without_card_numbers(text)) == []


def test_what_is_found_says_where_and_tells_two_digits():
    (found,) = card_numbers(f"card {VISA} on file")
    assert (found.start, found.end, found.last_two) == (5, 21, "11")
    assert VISA[2:] not in repr(found)
    first, second = card_numbers("3782-822463-10005; 5500 0000 0000 0004")
    assert (first.last_two, second.last_two) == ("05", "04")


def test_what_follows_in_one_breath_goes_too():
    assert without_card_numbers(f"x {VISA} 12/27 123 y") == "x [card number ending in 11] y"
    assert without_card_numbers("x ４１１１\u200b1111-1111 1111, thanks") == "x [card number ending in 11], thanks"


def test_at_most_three_in_a_hundred_account_numbers_are_taken_for_one():
    texts = mentioned(account_numbers(1_000, seed=12), seed=13)
    assert sum(bool(card_numbers(text)) for text in texts) <= 30


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1234567890123456",  # no issuer begins so
        "4111111111111112",  # the check digit is wrong
        "411111111111111",  # a digit short
        "4111 1111 and 1111 1111",
        "+49 1520 1234567",
        "+4917612345678, also +49 30 1234567",
        "Outage credit, case 374228 (+4917604069068)",
        "case 817162 (+353209105539)",
        "2026-11-20 12:34:56.789, 2026-11-21 08:00:00",
        "Paid 1,234.56 on 2026-11-20, 2,345.67 on 2026-11-21",
        "DE89 3704 0044 0532 0130 00",
        "192.168.100.200 and 10.20.30.40",
        "550e8400-e29b-41d4-a716-446655440000",
    ],
)
def test_what_is_none_is_let_through(text):
    assert card_numbers(text) == []
    assert without_card_numbers(text) == text


def test_a_known_account_number_is_none():
    known = {digits_of("4111-1111-1111-1111")}
    assert card_numbers(f"account {VISA}", known) == []
    assert card_numbers("account 4111 1111 1111 1111, called", known) == []
    # Another number beside it still is, and so is one that only begins like an account.
    assert len(card_numbers(f"account {VISA}, card 5500 0000 0000 0004", known)) == 1
    assert len(card_numbers("378282246310005", {"3782822463"})) == 1
    # A number that stands inside a longer account number, as far as that stands there whole.
    longer = "4222222222222999"
    assert card_numbers("4222222222222 999", {longer}) == []
    assert len(card_numbers("4222222222222 998", {longer})) == 1


def test_the_refusal_says_the_way_round_and_only_two_digits():
    (found,) = card_numbers(VISA)
    text = refusal(found.last_two)
    assert "ending in 11" in text
    assert "last four digits" in text
    assert "import the account first" in text
    assert "111" not in text


@given(st.text(), st.integers(0, 10**6))
def test_any_text_around_a_number_leaves_it_found(around, seed):
    from random import Random

    digits = card_number(Random(seed))
    assert luhn(digits)
    assert card_numbers(f"{around} number {digits} and {around}")


@given(st.text(alphabet="0123456789 -./\n٤４①\u200bax", max_size=200))
def test_no_text_breaks_it(text):
    for found in card_numbers(text):
        assert 0 <= found.start < found.end <= len(text)
    assert card_numbers(without_card_numbers(text)) == []
