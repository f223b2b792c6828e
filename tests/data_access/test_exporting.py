"""Cells of an export: text that a spreadsheet would run is prefixed, and the prefix comes off again."""

import re
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data_access import exporting
from data_access.exporting import Sheet, as_csv, as_xlsx, safe_text
from data_access.queries.sheet_parts import RowsOnDisk
from domain.money import Money
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


def test_more_rows_than_a_worksheet_holds_are_refused_not_cut_off(monkeypatch):
    monkeypatch.setattr(exporting, "MOST_XLSX_ROWS", 10)
    fits = Sheet("Payments", (), ("A",), [[n] for n in range(7)])
    assert as_xlsx(fits)
    with pytest.raises(exporting.TooManyRowsError, match="Payments has 8 rows and a worksheet holds 10; narrow"):
        as_xlsx(replace(fits, rows=[[n] for n in range(8)]))


def test_rows_on_disk_are_those_that_were_put_there(monkeypatch):
    monkeypatch.setattr(exporting, "_ROWS_AT_ONCE", 3)
    rows = [[n, Money(n, "USD"), date(2026, 1, 1 + n % 28), f"row {n}"] for n in range(4_100)]
    kept = RowsOnDisk(iter(rows))
    assert (len(kept), list(kept), kept[4_099], kept[:2]) == (len(rows), rows, rows[-1], rows[:2])
    sheet = Sheet("Long", (), ("A", "B", "C", "D"), kept)
    assert as_csv(sheet) == as_csv(replace(sheet, rows=rows))
    assert as_csv(sheet).count(b"\r\n") == len(rows) + 2
