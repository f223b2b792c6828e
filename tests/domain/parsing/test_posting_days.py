"""Posting days as one line of text."""

import pytest

from domain.parsing.posting_days import PostingDaysError, posting_text, read_posting_days


def test_reads_and_writes():
    pairs = (("card", 0), ("e-check", 3), ("wire transfer", 12))
    assert read_posting_days("E-Check 3, card: 0 ,wire transfer=12,") == pairs
    assert read_posting_days(posting_text(pairs)) == pairs
    assert posting_text(pairs) == "card 0, e-check 3, wire transfer 12"
    assert read_posting_days("") == ()


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("card", "'card' is not a payment method and its working days"),
        ("card -1", "'card -1' is not"),
        ("3 card", "'3 card' is not"),
        ("card 1.5", "'card 1.5' is not"),
        ("card 100", "'card 100' is not"),
        ("card 1; ach 2", "is not"),
        ("card 1, Card 2", "card stands there twice"),
    ],
)
def test_what_cannot_be_read_is_named(text, reason):
    with pytest.raises(PostingDaysError, match=reason):
        read_posting_days(text)
