"""Where the table is in a file: preamble, header, repeated header, blank rows, totals."""

import pytest

from data_access.importers.errors import ImportRefusedError
from tests.data_access.importers.reading.files import HEADER, ROW, read


def skipped(content: str) -> list[tuple[object, object]]:
    return [(skip["line"], skip["reason"]) for skip in read(content)[0].skipped]


def test_lines_above_the_header_are_skipped_and_told() -> None:
    content = "Lumina Ltd;;\nStatement of account;31.01.2024;\n\n" + (HEADER + ROW).replace(",", ";")
    reading, rows = read(content)
    assert reading.header_line == 4
    assert [row.line for row in rows] == [5]
    assert skipped(content) == [(1, "above the column names"), (2, "above the column names"), (3, "blank")]


def test_a_preamble_that_names_a_field_is_not_the_header() -> None:
    reading, _ = read("Vendor,Lumina\n" + HEADER + ROW)
    assert reading.header_line == 2


def test_blank_rows_and_repeated_headers_are_told() -> None:
    content = HEADER + ROW + ",,,,\n\n" + HEADER.upper() + ROW + "\x1a"
    _, rows = read(content)
    assert [row.line for row in rows] == [2, 6]
    assert skipped(content) == [(3, "blank"), (4, "blank"), (5, "the header again"), (7, "blank")]


@pytest.mark.parametrize("label", ["Total", "TOTAL:", "Grand total", "Total (2 bills)", "Summe", "Sub-total", "Totals"])
def test_a_totals_row_at_the_end_is_told(label: str) -> None:
    content = HEADER + ROW + ROW + f"{label},,,,25.00\n\n"
    _, rows = read(content)
    assert len(rows) == 2
    assert (4, f"a totals row ({label})") in skipped(content)


def test_a_short_totals_row_is_no_ragged_one() -> None:
    content = HEADER + ROW + "Total,12.50\n"
    assert len(read(content)[1]) == 1
    assert skipped(content) == [(3, "a totals row (Total)")]


def test_a_real_row_is_never_taken_for_a_totals_row() -> None:
    _, rows = read(HEADER + ROW + ROW.replace("Lumina", "Total"))  # a vendor of that name
    assert [row.cells[0] for row in rows] == ["Lumina", "Total"]


def test_a_row_that_lacks_something_is_no_totals_row_without_the_word() -> None:
    _, rows = read(HEADER + ROW + ",,,,12.50\n")
    assert len(rows) == 2


def test_a_last_row_that_lost_one_cell_is_no_totals_row() -> None:
    _, rows = read(
        "vendor,account_number,invoice_number,issued_on,amount,description\n,A-1,INV-1,2024-01-31,12.50,Total\n"
    )
    assert len(rows) == 1


def test_a_labelled_row_with_names_in_it_is_no_totals_row() -> None:
    assert len(read(HEADER + ROW + "Total,Lumina,,,25.00\n")[1]) == 2


@pytest.mark.parametrize("figure", ["25.00", "€ 25,00", "(25.00)", "25.00 EUR", "1 234,50-", "GBP 5"])
def test_a_totals_row_has_figures(figure: str) -> None:
    assert len(read(HEADER + ROW + f'Total,,,,"{figure}"\n')[1]) == 1


def test_a_total_in_the_middle_stays_for_the_rules_to_refuse() -> None:
    content = HEADER + ROW + "Subtotal,,,,12.50\n" + ROW + "Total,,,,25.00\n"
    assert [row.line for row in read(content)[1]] == [2, 3, 4]
    assert skipped(content) == [(5, "a totals row (Total)")]


def test_a_file_that_starts_with_data_says_so() -> None:
    with pytest.raises(
        ImportRefusedError, match=r"no line holds the column names: line 1 reads like data \(Lumina, A-1"
    ):
        read(ROW + ROW)


def test_unknown_columns_are_still_columns() -> None:
    reading, rows = read("Supplier,Reference,Value\nLumina,INV-1,12.50\n")
    assert reading.columns == ("Supplier", "Reference", "Value")
    assert len(rows) == 1


def test_names_are_matched_whatever_their_case_and_spaces() -> None:
    reading, _ = read("x;y\nVENDOR *;Account Number;invoice-number;Issued\u00a0On;Amount:\n")
    assert reading.header_line == 2


def test_a_name_twice_is_numbered() -> None:
    reading, _ = read("vendor,amount,Amount,note\nLumina,1,2,x\n")
    assert reading.columns == ("vendor", "amount (1)", "Amount (2)", "note")


def test_a_column_without_a_name_is_told() -> None:
    reading, rows = read("vendor,,amount\nLumina,x,1\n")
    assert reading.columns == ("vendor", "", "amount")
    assert reading.findings == ["no name, and so not read: column 2"]
    assert rows[0].cells == ["Lumina", "x", "1"]


def test_two_header_rows_are_merged() -> None:
    reading, rows = read(
        "Vendor,Invoice,,Amount,Account\n,Number,Issued on,,number\nLumina,INV-1,2024-01-31,12.50,A-1\n"
    )
    assert reading.columns == ("Vendor", "Invoice Number", "Issued on", "Amount", "Account number")
    assert [row.line for row in rows] == [3]


def test_many_skipped_lines_are_counted_not_listed() -> None:
    reading, rows = read(HEADER + ROW + ",,,,\n" * 1500 + ROW)
    assert [row.line for row in rows] == [2, 1503]
    assert len(reading.skipped) == 1001
    assert reading.skipped[-1] == {"line": 1502, "reason": "and 500 more such lines up to here"}
