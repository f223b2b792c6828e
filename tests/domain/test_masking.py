"""What is shown of an account number."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.masking import masked


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
