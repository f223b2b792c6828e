"""Importing from text, as a file that somebody saved."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from data_access.database import Database
from data_access.importers import batches
from data_access.importers.batches import accept, preview
from data_access.importers.kinds import KINDS
from data_access.importers.options import Options, parse_maps
from data_access.importers.report import Report
from data_access.schema import metadata
from data_access.scope import Scope
from tests.data_access.importers import in_process
from tests.data_access.importers.reader_here import read_here

ACTOR = "tester"


class Importer:
    """Imports text into a database; reads tables back."""

    def __init__(self, database: Database, folder: Path) -> None:
        self.database = database
        self._folder = folder

    def path(self, content: str | bytes, name: str = "file.csv") -> Path:
        path = self._folder / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def options(self, kind: str, maps: list[str] | None = None, **values: Any) -> Options:
        columns, constants = parse_maps(KINDS[kind], maps or [])
        named: dict[str, Any] = {"scope": Scope.all_sites(), "columns": columns, "constants": constants}
        return Options(**named | values)

    def accept(self, kind: str, content: str | bytes, *maps: str, **values: Any) -> Report:
        return accept(self.database, ACTOR, kind, self.path(content), self.options(kind, list(maps), **values))

    def preview(self, kind: str, content: str | bytes, *maps: str, **values: Any) -> Report:
        return preview(self.database, kind, self.path(content), self.options(kind, list(maps), **values))

    def table(self, name: str, *columns: str, **where: Any) -> list[Any]:
        """Rows as tuples of the named columns (a single one bare), in order of id."""
        table = metadata.tables[name]
        statement = select(*(table.c[column] for column in columns)).filter_by(**where)
        with self.database.reading(Scope.all_sites()) as connection:
            rows = connection.execute(statement.order_by(table.c.id if "id" in table.c else table.c.seq)).all()
        return [row[0] if len(columns) == 1 else tuple(row) for row in rows]

    def count(self, name: str) -> int:
        table = metadata.tables[name]
        return len(self.table(name, "id" if "id" in table.c else "seq"))


@pytest.fixture
def importer(database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Importer:
    """An importer into an empty ledger, on each database; it reads in this process (test_confined.py: as it ships)."""
    read_here(monkeypatch)
    return Importer(database, tmp_path)


@pytest.fixture
def check(database: Database, monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Verify every rule of the ledger from its rows.

    What pages add up (L7, dear) is looked at on SQLite: that both databases add up alike is tested with the queries.
    """
    from data_access import verification
    from data_access.verification import verify
    from tests.conftest import NOW

    if database.dialect != "sqlite":
        monkeypatch.setattr(verification, "totals_agree", lambda _connection, _today: ())

    def _check() -> None:
        outcome = verify(database, NOW.date())
        assert [(result.id, result.findings) for result in outcome.results if result.findings] == []
        assert outcome.notes == ()

    return _check


@pytest.fixture
def without_child(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files are read in this process: quicker, and what would end the child is raised."""
    monkeypatch.setattr(batches, "read_table", in_process.read_here)


def reasons(report: Report) -> list[tuple[int, str, str, str]]:
    """(line, column, value, reason) of each reject."""
    return [(reject.line, reject.column, reject.value, reject.reason) for reject in report.rejects]
