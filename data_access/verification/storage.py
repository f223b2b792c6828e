"""Check S1: the file is sound, every reference resolves, every date is one."""

from collections.abc import Iterator, Sequence
from datetime import date

from sqlalchemy import Connection, Date, Table, text

from data_access.processes import is_large
from data_access.schema import metadata
from data_access.schema.types import Instant

DAYS = 7  # in which each table of a large file has its turn
_CACHE_KB = 400_000


def file_is_sound(connection: Connection, tables: Sequence[str] | None) -> Iterator[str]:
    """SQLite looks through its file, and whether indexes hold what these tables do (None: all). PostgreSQL has nothing that a client may ask."""
    if connection.dialect.name != "sqlite":
        return
    asked = ["integrity_check(20)"]
    if tables is not None:
        asked = ["quick_check(20)", *(f"integrity_check({table})" for table in tables)]
    before = connection.exec_driver_sql("PRAGMA cache_size").scalar()
    connection.exec_driver_sql(f"PRAGMA cache_size = -{_CACHE_KB}")  # each row is looked up in each index
    try:
        for pragma in asked:
            for row in connection.execute(text(f"PRAGMA {pragma}")):
                if row[0] != "ok":
                    yield f"integrity check: {row[0]}"
    finally:
        connection.exec_driver_sql(f"PRAGMA cache_size = {before}")


def tables_compared(connection: Connection, today: date, *, everything: bool) -> list[str] | None:
    """Whose indexes are compared with their rows: of a large file others every day, until all had their turn; None for all."""
    if everything or connection.dialect.name != "sqlite" or not is_large(connection):
        return None
    return [table.name for table in metadata.sorted_tables[today.toordinal() % DAYS :: DAYS]]


def told_of_file(connection: Connection, today: date, *, everything: bool) -> list[str]:
    """Says so where not all were."""
    some = tables_compared(connection, today, everything=everything)
    if some is None:
        return []
    return [
        f"S1 compared the indexes of {len(some)} of {len(metadata.sorted_tables)} tables with their rows, "
        f"of others tomorrow; `verify --all` compares all of them"
    ]


def references_resolve(connection: Connection) -> Iterator[str]:
    """Asks SQLite, and looks where PostgreSQL cannot tell."""
    if connection.dialect.name == "sqlite":
        for row in connection.execute(text("PRAGMA foreign_key_check")):
            yield f"{row[0]} {row[1]}: refers to a missing row of {row[2]}"
    else:
        for table in metadata.sorted_tables:
            yield from _dangling(connection, table)


def dates_are_dates(connection: Connection) -> Iterator[str]:
    """SQLite keeps them as text."""
    if connection.dialect.name != "sqlite":
        return
    for table in metadata.sorted_tables:
        key = next(iter(table.primary_key)).name
        for column in table.columns:
            if isinstance(column.type, Date | Instant):
                shape = "date" if isinstance(column.type, Date) else "datetime"
                stored = column.name if shape == "date" else f"substr({column.name}, 1, 19)"  # less its microseconds
                wrong = f"{shape}({column.name}) IS NULL OR {shape}({column.name}) <> {stored}"
                statement = (
                    f"SELECT {key}, {column.name} FROM {table.name} WHERE {column.name} IS NOT NULL AND ({wrong})"  # noqa: S608
                )
                for row in connection.execute(text(statement)):
                    yield f"{table.name} {row[0]}: {column.name} {row[1]!r} is not a {shape}"


def _dangling(connection: Connection, table: Table) -> Iterator[str]:
    """PostgreSQL: references are held by triggers of its own, which a superuser can switch off."""
    key = next(iter(table.primary_key)).name
    for reference in table.foreign_key_constraints:
        pairs = [(element.parent.name, element.column.name) for element in reference.elements]
        target = reference.referred_table.name
        present = " AND ".join(f"t.{own} IS NOT NULL" for own, _ in pairs)
        same = " AND ".join(f"p.{theirs} = t.{own}" for own, theirs in pairs)
        statement = (
            f"SELECT t.{key} FROM {table.name} t WHERE {present} "  # noqa: S608
            f"AND NOT EXISTS (SELECT 1 FROM {target} p WHERE {same})"
        )
        for row in connection.execute(text(statement)):
            yield f"{table.name} {row[0]}: refers to a missing row of {target} ({', '.join(own for own, _ in pairs)})"
