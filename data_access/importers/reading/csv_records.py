"""Delimited text to records: which delimiter, and where each row starts."""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import TextIO

from data_access.importers.errors import ImportRefusedError
from data_access.importers.reading.headers import Wanted, best_match
from data_access.importers.reading.limits import Limits
from data_access.importers.reading.record import Record

DELIMITERS = ",;\t|"
_SAMPLE_CHARACTERS = 1 << 18
_SAMPLE_RECORDS = 300
# Excel's own hint in the first line.
_HINT = re.compile(r'^"?sep=(.)"?\s*$', re.IGNORECASE)


def find_delimiter(stream: TextIO, wanted: Wanted) -> tuple[str, int]:
    """(delimiter, lines to leave out before the first row). Judged by parsing, so quoted delimiters do not count."""
    lines = _sample(stream)
    if lines and (hint := _HINT.match(lines[0])) and hint.group(1) in DELIMITERS:
        return hint.group(1), 1
    return max(DELIMITERS, key=lambda delimiter: _score(lines, delimiter, wanted)), 0


def read_records(stream: TextIO, delimiter: str, limits: Limits, skip: int = 0) -> Iterator[Record]:
    """Every record of the stream. A row whose quoting is broken comes with its fault; an endless quote raises."""
    tape = _Tape(stream)
    for _ in range(skip):
        next(tape, None)
    csv.field_size_limit(limits.cell_characters)
    reader = csv.reader(tape, delimiter=delimiter, strict=True, skipinitialspace=True)
    while True:
        line = tape.count + 1
        tape.lines.clear()
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            if "expected after" not in str(error):
                raise ImportRefusedError(
                    f"line {line}: a quotation mark opens a cell that does not close within {limits.cell_characters:,} "
                    "characters or before the end of the file: close it, or double it if it belongs to the text"
                ) from error
            yield Record(
                line, [part.strip() for part in tape.lines], "a quotation mark inside a quoted cell must be doubled"
            )
        else:
            yield Record(line, list(cells))


class _Tape:
    """The stream's lines, counted, and the ones that the record under way has used."""

    def __init__(self, stream: Iterable[str]) -> None:
        self._stream = iter(stream)
        self.count = 0
        self.lines: list[str] = []

    def __iter__(self) -> "_Tape":
        return self

    def __next__(self) -> str:
        line = next(self._stream)
        self.count += 1
        self.lines.append(line)
        return line


def _sample(stream: TextIO) -> list[str]:
    text = stream.read(_SAMPLE_CHARACTERS)
    lines = list(io.StringIO(text, newline=""))  # the line ends of a file; splitlines() knows eight more
    if len(text) == _SAMPLE_CHARACTERS and len(lines) > 1:
        lines.pop()  # may be cut short
    return lines


def _score(lines: list[str], delimiter: str, wanted: Wanted) -> tuple[int, float, int]:
    """(expected names found in one row, share of rows of the usual width, that width)."""
    records: list[Record] = []
    reader = csv.reader(lines, delimiter=delimiter, skipinitialspace=True)
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                records.append(Record(reader.line_num, list(cells)))
            if len(records) >= _SAMPLE_RECORDS:
                break
    except csv.Error:
        return (-1, 0.0, 0)
    if not records:
        return (0, 1.0, 0)  # it leaves nothing but empty cells
    matches, start = best_match(records, wanted)
    width, usual = Counter(len(record.cells) for record in records[start:]).most_common(1)[0]
    if matches:
        width = len(records[start].cells)
        usual = sum(len(record.cells) == width for record in records[start:])
    # Without known names, one column wide is no evidence: another delimiter that cuts evenly is better.
    return (matches, usual / len(records[start:]) if matches or width > 1 else 0.0, width)
