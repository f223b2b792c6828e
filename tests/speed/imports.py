"""What an import costs: its processor time as a ratio to writing the same rows bare, and its memory as files grow.

`python -m tests.speed.imports [--lines 10000,100000] [--kinds invoices,calls] [--database sqlite,postgresql]` makes a tenth of
a tenth of the large tenant on each database, then for each kind and number of lines: a file, its import with all checks in a
process of its own, and the rows that it wrote, once more by executemany (or COPY), into the ledger's own tables in a copy of
the ledger from before ("ledger": indexes, references and triggers) and into tables without any of them ("bare").
Times are processor seconds of the process, of the child that reads the file, and of the server that it talks to.
"""

import argparse
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import psycopg
import pysqlite3.dbapi2 as sqlite
from sqlalchemy import event

from data_access.database import Database
from data_access.importers.batches import accept
from data_access.importers.options import Options
from data_access.migrate import upgrade
from data_access.scope import Scope
from seed.large.tenant import Tenant
from seed.large.writing import write_large
from tests.postgres import PostgresServer, running_server
from tests.speed.import_files import FILES
from tests.speed.processor import of_server, own

TODAY = date(2026, 11, 20)
TABLES = {
    "invoices": ("invoices",),
    "payments": ("payments", "allocations"),
    "calls": ("calls",),
    "statements": ("vendor_statements", "vendor_statement_lines"),
    "bank": ("bank_statements", "bank_lines"),
    "charges": ("invoices", "charges"),
    "usage": ("usage",),
}
_MEGABYTE = 1024  # the kernel counts in KB


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lines", default="10000,100000")
    parser.add_argument("--kinds", default="invoices,payments,calls,statements,bank,charges,usage")
    parser.add_argument("--database", default="sqlite,postgresql")
    parser.add_argument("--scale", type=float, default=0.02)
    args = parser.parse_args()
    _tell(
        f"load {os.getloadavg()[0]:.1f}; processor seconds; ratios of the whole import to the same rows written otherwise"
    )
    _tell("database   kind         lines   import  reader  server  clock   ledger  ratio    bare  ratio    MB")
    for dialect in args.database.split(","):
        for each in imported(dialect, args.kinds.split(","), list(map(int, args.lines.split(","))), args.scale):
            _tell(each.line())


@dataclass(frozen=True, slots=True)
class Imported:
    """One import: processor seconds of its parts and of the same rows written otherwise, seconds on the clock, megabytes."""

    dialect: str
    kind: str
    lines: int
    took: dict[str, float]  # import, reader, server, clock, rss; added, rejected
    ledger: float
    bare: float

    @property
    def whole(self) -> float:
        """The process, the child that reads the file, and the server."""
        return self.took["import"] + self.took["reader"] + self.took["server"]

    def line(self) -> str:
        """As a line of the table."""
        took = self.took
        return (
            f"{self.dialect:10} {self.kind:10} {self.lines:8,} {took['import']:7.1f} {took['reader']:7.1f} {took['server']:7.1f}"
            f" {took['clock']:6.1f}  {self.ledger:7.2f} {self.whole / self.ledger:6.1f} {self.bare:7.2f} {self.whole / self.bare:6.1f}"
            f" {took['rss']:5.0f}   {took['added']:,} added, {took['rejected']} rejected"
        )


def imported(dialect: str, kinds: Sequence[str], lines: Sequence[int], scale: float) -> Iterator[Imported]:
    """Each kind at each length, on ledgers of that share of the large tenant."""
    with ExitStack() as stack:
        ledgers = _ledgers(dialect, stack, scale)
        for kind in kinds:
            for length in lines:
                yield _measure(ledgers, kind, length)


def _tell(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


class _Ledgers:
    """Copies of one seeded ledger."""

    def __init__(self, folder: Path, server: PostgresServer | None, scale: float) -> None:
        self.folder = folder
        self.server = server
        self._stack = ExitStack()
        self.address = self._stack.enter_context(server.new_database()) if server else f"sqlite:///{folder / 'seed.db'}"
        database = Database(self.address)
        upgrade(database)
        write_large(database, Tenant(1, TODAY, scale), "operator")
        database.close()

    @property
    def dialect(self) -> str:
        return "postgresql" if self.server else "sqlite"

    @contextmanager
    def copy(self) -> Iterator[str]:
        """The address of a copy, gone afterwards."""
        if self.server is None:
            path = self.folder / "copy.db"
            shutil.copy(self.folder / "seed.db", path)
            try:
                yield f"sqlite:///{path}"
            finally:
                for left in self.folder.glob("copy.db*"):
                    left.unlink()
            return
        name = self.address.rpartition("/")[2]
        with self.server.new_database(name) as address:
            yield address

    def close(self) -> None:
        self._stack.close()


def _ledgers(dialect: str, stack: ExitStack, scale: float) -> _Ledgers:
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="imports-")))
    server = stack.enter_context(running_server()) if dialect == "postgresql" else None
    ledgers = _Ledgers(folder, server, scale)
    stack.callback(ledgers.close)
    return ledgers


