"""Text, identifiers and yes or no."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.parsing.text import TextError, read_identifier, read_text, read_yes_or_no


def test_is_normalised_and_on_one_line() -> None:
    assert read_text("  Cafe\u0301\u00a0 du\r\n Nord\u200b ", 50) == "Café du Nord"


def test_notes_keep_their_lines() -> None:
    assert read_text("first \r\n second", 50, lines=True) == "first\nsecond"


def test_loses_the_guard_of_our_own_exports_and_nothing_else() -> None:
    assert read_text("'=1+1", 50) == "=1+1"
    assert read_text("'-5 off", 50) == "-5 off"
    assert read_text("'t Hart", 50) == "'t Hart"


@pytest.mark.parametrize("text", ["a\x00b", "\x1b[31m", "a\x7f", "\x85\x9d", "\ud800"])
def test_refuses_control_characters(text: str) -> None:
    with pytest.raises(TextError, match="control character U\\+"):
        read_text(text, 50)


def test_direction_overrides_vanish() -> None:
    assert read_text("inv\u202e321\u202c", 50) == "inv321"


def test_refuses_what_is_too_long() -> None:
    assert read_text("x" * 50, 50) == "x" * 50
    with pytest.raises(TextError, match="51 characters; at most 50"):
        read_text("x" * 51, 50)


def test_a_number_does_not_run_over_two_lines() -> None:
    with pytest.raises(TextError, match="two lines"):
        read_identifier("INV\n7", 50)
    assert read_identifier("INV 7\n", 50) == "INV 7"


@pytest.mark.parametrize(
    ("text", "answer"),
    [("YES", True), ("ja", True), ("1", True), ("No", False), ("0", False), ("maybe", None), ("", None)],
)
def test_yes_or_no(text: str, answer: bool | None) -> None:
    assert read_yes_or_no(text) is answer


@given(st.text(max_size=60))
def test_reading_twice_changes_nothing_more(text: str) -> None:
    try:
        once = read_text(text, 200)
    except TextError:
        return
    if not once.startswith("'"):
        assert read_text(once, 200) == once
