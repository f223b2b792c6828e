"""Where the table starts in a file: the row (or the two merged rows) that holds the column names."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from data_access.importers.errors import ImportRefusedError
from data_access.importers.reading.record import PADDING, Cell, Record, fold

SEARCHED = 60  # rows in which a header is looked for
_DATA_LIKE = re.compile(r"^[\s\d.,:/+()£$€%-]*\d[\s\d.,:/+()£$€%-]*$")


@dataclass(frozen=True, slots=True)
class Wanted:
    """Folded names that a header may have, and the needed ones: each group is a choice of names for one need.

    statements: the formats of banks are read as well.
    wire: documents of trading partners are read, no table; accept_envelope: even where their envelope is wrong.
    calls: records of an exchange, which have no header line, are known by their shape.
    """

    names: frozenset[str]
    needs: tuple[tuple[str, ...], ...] = ()
    statements: bool = False
    wire: bool = False
    accept_envelope: bool = False
    calls: bool = False


@dataclass(frozen=True, slots=True)
class Header:
    """`start` is its index among the records, `rows` its folded rows (one or two), `names` one unique name a column."""

    start: int
    rows: tuple[tuple[str, ...], ...]
    names: tuple[str, ...]

    @property
    def width(self) -> int:
        """Columns up to the last one that has a name."""
        return max((index + 1 for index, name in enumerate(self.names) if name), default=0)


def best_match(records: Sequence[Record], wanted: Wanted) -> tuple[int, int]:
    """(distinct wanted names, index) of the row that holds most of them; the first of equals."""
    best = (0, 0)
    for index, record in enumerate(records[:SEARCHED]):
        found = len({fold(cell) for cell in record.cells} & wanted.names)
        if found > best[0]:
            best = (found, index)
    return best


def find_header(records: Sequence[Record], wanted: Wanted) -> Header:
    """The header among the first records. Raises ImportRefusedError when the file starts with data."""
    found, start = best_match(records, wanted)
    double_found, double_start, double_names = _best_pair(records, wanted)
    if double_found > found:
        pair = records[double_start : double_start + 2]
        return Header(double_start, tuple(_folded(record.cells) for record in pair), _unique(double_names))
    if not found:
        start = _widest_text_row(records)
    cells = records[start].cells
    return Header(start, (_folded(cells),), _unique([_shown(cell) for cell in cells]))


def _best_pair(records: Sequence[Record], wanted: Wanted) -> tuple[int, int, list[str]]:
    best: tuple[int, int, list[str]] = (0, 0, [])
    for index in range(min(len(records) - 1, SEARCHED)):
        names = _merge(records[index].cells, records[index + 1].cells, wanted)
        found = len({fold(name) for name in names} & wanted.names)
        if found > best[0]:
            best = (found, index, names)
    return best


def _merge(top: Sequence[Cell], sub: Sequence[Cell], wanted: Wanted) -> list[str]:
    """One name a column of a two-row header: 'Invoice' merged over 'Number' and 'Date' gives 'Invoice Number', 'Date'."""
    names, group = [], ""
    for index in range(max(len(top), len(sub))):
        upper = _shown(top[index]) if index < len(top) else ""
        lower = _shown(sub[index]) if index < len(sub) else ""
        group = upper or (group if lower else "")
        both = f"{group} {lower}".strip()
        names.append(next((name for name in (lower, both, group) if fold(name) in wanted.names), both))
    return names


def _widest_text_row(records: Sequence[Record]) -> int:
    """Where no wanted name was found: the first row of full width, if it can be a header at all."""
    widths = Counter(len([cell for cell in record.cells if _shown(cell)]) for record in records[:SEARCHED])
    widths.pop(0, None)
    if not widths:
        raise ImportRefusedError("the file has no rows")
    usual = max(widths, key=lambda width: (widths[width], width))
    start = next(i for i, record in enumerate(records) if len([c for c in record.cells if _shown(c)]) >= usual)
    cells = [_shown(cell) for cell in records[start].cells]
    if any(_DATA_LIKE.match(cell) for cell in cells) or len(set(filter(None, cells))) < len(list(filter(None, cells))):
        shown = ", ".join(cell for cell in cells if cell)[:120]
        raise ImportRefusedError(
            f"no line holds the column names: line {records[start].line} reads like data ({shown}). Add a header line"
        )
    return start


def _shown(cell: Cell) -> str:
    return " ".join(cell.strip(PADDING).split()) if isinstance(cell, str) else f"{cell:.15g}"


def _folded(cells: Sequence[Cell]) -> tuple[str, ...]:
    return tuple(fold(cell) for cell in cells)


def _unique(names: Sequence[str]) -> tuple[str, ...]:
    """The same name twice becomes 'Amount (1)' and 'Amount (2)', so that each can be named."""
    counts = Counter(fold(name) for name in names)
    seen: Counter[str] = Counter()
    unique = []
    for name in names:
        folded = fold(name)
        seen[folded] += 1
        unique.append(f"{name} ({seen[folded]})" if name and counts[folded] > 1 else name)
    return tuple(unique)
