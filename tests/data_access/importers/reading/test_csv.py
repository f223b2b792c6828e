"""Delimited text: delimiters, quotes, lines, ragged rows."""

import pytest

from data_access.importers.errors import ImportRefusedError
from data_access.importers.reading.headers import Wanted
from tests.data_access.importers.reading.files import BILLS, HEADER, ROW, cells, read

EXPECTED = ["Lumina", "A-1", "INV-1", "2024-01-31", "12.50"]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_every_delimiter(delimiter: str) -> None:
    reading, rows = read((HEADER + ROW).replace(",", delimiter))
    assert reading.delimiter == delimiter
    assert rows[0].cells == EXPECTED


def test_a_quoted_delimiter_is_text() -> None:
    body = "".join(f'"Lumina; North; {n}";A-1;"a,b,c,d,e,{n}";2024-01-31;12,50\n' for n in range(30))
    reading, rows = read(HEADER.replace(",", ";") + body)
    assert reading.delimiter == ";"
    assert rows[7].cells == ["Lumina; North; 7", "A-1", "a,b,c,d,e,7", "2024-01-31", "12,50"]


def test_decimal_commas_do_not_make_commas_the_delimiter() -> None:
    assert cells("vendor;amount\nA;1,5\nB;2,5\nC;3,5\n") == [["A", "1,5"], ["B", "2,5"], ["C", "3,5"]]


def test_one_column_needs_no_delimiter() -> None:
    wanted = Wanted(frozenset({"name"}), (("name",),))
    assert cells("name\nSmith, Jones Ltd\nAcme\n", wanted) == [["Smith, Jones Ltd"], ["Acme"]]


def test_excels_hint_is_taken() -> None:
    reading, rows = read("sep=;\n" + (HEADER + ROW).replace(",", ";"))
    assert reading.delimiter == ";"
    assert (rows[0].line, rows[0].cells) == (3, EXPECTED)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends(end: str) -> None:
    _, rows = read((HEADER + ROW + ROW).replace("\n", end))
    assert [(row.line, row.cells) for row in rows] == [(2, EXPECTED), (3, EXPECTED)]


def test_lines_are_physical_where_a_row_starts() -> None:
    _, rows = read('vendor,description,amount\n\nA,"one\ntwo\nthree",1\nB,x,2\n')
    assert [(row.line, row.cells[1]) for row in rows] == [(3, "one\ntwo\nthree"), (6, "x")]


def test_ragged_rows_name_their_line_and_do_not_disturb_others() -> None:
    _, rows = read(HEADER + ROW + "Lumina,A-1\n" + "Lumina,A-1,INV-2,2024-01-31,1,234.50\n" + ROW)
    assert [row.fault for row in rows] == [
        "",
        "the row has 2 cells, the header 5",
        "the row has 6 cells, the header 5",
        "",
    ]
    assert [row.line for row in rows] == [2, 3, 4, 5]


def test_empty_cells_beyond_the_header_are_nothing() -> None:
    assert cells(HEADER.strip() + ",,\n" + ROW.strip() + ",,\n" + ROW.strip() + ",,,,,\n") == [EXPECTED, EXPECTED]


def test_a_quote_that_is_not_doubled_is_a_fault_of_its_row() -> None:
    _, rows = read(HEADER + ROW + '"Lum"ina",A-1,INV-2,2024-01-31,1.00\n' + ROW)
    assert [row.fault for row in rows] == ["", "a quotation mark inside a quoted cell must be doubled", ""]


def test_a_quote_that_never_closes_refuses_the_file() -> None:
    with pytest.raises(ImportRefusedError, match="line 3: a quotation mark opens"):
        read(HEADER + ROW + '"Lumina,A-1,INV-2,2024-01-31,1.00\n' + ROW)


def test_an_endless_cell_refuses_the_file() -> None:
    with pytest.raises(ImportRefusedError, match=r"line 2: .* 1,000 characters"):
        read(HEADER + '"' + "x" * 2000 + '",A-1,INV-2,2024-01-31,1.00\n', cell_characters=1000)


def test_spaces_before_a_quote_belong_to_no_cell() -> None:
    assert cells('vendor, description, amount\nA, "b, c", 1\n') == [["A", "b, c", "1"]]


def test_nul_characters_stay_in_their_cell() -> None:
    _, rows = read(HEADER + ROW * 200 + ROW.replace("Lumina", "Lum\x00ina"))
    assert rows[-1].cells[0] == "Lum\x00ina"
    assert len(rows) == 201


@pytest.mark.parametrize("content", ["", "\n\n", " , ,\n,,\n", "\ufeff"])
def test_nothing_in_it(content: str) -> None:
    with pytest.raises(ImportRefusedError, match=r"empty|no rows"):
        read(content)


@pytest.mark.parametrize("content", [HEADER, HEADER.strip()])
def test_a_header_alone_is_a_file_without_rows(content: str) -> None:
    reading, rows = read(content)
    assert (reading.row_count, rows) == (0, [])
    assert len(reading.columns) == len(BILLS.needs)


def test_a_header_that_is_too_wide_is_told_by_its_width() -> None:
    wide = ",".join(f"c{n}" for n in range(1_500))
    with pytest.raises(ImportRefusedError, match="the header has 1,500 columns; at most 1,000 are read"):
        read(f"{wide}\n{'1,' * 1_499}1\n")


def test_a_row_beside_the_header_may_be_wider_than_any_header() -> None:
    _, rows = read(HEADER + "x," * 1_500 + "y\n" + ROW)
    assert [row.fault for row in rows] == ["the row has 1501 cells, the header 5", ""]
