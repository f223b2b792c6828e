"""Adding up what has come in for the sums that are kept, so that they are read from few rows."""

import json
from collections.abc import Mapping

from sqlalchemy import Connection, func, select, text

from data_access import alert_marks
from data_access.confinement import confine
from data_access.database import Database
from data_access.kept_sums import KEPT, Kept
from data_access.scope import Scope

_MANY = 1_000  # rows: a millisecond of a read
_MOVES_AT_ONCE = 50_000  # on SQLite, which sorts in memory
# The planner cannot know how many came in, and takes them to be none: to look for each in all sums would take minutes.
_BY_HASH = text("SELECT set_config('enable_nestloop', 'off', true), set_config('enable_mergejoin', 'off', true)")


def fold(database: Database) -> None:
    """Add up the months that rows have come in for: what is read stays the same, and is read from fewer rows.

    Nobody waits for it or is waited for: it takes rows that nobody changes and puts their sum in their place.
    """
    _fold_each(database, 1)


def fold_many(database: Database) -> None:
    """The same where so many came in that reading them costs more than adding them up."""
    _fold_each(database, _MANY)


def _fold_each(database: Database, at_least: int) -> None:
    with database.writer.begin() as connection:
        confine(connection, Scope.all_sites())
        for kept in KEPT:
            t = kept.table.c
            if connection.scalar(select(t.id).where(t.account_id.is_not(None)).offset(at_least - 1).limit(1)):
                fold_kept(connection, kept)
        alert_marks.thin_out(connection, at_least)


def fold_kept(connection: Connection, kept: Kept, *, everything: bool = False) -> None:
    """Put what came in, and the sums that it belongs to, together; or all that is there."""
    name = kept.table.name
    moves = "true" if everything else "account_id IS NOT NULL"
    if connection.dialect.name == "postgresql":  # one statement, so that it adds up what it takes away and nothing else
        connection.execute(_BY_HASH)
        gone = (
            f"WITH gone AS (DELETE FROM {name} WHERE {moves} RETURNING *), "  # noqa: S608
            f"moved AS MATERIALIZED ({kept.sums('gone', 'true')}), rest AS (DELETE FROM {name} WHERE NOT ({moves}) "
            f"AND ({kept.own}) IN (SELECT {kept.own} FROM moved) RETURNING *)"
        )
        gone = ", ".join((gone, *(each.beside("gone") for each in kept.along)))
        columns = f"SELECT {kept.keys}, {', '.join(kept.measures)} FROM"
        connection.execute(text(f"{gone} {_into(kept)} ({columns} moved UNION ALL {columns} rest) r {_grouped(kept)}"))
        return
    t = kept.table.c
    while (first := connection.scalar(select(func.min(t.id)).where(t.account_id.is_not(None)))) is not None:
        _fold_moves(connection, kept, f"account_id IS NOT NULL AND id < {first + _MOVES_AT_ONCE}")
    if everything:
        _fold_rows(connection, kept, "1 = 1")


def _fold_moves(connection: Connection, kept: Kept, which: str) -> None:
    """On SQLite: put these moves and the sums that they belong to together."""
    name = kept.table.name
    for each in kept.along:
        each.take_moves(connection, f"(SELECT * FROM {name} WHERE {which})")  # noqa: S608
    moved = f"SELECT {kept.own} FROM ({kept.sums(name, which)}) r"  # noqa: S608
    touched = text(f"SELECT id FROM {name} WHERE account_id IS NULL AND ({kept.own}) IN ({moved})")  # noqa: S608
    rest = {"rest": json.dumps(list(connection.scalars(touched)))}
    both = f"({which} OR id IN (SELECT value FROM json_each(:rest)))"  # noqa: S608
    _fold_rows(connection, kept, both, rest)


def _fold_rows(connection: Connection, kept: Kept, which: str, rest: Mapping[str, str] | None = None) -> None:
    """On SQLite: put these rows together."""
    name = kept.table.name
    old = f"{which} AND id <= {connection.scalar(select(func.coalesce(func.max(kept.table.c.id), 0)))}"
    connection.execute(text(f"{_into(kept)} ({kept.sums(name, old)}) r {_grouped(kept)}"), rest)
    connection.execute(text(f"DELETE FROM {name} WHERE {old}"), rest)  # noqa: S608


def _into(kept: Kept) -> str:
    columns = f"{kept.keys}, {', '.join(kept.measures)}"
    return f"INSERT INTO {kept.table.name} ({columns}) SELECT {kept.keys}, {', '.join(kept.each_sum)} FROM"


def _grouped(kept: Kept) -> str:
    return f"GROUP BY {kept.keys} HAVING {kept.something}"
