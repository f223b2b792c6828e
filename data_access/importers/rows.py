"""The second walk: rows of cells to rows of values, or to the one problem that a row is rejected for."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from data_access.importers.cells import CellError, Conventions, as_text, read_cell
from data_access.importers.columns import Source
from data_access.importers.reading.record import ERROR_CELL, PADDING
from data_access.importers.reading.table import Row, Table
from domain.masking import ACCOUNT_NUMBERS, masked_field

_REMEMBERED = 16_384  # texts of a column


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a row is rejected: the file's column, the value as read, the reason. Column and value may be ''."""

    column: str
    value: str
    reason: str


@dataclass(slots=True)
class ParsedRow:
    """`values` holds the fields that are not blank. `problem` rejects the row. together: the rows that it stands for, if several."""

    line: int
    cells: list[str | Decimal]
    values: dict[str, Any] = field(default_factory=dict)
    problem: Problem | None = None
    together: tuple["ParsedRow", ...] = ()

    @property
    def rows(self) -> tuple["ParsedRow", ...]:
        """The rows of the file that share its fate."""
        return self.together or (self,)

    def get(self, name: str, default: Any = None) -> Any:
        """The value of a field, or `default` where it is blank."""
        return self.values.get(name, default)


class RowReader:
    """Reads the rows of one table by its sources and conventions. A text that a column had before is not read again."""

    def __init__(self, sources: list[Source], conventions: Conventions, needs: tuple[tuple[str, ...], ...]) -> None:
        self.conventions = conventions
        self._sources = sources
        self._columns: list[tuple[Source, dict[str | Decimal, Any]]] = [(source, {}) for source in sources]
        self._needs = needs
        self._titles = {source.field.name: source.title for source in sources}

    def title(self, name: str) -> str:
        """The file's name for a field."""
        return self._titles.get(name, name)

    def problem(self, row: ParsedRow, name: str, reason: str) -> Problem:
        """A problem with one field of a row, its value as the file has it (an account's number masked)."""
        return Problem(self.title(name), _told(name, self._written(row, name)), reason)

    def rows(self, table: Table) -> Iterator[ParsedRow]:
        """Every row of the table, parsed."""
        for row in table.rows():
            yield self._parsed(row)

    def _parsed(self, row: Row) -> ParsedRow:
        parsed = ParsedRow(row.line, row.cells)
        if row.fault:
            parsed.problem = Problem("", "", row.fault)
            return parsed
        problems: list[Problem] = []
        values = parsed.values
        for source, known in self._columns:
            cell = source.constant if source.index is None else row.cells[source.index]
            if cell in known:
                value = known[cell]
            else:
                try:
                    value = self._read(cell, source, known)
                except CellError as error:
                    written = as_text(cell).strip(PADDING)
                    problems.append(Problem(source.title, _told(source.field.name, written), str(error)))
                    continue
            if value is not None:
                values[source.field.name] = value
        if not all(need[0] in values or any(name in values for name in need) for need in self._needs):
            named = {problem.column for problem in problems}
            for need in self._needs:
                if not any(name in parsed.values or self.title(name) in named for name in need):
                    problems.append(Problem(self.title(need[0]), "", f"{' or '.join(need)} is needed and empty"))
        if problems:
            first, *others = problems
            also = "; ".join(f"{other.column}: {other.reason}" for other in others)
            parsed.problem = Problem(
                first.column, first.value, f"{first.reason}; also {also}" if also else first.reason
            )
        return parsed

    def _read(self, cell: str | Decimal, source: Source, known: dict[str | Decimal, Any]) -> Any:
        """The value of a cell, None of a blank one."""
        if isinstance(cell, Decimal):
            return read_cell(cell, source.field, self.conventions)
        text = cell.strip(PADDING)
        value = read_cell(_checked(text), source.field, self.conventions) if text else None
        if len(known) >= _REMEMBERED:
            known.clear()
        known[cell] = value = None if value == "" else value
        return value

    def _written(self, row: ParsedRow, name: str) -> str:
        for source in self._sources:
            if source.field.name == name:
                return source.constant if source.index is None else as_text(row.cells[source.index]).strip(PADDING)
        return ""


def _told(name: str, text: str) -> str:
    return masked_field(name, text) if name in ACCOUNT_NUMBERS and text else text


def _checked(cell: str) -> str:
    if cell == ERROR_CELL:
        raise CellError("the workbook could not compute this cell")
    return cell
