"""What is shown of an account number."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.masking import masked, masked_bank_account, masked_values, masked_within


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("4415-0098-7731", "••••7731"),
        ("0266-538-57", "••••3857"),
        ("12345678", "••••5678"),
        # A short number keeps half of itself to itself.
        ("1234567", "••••567"),
        ("1234", "••••34"),
        ("12", "••••2"),
        ("1", "••••"),
        ("", "••••"),
    ],
)
def test_the_last_four_or_less(number, shown):
    assert masked(number) == shown


@given(st.text())
def test_at_least_half_stays_hidden(number):
    shown = masked(number).removeprefix("••••")
    marks = "".join(mark for mark in number if mark.isalnum())
    assert marks.endswith(shown)
    assert len(shown) <= min(4, len(marks) // 2)


def test_a_row_by_field_hides_the_number_wherever_it_lies():
    row = {"account_number": "4415-0098-7731", "note": "4415", "account": {"account_number": "12"}, "all": [1, "x"]}
    assert masked_values(row) == {
        "account_number": "••••7731",
        "note": "4415",
        "account": {"account_number": "••••2"},
        "all": [1, "x"],
    }
    assert masked_values({"account_number": ""}) == {"account_number": ""}


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("acct 4415-0098-7731, ask Dana", "acct ••••7731, ask Dana"),
        ("acct 441500987731.", "acct ••••7731."),
        ("4415 0098 7731 and 4415.0098.7731", "••••7731 and ••••7731"),
        ("4415-0098-77319", "4415-0098-77319"),  # another number
        ("no number", "no number"),
        ("", ""),
    ],
)
def test_a_known_number_in_text_is_masked_however_it_is_written(text, shown):
    assert masked_within(text, "4415-0098-7731") == shown


def test_letters_count_whatever_their_case_and_short_numbers_are_left():
    assert masked_within("about hn-0045831", "HN-0045831") == "about ••••5831"
    assert masked_within("room 12 of 1234", "1234") == "room 12 of 1234"


@pytest.mark.parametrize(
    ("account", "shown"),
    [
        ("Operating", "Operating"),
        ("Geschäftskonto Köln", "Geschäftskonto Köln"),
        ("Operating 2", "Operating 2"),  # the second of them
        ("Operating 004417720931", "Operating ••••0931"),
        ("Checking 0044-1772-0931 (West)", "Checking ••••0931 (West)"),
        ("Operating 0044 1772 0931", "Operating ••••0931"),
        ("DE47 5001 0517 0931 2084 43", "••••8443"),
        ("GB33CALD20441709831208", "••••1208"),
        ("GB33 CALD 2044 1709 8312 08", "••••1208"),
        ("004417720931", "••••0931"),
        ("2", "••••"),
        ("A-123", "••••23"),
        ("", ""),
    ],
)
def test_of_a_bank_account_the_name_is_shown_and_the_number_is_not(account, shown):
    assert masked_bank_account(account) == shown
    assert masked_values({"bank_account": account}) == {"bank_account": shown}


@given(st.text("ab 0123456789-", max_size=30))
def test_no_number_of_a_bank_account_is_shown_whole(account):
    shown = masked_bank_account(account)
    assert not any(number in shown for number in re.findall(r"\d{5,}", account))
