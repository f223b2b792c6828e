"""The child process and its limits: bombs are refused, whoever dies is explained."""

import os
import struct
from dataclasses import replace
from pathlib import Path

import pytest

from data_access.importers.errors import ImportRefusedError
from data_access.importers.reading.limits import MEGABYTE, Limits
from data_access.importers.reading.table import read_table
from tests.data_access.importers.reading.files import BILLS, HEADER, MAIN, ROW, raw_workbook

SHEET = "xl/worksheets/sheet1.xml"
# Processor seconds, not wall: the machine may be busy.
QUICK = replace(Limits(), cpu_seconds=2)


def _lying(size: int) -> bytes:
    """A sheet that says it is small and is not: the sizes in both headers are false."""
    content = bytearray(raw_workbook({SHEET: b" " * size}))
    for signature, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        at = content.rfind(
            signature,
            0,
            content.rfind(SHEET.encode()) if signature == b"PK\x01\x02" else content.find(SHEET.encode()) + 1,
        )
        content[at + offset : at + offset + 4] = struct.pack("<I", 1000)
    return bytes(content)


def _overlapping() -> bytes:
    """Many entries of the directory point at one body."""
    content = raw_workbook({"xl/a.xml": os.urandom(2000).hex() * 500})
    end = content.rfind(b"PK\x05\x06")
    start = struct.unpack("<I", content[end + 16 : end + 20])[0]
    directory = content[start:end]
    entry = directory[directory.rfind(b"PK\x01\x02") :]
    extra = b"".join(entry.replace(b"xl/a.xml", f"x{n:03}.xml".encode()) for n in range(300))
    total = directory.count(b"PK\x01\x02") + 300
    tail = (
        content[end : end + 8] + struct.pack("<HHII", total, total, len(directory + extra), start) + content[end + 20 :]
    )
    return content[:start] + directory + extra + tail


def _cells(*references: str) -> str:
    rows = "".join(
        f'<row r="{ref.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")}"><c r="{ref}"><v>1</v></c></row>' for ref in references
    )
    return f"<worksheet {MAIN}><sheetData>{rows}</sheetData></worksheet>"


LAUGHS = (
    '<!DOCTYPE x [<!ENTITY a "ha">'
    + "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9))
    + "]>"
)
BOMBS = {
    "a sheet of nothing": lambda: raw_workbook({SHEET: b" " * (315 * MEGABYTE)}),
    "shared strings": lambda: raw_workbook({"xl/sharedStrings.xml": b"<si><t>aaaaaaaaaaaaaaaa</t></si>" * 8_000_000}),
    "many parts": lambda: raw_workbook({f"xl/media/{n}.xml": b"ab" * (2 * MEGABYTE - 1) for n in range(80)}),
    "false sizes": lambda: _lying(300 * MEGABYTE),
    "overlapping parts": _overlapping,
    "a thousand laughs": lambda: raw_workbook({SHEET: LAUGHS + f"<worksheet {MAIN}>&j;</worksheet>"}),
    "laughs in the book": lambda: raw_workbook({"xl/workbook.xml": LAUGHS + "<workbook>&j;</workbook>"}),
    "a foreign entity": lambda: raw_workbook(
        {SHEET: '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><worksheet>&a;</worksheet>'}
    ),
    "the last cell of all": lambda: raw_workbook({SHEET: _cells("A1", "XFD1048576")}),
    "a tall sheet": lambda: raw_workbook({SHEET: _cells("A1", "T1048576")}),
    "ten thousand parts": lambda: raw_workbook({f"xl/{n}.xml": b"" for n in range(10_000)}),
    "a deep tree": lambda: raw_workbook({"xl/workbook.xml": "<a>" * 3_000_000 + "</a>" * 3_000_000}),
    "half a file": lambda: raw_workbook()[:700],
}


@pytest.mark.parametrize("name", BOMBS)
def test_bombs_are_refused_by_their_look_or_by_the_limits(name: str, tmp_path: Path) -> None:
    path = tmp_path / "bomb.xlsx"
    path.write_bytes(BOMBS[name]())
    with pytest.raises(ImportRefusedError, match=r"^bomb\.xlsx: ") as refused:
        read_table(path, BILLS, limits=QUICK)
    assert "seconds of work" not in str(refused.value)


def test_limits_are_those_promised() -> None:
    assert Limits().memory <= 300 * MEGABYTE


def test_too_much_work_is_explained(tmp_path: Path) -> None:
    path = tmp_path / "long.csv"
    path.write_text(HEADER + ROW * 400_000)
    with pytest.raises(ImportRefusedError, match=r"long.csv: took more than 1 seconds of work"):
        read_table(path, BILLS, limits=replace(Limits(), cpu_seconds=1))


def test_waiting_too_long_is_explained(tmp_path: Path) -> None:
    path = tmp_path / "long.csv"
    path.write_text(HEADER + ROW * 100_000)
    with pytest.raises(ImportRefusedError, match="took longer than 0 seconds to read"):
        read_table(path, BILLS, limits=replace(Limits(), wall_seconds=0))


def test_a_large_file_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "large.csv"
    path.write_text(HEADER + ROW * 100)
    with pytest.raises(ImportRefusedError, match=r"large\.csv: has 0 MB; at most 0 are read at once"):
        read_table(path, BILLS, limits=replace(Limits(), file_bytes=1000))


def test_what_is_no_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for name, reason in (
        ("pipe", "not a regular file"),
        ("missing.csv", "cannot be opened"),
        ("", "not a regular file|cannot be opened"),
    ):
        with pytest.raises(ImportRefusedError, match=reason):
            read_table(tmp_path / name, BILLS)


def test_rows_come_back_as_they_were_read(tmp_path: Path) -> None:
    path = tmp_path / "bills.csv"
    path.write_text("note\n" + HEADER + ROW * 1200 + "Lumina\n", encoding="utf-8-sig")
    with read_table(path, BILLS) as table:
        assert (table.name, table.row_count, table.header_line, table.encoding) == ("bills.csv", 1201, 2, "utf-8-sig")
        for _ in range(2):  # as often as needed
            rows = list(table.rows())
            assert len(rows) == 1201
            assert (rows[0].line, rows[0].cells, rows[0].fault) == (3, ROW.strip().split(","), "")
            assert (rows[-1].line, rows[-1].fault) == (1203, "the row has 1 cells, the header 5")
