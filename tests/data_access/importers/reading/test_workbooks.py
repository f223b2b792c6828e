"""Workbooks: sheets, typed cells, merged headers, errors."""

import datetime as dt
from pathlib import Path

import pytest

from data_access.importers.errors import ImportRefusedError, ImportUsageError
from tests.data_access.importers.reading.files import MAIN, cells, raw_workbook, read, workbook

HEADER = ["Vendor", "Account number", "Invoice number", "Issued on", "Amount"]


def test_typed_cells_become_text_or_numbers(tmp_path: Path) -> None:
    rows = [
        HEADER,
        ["Lumina", 12345, "INV-1", dt.date(2024, 1, 31), 0.1 + 0.2],
        ["Lumina", "007", True, dt.datetime(2024, 1, 31, 13, 5), 1e15],
    ]
    assert cells(workbook(tmp_path / "b.xlsx", {"S": rows})) == [
        ["Lumina", 12345.0, "INV-1", "2024-01-31", 0.3],
        ["Lumina", "007", "true", "2024-01-31T13:05:00", 1e15],
    ]


def test_a_formula_gives_its_value(tmp_path: Path) -> None:
    import xlsxwriter

    path = tmp_path / "b.xlsx"
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, HEADER)
    sheet.write_row(1, 0, ["Lumina", "A-1", "INV-1", "2024-01-31"])
    sheet.write_formula(1, 4, "=10+2.5", None, 12.5)
    sheet.write_row(2, 0, ["Lumina", "A-1", "INV-2", "2024-01-31"])
    sheet.write_formula(2, 4, "=1/0", None, "#DIV/0!")
    book.close()
    assert [row[4] for row in cells(path.read_bytes())] == [12.5, "#ERROR"]


def test_preamble_and_merged_header_rows(tmp_path: Path) -> None:
    rows = [
        ["Bills of January"],
        [],
        [None, None, None, None, "Amount"],
        [None, None, "Number", "Issued on", None],
        ["Lumina", "A-1", "INV-1", dt.date(2024, 1, 31), 12.5],
    ]
    content = workbook(
        tmp_path / "b.xlsx",
        {"S": rows},
        merges=[("A3:A4", "Vendor"), ("B3:B4", "Account Number"), ("C3:D3", "Invoice")],
    )
    reading, found = read(content)
    assert reading.columns == ("Vendor", "Account Number", "Invoice Number", "Issued on", "Amount")
    assert [(row.line, row.cells) for row in found] == [(5, ["Lumina", "A-1", "INV-1", "2024-01-31", 12.5])]


def test_a_table_that_does_not_start_at_a1(tmp_path: Path) -> None:
    rows = [[], [], [None, None, *HEADER], [None, None, "Lumina", "A-1", "INV-1", "2024-01-31", 12.5]]
    _, found = read(workbook(tmp_path / "b.xlsx", {"S": rows}))
    assert [(row.line, row.cells) for row in found] == [(4, ["Lumina", "A-1", "INV-1", "2024-01-31", 12.5])]


def test_the_sheet_with_the_columns_is_found_and_told(tmp_path: Path) -> None:
    bills = [HEADER, ["Lumina", "A-1", "INV-1", "2024-01-31", 12.5]]
    reading, found = read(workbook(tmp_path / "b.xlsx", {"Notes": [["see Bills"]], "Bills": bills, "Empty": []}))
    assert reading.sheet == "Bills"
    assert reading.findings == ["read from the sheet 'Bills'; not read: Notes, Empty"]
    assert len(found) == 1


def test_two_sheets_that_could_be_meant_are_asked_about(tmp_path: Path) -> None:
    bills = [HEADER, ["Lumina", "A-1", "INV-1", "2024-01-31", 12.5]]
    content = workbook(tmp_path / "b.xlsx", {"January": bills, "February": [*bills, *bills[1:]]})
    with pytest.raises(ImportRefusedError, match=r"January, February.*--sheet"):
        read(content)
    assert len(cells(content, sheet="february")) == 2
    with pytest.raises(ImportUsageError, match=r"no sheet 'March'; the workbook has: January, February"):
        read(content, sheet="March")


def test_a_sheet_without_rows(tmp_path: Path) -> None:
    with pytest.raises(ImportRefusedError, match="no rows"):
        read(workbook(tmp_path / "b.xlsx", {"S": []}))


@pytest.mark.parametrize("value", ["NaN", "inf"])
def test_a_number_that_is_none_stays_text(value: str) -> None:
    inline = "".join(f'<c r="{chr(65 + i)}1" t="inlineStr"><is><t>{name}</t></is></c>' for i, name in enumerate(HEADER))
    sheet = f'<worksheet {MAIN}><sheetData><row r="1">{inline}</row><row r="2"><c r="E2"><v>{value}</v></c></row></sheetData></worksheet>'
    try:
        rows = cells(raw_workbook({"xl/worksheets/sheet1.xml": sheet}))
    except ImportRefusedError:
        return
    assert all(isinstance(row[4], str) for row in rows)
