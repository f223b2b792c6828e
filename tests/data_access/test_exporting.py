"""Cells of an export: text that a spreadsheet would run is prefixed, and the prefix comes off again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data_access.exporting import FORMULA_STARTS, plain_text, safe_text


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("=1+1", "'=1+1"),
        ("+44 20 7946", "'+44 20 7946"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("-2+3", "'-2+3"),
        ("\t=1", "'\t=1"),
        # Numbers stay numbers.
        ("-12.34", "-12.34"),
        ("+5", "+5"),
        ("Lumina", "Lumina"),
        ("", ""),
        ("'tis", "'tis"),
        # Somebody's own prefix is kept apart from ours.
        ("'=1", "''=1"),
    ],
)
def test_what_is_prefixed(text, safe):
    assert safe_text(text) == safe
    assert plain_text(safe) == text


@given(st.text("'=+-@\t\ra1.", max_size=6) | st.text())
def test_the_way_there_and_back(text):
    safe = safe_text(text)
    assert plain_text(safe) == text
    if safe.startswith(FORMULA_STARTS):
        float(safe)
