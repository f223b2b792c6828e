"""Cells of an export: text that a spreadsheet would run is prefixed, and the prefix comes off again."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data_access.exporting import safe_text
from domain.parsing.text import unguarded


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
        # Wide signs, other lines of a cell, and cells where a semicolon separates them.
        ("＝1+1", "'＝1+1"),
        ("two lines\n=1+1", "two lines\n'=1+1"),
        ("x;=1+1;@a; -5", "x;'=1+1;'@a; -5"),
        ("-1_000", "'-1_000"),
        ("-１２", "'-１２"),
    ],
)
def test_what_is_prefixed(text, safe):
    assert safe_text(text) == safe
    assert unguarded(safe) == text


@given(st.text("'=+-@;\t\r\na1.＝", max_size=8) | st.text())
def test_the_way_there_and_back(text):
    safe = safe_text(text)
    assert unguarded(safe) == text
    for cell in re.split("[;\n\r]", safe):
        if cell.startswith(tuple("=+-@\t＝＋－＠")):
            float(safe)
