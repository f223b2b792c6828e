"""Many rows at once into an empty ledger: guards and indexes are set aside for the load and made again after it.

All of it is one transaction: either the rows are there with every guard standing over them, or nothing is. Indexes are
built, and references checked, once over all rows, which takes a fraction of doing so row by row.
"""

from collections.abc import Generator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

import pysqlite3.dbapi2 as sqlite
from sqlalchemy import Connection, text

from data_access.confinement import UNCONFINED
from data_access.database import Database
from data_access.engines import BUSY_TIMEOUT_MS

_SQLITE_CACHE_KB = 200_000


@contextmanager
def prepared(database: Database) -> Generator[None]:
    """SQLite: references are looked up later, and what is new needs no second copy in a write-ahead log. Ends as it was."""
    if database.dialect == "postgresql":
        yield
        return
    _pragmas(database, "foreign_keys=OFF", f"cache_size=-{_SQLITE_CACHE_KB}", "busy_timeout=0")
    with suppress(sqlite.OperationalError):  # somebody else has the file open: with the log, then
        _pragmas(database, "journal_mode=DELETE")
    _pragmas(database, f"busy_timeout={BUSY_TIMEOUT_MS}")
    try:
        yield
    finally:
        _pragmas(database, "foreign_keys=ON", "journal_mode=WAL", "cache_size=-2000")


def _pragmas(database: Database, *pragmas: str) -> None:
    """The writer's pool has one connection, which keeps them until they are set back."""
    connection = database.writer.raw_connection()
    try:
        cursor = connection.cursor()
        for pragma in pragmas:
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()
    finally:
        connection.close()


@contextmanager
def guards_aside(connection: Connection, tables: Sequence[str]) -> Generator[None]:
    """Triggers, references and indexes of `tables` are gone inside, and there again afterwards."""
    look = _sqlite_guards if connection.dialect.name == "sqlite" else _postgresql_guards
    away, back = look(connection, tables)
    for statement in away:
        connection.exec_driver_sql(statement)
    yield
    for statement in back:
        connection.exec_driver_sql(statement)


def _sqlite_guards(connection: Connection, tables: Sequence[str]) -> tuple[list[str], list[str]]:
    found = connection.execute(
        text(
            "SELECT type, name, tbl_name, sql FROM sqlite_master WHERE type IN ('trigger', 'index') AND sql IS NOT NULL"
        )
    ).all()
    own = [row for row in found if row.tbl_name in tables]
    own.sort(key=lambda row: row.type == "trigger")  # back in this order: indexes first
    return [f"DROP {row.type} {row.name}" for row in own], [row.sql for row in own]


def _postgresql_guards(connection: Connection, tables: Sequence[str]) -> tuple[list[str], list[str]]:
    names = {"tables": list(tables)}
    of_tables = "ANY (SELECT t::regclass FROM unnest(CAST(:tables AS text[])) t)"
    references = connection.execute(
        text(
            "SELECT conname, conrelid::regclass::text AS tab, pg_get_constraintdef(oid) AS made FROM pg_constraint "  # noqa: S608
            f"WHERE contype = 'f' AND conrelid = {of_tables}"
        ),
        names,
    ).all()
    indexes = connection.execute(
        text(
            "SELECT indexrelid::regclass::text AS name, pg_get_indexdef(indexrelid) AS made FROM pg_index "  # noqa: S608
            f"WHERE indrelid = {of_tables} AND NOT EXISTS (SELECT 1 FROM pg_constraint "
            "WHERE contype IN ('p', 'u', 'x') AND conindid = indexrelid)"
        ),
        names,
    ).all()
    forced = connection.scalars(
        text(
            "SELECT oid::regclass::text FROM pg_class WHERE relforcerowsecurity AND relnamespace = "
            "(SELECT relnamespace FROM pg_class WHERE oid = 'invoices'::regclass)"
        )
    ).all()
    # The owner loads: COPY does not go with row-level security, and only the owner may take guards away. What the rows
    # refer to has to be seen too.
    away = ["SET LOCAL ROLE NONE", "SET LOCAL TIME ZONE 'UTC'", "SET LOCAL maintenance_work_mem = '256MB'"]
    away += [f"ALTER TABLE {table} DISABLE TRIGGER USER" for table in tables]
    away += [f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY" for table in forced]
    away += [f"ALTER TABLE {row.tab} DROP CONSTRAINT {row.conname}" for row in references]
    away += [f"DROP INDEX {row.name}" for row in indexes]
    back = [row.made for row in indexes]
    back += [f"ALTER TABLE {row.tab} ADD CONSTRAINT {row.conname} {row.made}" for row in references]
    back += [f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY" for table in forced]
    back += [f"ALTER TABLE {table} ENABLE TRIGGER USER" for table in tables]
    # What follows is planned by what is there; a table that was never looked at would be read whole for some accounts of it.
    back += [f"ANALYZE {', '.join(tables)}"]
    return away, [*back, f"SET LOCAL ROLE {UNCONFINED}"]


@dataclass(frozen=True, slots=True)
class Packed:
    """Rows as a database takes them: for SQLite as they are, for PostgreSQL as the text of a COPY."""

    number: int
    rows: Sequence[tuple[Any, ...]]
    text: str = ""


def packed(dialect: str, rows: Sequence[tuple[Any, ...]]) -> Packed:
    """Rows of integers, text and None."""
    if dialect == "sqlite":
        return Packed(len(rows), rows)
    return Packed(len(rows), (), "".join(map(_line, rows)))


def load(connection: Connection, table: str, columns: Sequence[str], rows: Packed) -> None:
    """Append them."""
    if not rows.number:
        return
    cursor = connection.connection.cursor()
    names = ", ".join(columns)
    if connection.dialect.name == "sqlite":
        marks = ", ".join("?" * len(columns))
        cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", rows.rows)  # noqa: S608
    else:
        with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
            copy.write(rows.text)
    cursor.close()


def _line(row: tuple[Any, ...]) -> str:
    r"""A row as COPY reads it; the generated text has no tab, backslash or line end, which COPY would want escaped."""
    return "\t".join(r"\N" if value is None else str(value) for value in row) + "\n"
