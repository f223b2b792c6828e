"""From an open file to a report and its rows; runs inside the child process (and, for tests, without one)."""

import io
import re
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from itertools import chain, islice
from typing import BinaryIO

from data_access.importers.errors import ImportRefusedError, ImportUsageError
from data_access.importers.reading.bank.recognised import bank_records, recognise
from data_access.importers.reading.bank.statement import COLUMNS
from data_access.importers.reading.body import Body, Skips
from data_access.importers.reading.call_records import COLUMNS as COLUMNS_OF_CALLS
from data_access.importers.reading.call_records import is_asterisk
from data_access.importers.reading.csv_records import find_delimiter, read_records
from data_access.importers.reading.encodings import detect_encoding, digest
from data_access.importers.reading.headers import SEARCHED, Wanted, find_header
from data_access.importers.reading.limits import Limits
from data_access.importers.reading.record import Record
from data_access.importers.reading.workbook_archive import inspect_archive

CHUNK_ROWS = 500
MOST_COLUMNS = 1_000
MOST_FINDINGS, MOST_DOCUMENTS = 200, 200  # kept
# What a file is by its first bytes, when it is not ours.
_FOREIGN = (
    (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        "an old .xls workbook or one with a password: save it as .xlsx without a password, or as CSV",
    ),
    (b"%PDF", "a PDF: give the CSV or XLSX file that it was made from"),
    (b"\x1f\x8b", "a gzip archive: unpack it first"),
    (b"7z\xbc\xaf", "a 7z archive: unpack it first"),
    (b"Rar!", "a RAR archive: unpack it first"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
)
_X12 = re.compile(rb"\s*ISA([^\w\s])\d\d\1")
_MARKUP = (b"<!doctype", b"<html", b"<?xml", b"<table", b"<!--", b"{\\rtf")


@dataclass(slots=True)
class Reading:
    """What is known of a file besides its rows."""

    sha256: str
    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""
    columns: tuple[str, ...] = ()
    header_line: int = 0
    row_count: int = 0
    since_1904: bool = False
    findings: list[str] = field(default_factory=list)
    skipped: list[dict[str, object]] = field(default_factory=list)
    format: str = ""  # of a document that is no table
    documents: list[dict[str, str]] = field(default_factory=list)  # the first bills of such a file

    def as_json(self) -> dict[str, object]:
        """Plain values."""
        return asdict(self)


def parse(file: BinaryIO, wanted: Wanted, sheet: str, limits: Limits, emit: Callable[[list[Record]], None]) -> Reading:
    """Read `file` (at its start), handing its rows to `emit` in chunks. Raises ImportRefusedError."""
    reading = Reading(digest(file))
    start = file.read(8_192)
    file.seek(0)
    if not start:
        raise ImportRefusedError("the file is empty")
    if wanted.wire:
        _documents(file, wanted, reading, emit)
        return reading
    if format_name := "" if start.startswith(b"PK") else recognise(start):
        _statements(file, format_name, wanted, reading, emit)
        return reading
    if start.startswith(b"PK"):
        records = _workbook(file, wanted, sheet, limits, reading)
    else:
        _refuse_foreign(start)
        records = _text(file, wanted, limits, reading)
    _table(records, wanted, reading, emit)
    return reading


def _statements(
    file: BinaryIO, format_name: str, wanted: Wanted, reading: Reading, emit: Callable[[list[Record]], None]
) -> None:
    if not wanted.statements:
        raise ImportUsageError(f"this is a bank statement ({format_name}): import it as bank")
    rows, reading.encoding = bank_records(file, format_name)
    reading.columns = COLUMNS
    reading.row_count = len(rows)
    reading.findings.append(f"read as {format_name}, whatever its name says")
    for start in range(0, len(rows), CHUNK_ROWS):
        emit(rows[start : start + CHUNK_ROWS])


def _documents(file: BinaryIO, wanted: Wanted, reading: Reading, emit: Callable[[list[Record]], None]) -> None:
    # Late, so that reading a table does not pay for it.
    from data_access.importers.reading.wire.contents import Contents
    from data_access.importers.reading.wire.documents import COLUMNS

    contents = Contents(file.read(), accept_envelope=wanted.accept_envelope)
    reading.columns = COLUMNS
    # One segment may be several rows: each has a number of its own in the file.
    rows = (Record(number, row.cells, row.fault) for number, row in enumerate(contents.rows(), start=1))
    while chunk := list(islice(rows, CHUNK_ROWS)):
        reading.row_count += len(chunk)
        emit(chunk)
    reading.format = contents.name
    reading.findings = contents.findings[:MOST_FINDINGS]
    reading.documents = contents.documents[:MOST_DOCUMENTS]


def _refuse_foreign(start: bytes) -> None:
    if _X12.match(start):
        raise ImportRefusedError("this is X12, not a table: import it as edi")
    for magic, name in _FOREIGN:
        if start.startswith(magic):
            raise ImportRefusedError(f"this is {name}")
    if start.lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith(_MARKUP):
        raise ImportRefusedError("this is a web page or XML, whatever its name says: save it as .xlsx or CSV")


def _workbook(file: BinaryIO, wanted: Wanted, sheet: str, limits: Limits, reading: Reading) -> Iterator[Record]:
    archive = inspect_archive(file, limits)
    # Late, so that reading a CSV does not pay for it.
    from data_access.importers.reading.workbook_records import Workbook

    book = Workbook(file, archive)
    reading.sheet = book.choose_sheet(sheet, wanted)
    reading.since_1904 = archive.since_1904
    if len(book.sheets) > 1:
        others = ", ".join(name for name in book.sheets if name != reading.sheet)
        reading.findings.append(f"read from the sheet {reading.sheet!r}; not read: {others}")
    return book.records(reading.sheet)


def _text(file: BinaryIO, wanted: Wanted, limits: Limits, reading: Reading) -> Iterator[Record]:
    reading.encoding = detect_encoding(file)
    file.seek(0)
    stream = io.TextIOWrapper(file, encoding=reading.encoding, errors="strict", newline="")
    reading.delimiter, skip = find_delimiter(stream, wanted)
    # A text stream's own seek would not write the byte-order mark off again for every codec: start afresh.
    stream.detach()
    file.seek(0)
    stream = io.TextIOWrapper(file, encoding=reading.encoding, errors="strict", newline="")
    if reading.encoding == "cp1252":
        reading.findings.append("the file is not UTF-8; its letters were read as Windows-1252")
    return _streamed(stream, reading.delimiter, limits, skip)


def _streamed(stream: io.TextIOWrapper, delimiter: str, limits: Limits, skip: int) -> Iterator[Record]:
    yield from read_records(stream, delimiter, limits, skip)
    stream.detach()  # the file belongs to the caller


def _table(records: Iterator[Record], wanted: Wanted, reading: Reading, emit: Callable[[list[Record]], None]) -> None:
    skips = Skips()
    head: list[Record] = []
    for record in records:
        if record.is_blank():
            skips.add(record.line, "blank")
        else:
            head.append(record)
        if len(head) > SEARCHED:
            break
    if not head:
        raise ImportRefusedError("the file has no rows")
    if wanted.calls and is_asterisk(head):
        # The names of its columns stand where the file has none.
        head.insert(0, Record(0, list(COLUMNS_OF_CALLS)))
        reading.format = "Asterisk call records"
    # One column too many is enough to tell, and a hundred thousand cost seconds to compare.
    header = find_header([Record(row.line, row.cells[: MOST_COLUMNS + 1], row.fault) for row in head], wanted)
    if header.width > MOST_COLUMNS:
        width = max(len(row.cells) for row in head[header.start :][: len(header.rows)])
        raise ImportRefusedError(f"the header has {width:,} columns; at most {MOST_COLUMNS:,} are read")
    for record in head[: header.start]:
        skips.add(record.line, "above the column names")
    reading.columns = header.names[: header.width]
    reading.header_line = head[header.start].line
    unnamed = [str(index) for index, name in enumerate(reading.columns, start=1) if not name]
    if unnamed:
        reading.findings.append(f"no name, and so not read: column {', '.join(unnamed)}")
    rows = Body(header, wanted, skips).rows(chain(head[header.start + len(header.rows) :], records))
    while chunk := list(islice(rows, CHUNK_ROWS)):
        reading.row_count += len(chunk)
        emit(chunk)
    reading.skipped = skips.as_list()