def _measure(ledgers: _Ledgers, kind: str, lines: int) -> Imported:
    path = ledgers.folder / f"{kind}.csv"
    with ledgers.copy() as address:
        database = Database(address)
        FILES[kind](database, path, lines)
        database.close()
        command = [sys.executable, "-m", "tests.speed.imports", "child", address, kind, str(path)]
        took = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
        rows = {table: _written(address, table) for table in TABLES[kind]}
    with ledgers.copy() as address:
        ledger = _write(address, rows, bare=False)
    with ledgers.copy() as address:
        bare = _write(address, rows, bare=True)
    return Imported(ledgers.dialect, kind, lines, took, ledger, bare)


def _child(address: str, kind: str, path: str) -> None:
    """One import, in a process of its own; what it took as JSON."""
    database = Database(address)
    servers: set[int] = set()
    if database.dialect == "postgresql":

        @event.listens_for(database.writer, "connect")
        def _connected(connection: Any, _record: Any) -> None:
            servers.add(connection.info.backend_pid)

    began, clock = own(), time.perf_counter()
    report = accept(database, "operator", kind, Path(path), Options(Scope.all_sites(), source="speed"))
    ended, child = own(), resource.getrusage(resource.RUSAGE_CHILDREN)
    sys.stdout.write(
        json.dumps(
            {
                "import": ended - began,
                "reader": child.ru_utime + child.ru_stime,
                "server": sum(map(of_server, servers)),
                "clock": time.perf_counter() - clock,
                "rss": _peak() / _MEGABYTE,
                "added": report.added,
                "rejected": report.rejected,
            }
        )
    )
    database.close()


def _peak() -> int:
    """The most memory that this process ever held (ru_maxrss would be its parent's, if that had more)."""
    status = Path("/proc/self/status").read_text()
    return int(next(line for line in status.splitlines() if line.startswith("VmHWM")).split()[1])


def _written(address: str, table: str) -> tuple[list[str], list[tuple[Any, ...]]]:
    """Columns and rows of the newest import, as the database has them."""
    database = Database(address)
    newest = "(SELECT max(id) FROM import_batches)"
    where = (
        f"batch_id = {newest}"
        if table != "bank_lines"
        else f"statement_id IN (SELECT id FROM bank_statements WHERE batch_id = {newest})"
    )
    counters = {"invoices": ("settled",), "payments": ("allocated",)}.get(table, ())
    with database.writer.begin() as connection:
        found = connection.exec_driver_sql(f"SELECT * FROM {table} WHERE {where} ORDER BY id")
        names = list(found.keys())
        rows = [tuple(row) for row in found]
    database.close()
    kept = [i for i, name in enumerate(names) if name not in counters]
    return [names[i] for i in kept], [tuple(row[i] for i in kept) for row in rows]


def _write(address: str, tables: dict[str, tuple[list[str], list[tuple[Any, ...]]]], *, bare: bool) -> float:
    """Processor seconds of writing `tables` in one transaction, the process's and the server's."""
    write = _write_sqlite if address.startswith("sqlite") else _write_postgresql
    return write(address, tables, bare=bare)


def _write_sqlite(address: str, tables: dict[str, Any], *, bare: bool) -> float:
    connection = sqlite.connect(address.removeprefix("sqlite:///"), isolation_level=None)
    connection.execute("PRAGMA foreign_keys=ON")
    batch = _batch(connection.execute)
    began = own()
    connection.execute("BEGIN IMMEDIATE")
    for name, (columns, rows) in tables.items():
        if bare:
            connection.execute(f"CREATE TABLE bare_{name} AS SELECT {', '.join(columns)} FROM {name} WHERE 0")
        into = f"INSERT INTO {'bare_' if bare else ''}{name} ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})"
        connection.executemany(into, _of_batch(columns, rows, batch))
    connection.execute("COMMIT")
    took = own() - began
    connection.close()
    return took


def _write_postgresql(address: str, tables: dict[str, Any], *, bare: bool) -> float:
    with psycopg.connect(address) as connection:
        batch = _batch(connection.execute)
        connection.commit()
        began, server = own(), of_server(connection.info.backend_pid)
        for name, (columns, rows) in tables.items():
            named = ", ".join(columns)
            if bare:
                connection.execute(f"CREATE TABLE bare_{name} AS SELECT {named} FROM {name} WHERE false")
            into = f"COPY {'bare_' if bare else ''}{name} ({named}) FROM STDIN"
            with connection.cursor() as cursor, cursor.copy(into) as copy:
                for row in _of_batch(columns, rows, batch):
                    copy.write_row(row)
        connection.commit()
        return own() - began + of_server(connection.info.backend_pid) - server


def _batch(execute: Any) -> int:
    """A batch that the rows may belong to, since theirs is not in this copy."""
    return execute("SELECT max(id) FROM import_batches").fetchone()[0]


def _of_batch(columns: list[str], rows: list[tuple[Any, ...]], batch: int) -> list[tuple[Any, ...]]:
    if "batch_id" not in columns:
        return rows
    at = columns.index("batch_id")
    return [(*row[:at], batch, *row[at + 1 :]) for row in rows]


if __name__ == "__main__":
    if sys.argv[1:2] == ["child"]:
        _child(*sys.argv[2:])
    else:
        main()
