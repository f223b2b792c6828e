"""Telephone numbers: E.164 where valid, else as typed."""

import pytest

from domain.parsing.phones import read_phone, spaced_phone


@pytest.mark.parametrize(
    ("text", "region", "kept"),
    [
        ("020 7946 0018", "GB", "+442079460018"),
        ("(303) 555-0100", "US", "+13035550100"),
        ("+44 20 7946 0018", "", "+442079460018"),
        ("+1 303 555 0100 ext. 42", "US", "+13035550100;ext=42"),
        ("611", "US", "611"),
        ("ask for Ann", "US", "ask for Ann"),
        ("020 7946 0018", "", "020 7946 0018"),
    ],
)
def test_reads(text: str, region: str, kept: str) -> None:
    assert read_phone(text, region) == kept


@pytest.mark.parametrize(
    ("kept", "spoken"),
    [
        ("+13035550100", "+1 303-555-0100"),
        ("+442079460018", "+44 20 7946 0018"),
        ("+13035550100;ext=42", "+1 303-555-0100 ext. 42"),
        ("611", "611"),
        ("ask for Ann", "ask for Ann"),
        ("+", "+"),
        ("", ""),
    ],
)
def test_reads_out(kept: str, spoken: str) -> None:
    assert spaced_phone(kept) == spoken
