"""What every planner works with, and what it promises."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from sqlalchemy import Connection
from sqlalchemy import Table as SqlTable

from data_access.importers.directory import Directory, UnknownNameError
from data_access.importers.landing import Landing
from data_access.importers.options import Options
from data_access.importers.reading.table import Table
from data_access.importers.rows import ParsedRow, RowReader
from data_access.importers.tally import Tally


@dataclass(frozen=True, slots=True)
class Context:
    """One import under way. `locking`: the rows that decisions rest on are held until the commit (not in a preview)."""

    connection: Connection
    table: Table
    reader: RowReader
    options: Options
    directory: Directory
    tally: Tally
    locking: bool

    def reject(self, row: ParsedRow, field: str, reason: str) -> None:
        """Reject a row for one of its fields ('' for the whole row)."""
        self.tally.reject(row, self.reader.problem(row, field, reason))

    def reject_unknown(self, row: ParsedRow, error: UnknownNameError) -> None:
        """Reject a row for a name that stands for nothing."""
        self.reject(row, error.field, str(error))

    def held(self, statement: Any, of: SqlTable) -> Any:
        """The same statement, locking the rows of `of` that it reads."""
        return statement.with_for_update(of=of) if self.locking else statement


class Planner(Protocol):
    """Decides every row of a file from what the ledger holds, then writes what was decided."""

    def take(self, rows: Sequence[ParsedRow]) -> None:
        """Decide these rows (those without a problem), in order of the file."""
        ...

    def finish(self) -> None:
        """Decide what needed the whole file."""
        ...

    def write(self, landing: Landing) -> None:
        """Write it; called once, in the same transaction."""
        ...
