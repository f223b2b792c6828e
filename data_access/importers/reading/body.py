"""The rows under a header: which of them are rows, and which are skipped with a reason (never silently)."""

import re
from collections.abc import Iterator, Sequence
from itertools import zip_longest

from data_access.importers.reading.headers import Header, Wanted
from data_access.importers.reading.record import PADDING, Cell, Record, fold

_TOTAL = re.compile(
    r"^((grand|sub|overall|report|page|invoice|column)[\s-]*)?totals?\b.*$"
    r"|^(gesamt|gesamtsumme|summe|zwischensumme|total général|totaal|totale|somme|suma|sum|saldo)\b.*$"
)
# An amount with its sign and currency, a count, a currency alone.
_FIGURE = re.compile(r"[A-Z]{3}|(?:[A-Z]{3}\s?)?[-+(−]?\s?[^\w\s]?\s?\d[\d.,'\s]*[^\w\s]?[-)]?(?:\s?[A-Z]{3})?")
_LISTED = 1_000
_LABEL = 60  # characters; a longer cell is prose, not a label


class Skips:
    """Lines that are not rows, each with its reason; past a thousand of them only their number."""

    def __init__(self) -> None:
        self.listed: list[dict[str, object]] = []
        self._more = 0
        self._last = 0

    def add(self, line: int, reason: str) -> None:
        """Remember a skipped line."""
        if len(self.listed) < _LISTED:
            self.listed.append({"line": line, "reason": reason})
        else:
            self._more += 1
            self._last = line

    def as_list(self) -> list[dict[str, object]]:
        """In order of line; the last one stands for all that were not listed."""
        ordered = sorted(self.listed, key=lambda skip: int(str(skip["line"])))
        if self._more:
            ordered.append({"line": self._last, "reason": f"and {self._more:,} more such lines up to here"})
        return ordered


class Body:
    """Walks the records after the header. A totals row is known only at the end: until then it waits."""

    def __init__(self, header: Header, wanted: Wanted, skips: Skips) -> None:
        self._header = header
        self._width = header.width
        self._skips = skips
        self._waiting: list[Record] = []
        folded = [fold(name) for name in header.names]
        found = [[folded.index(name) for name in need if name in folded] for need in wanted.needs]
        self._needs = [indexes for indexes in found if indexes]

    def rows(self, records: Iterator[Record]) -> Iterator[Record]:
        """The rows, cut to the header's width; what does not fit it carries its fault."""
        for record in records:
            if record.is_blank():
                self._skips.add(record.line, "blank")
            elif _same(record.cells, self._header.rows):
                self._skips.add(record.line, "the header again")
            elif self._may_be_totals(record):
                self._waiting.append(record)
            else:
                yield from self._release()
                yield self._fitted(record)
        for record in self._waiting:
            self._skips.add(record.line, f"a totals row ({_label(record.cells)})")

    def _release(self) -> Iterator[Record]:
        for record in self._waiting:
            yield self._fitted(record)
        self._waiting.clear()

    def _may_be_totals(self, record: Record) -> bool:
        """A label, figures, and at most half of what every row needs: a real row is never lost, not even a damaged one."""
        if record.fault:
            return False
        cells = record.cells
        lacking = sum(all(index >= len(cells) or _blank(cells[index]) for index in need) for need in self._needs)
        if not lacking or 2 * lacking < len(self._needs):
            return False
        label = _label(cells)
        return bool(label) and all(_blank(cell) or _is_figure(cell) or _shown(cell) == label for cell in cells)

    def _fitted(self, record: Record) -> Record:
        width = self._width
        if record.fault or len(record.cells) == width:
            return record
        if len(record.cells) > width and all(_blank(cell) for cell in record.cells[len(self._header.names) :]):
            return Record(record.line, record.cells[:width])
        return Record(
            record.line, record.cells, f"the row has {len(record.cells)} cells, the header {len(self._header.names)}"
        )


def _same(cells: Sequence[Cell], rows: Sequence[Sequence[str]]) -> bool:
    return any(
        all((fold(cell) if cell else "") == name for cell, name in zip_longest(cells, row, fillvalue=""))
        for row in rows
    )


def _blank(cell: Cell) -> bool:
    return isinstance(cell, str) and not cell.strip(PADDING)


def _is_figure(cell: Cell) -> bool:
    return not isinstance(cell, str) or _FIGURE.fullmatch(cell.strip(PADDING)) is not None


def _shown(cell: Cell) -> str:
    return " ".join(str(cell).strip(PADDING).split())


def _label(cells: Sequence[Cell]) -> str:
    for cell in cells:
        if isinstance(cell, str):
            text = _shown(cell)
            if len(text) <= _LABEL and _TOTAL.match(text.casefold()):
                return text
    return ""
