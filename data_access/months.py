"""The totals of months: adding up what has come in, making all of them anew, and holding them against the ledger."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, Table, func, insert, select, text

from data_access.by_accounts import counted
from data_access.confinement import confine
from data_access.database import Database
from data_access.migrations.triggers import months_0014 as made
from data_access.schema import month_payments, month_totals
from data_access.scope import Scope

_TABLES: tuple[Table, ...] = (month_totals, month_payments)
_MEASURES = {month_totals: made.MEASURES, month_payments: made.PAYMENT_MEASURES}
_FOLLOWS = {month_totals: made.every_total, month_payments: made.every_payment}
_INTO = {month_totals: made.into_totals, month_payments: made.into_payments}


def _keys(table: Table) -> list[str]:
    return [c.name for c in table.columns if c.name not in ("id", "account_id", "site_id", *_MEASURES[table])]


def fold(database: Database) -> None:
    """Add up the months that rows have come in for: what is read stays the same, and is read from fewer rows.

    Nobody waits for it or is waited for: it takes rows that nobody changes and puts their sum in their place.
    """
    with database.writer.begin() as connection:
        confine(connection, Scope.all_sites())
        for table in _TABLES:
            _fold(connection, table)


def _fold(connection: Connection, table: Table, *, everything: bool = False) -> None:
    name, keys = table.name, ", ".join(_keys(table))
    into = f"INSERT INTO {name} ({keys}, {', '.join(_MEASURES[table])}) SELECT {keys}, {_sums(table)} FROM"
    grouped = f"GROUP BY {keys} HAVING {_something(table)}"
    moved = f"SELECT DISTINCT month FROM {name}"  # noqa: S608
    if not everything:
        moved += " WHERE account_id IS NOT NULL"
    if connection.dialect.name == "postgresql":  # one statement, so that it adds up what it takes away and nothing else
        gone = f"WITH gone AS (DELETE FROM {name} WHERE month IN ({moved}) RETURNING *)"  # noqa: S608
        connection.execute(text(f"{gone} {into} gone {grouped}"))
        return
    newest = connection.scalar(select(func.coalesce(func.max(table.c.id), 0)))
    for month in connection.scalars(text(moved)).all():
        values = {"month": month, "newest": newest}
        connection.execute(text(f"{into} {name} WHERE month = :month AND id <= :newest {grouped}"), values)
        connection.execute(text(f"DELETE FROM {name} WHERE month = :month AND id <= :newest"), values)  # noqa: S608


def rebuild(database: Database) -> dict[str, int]:
    """Make all of it anew from the ledger's rows; returns the rows of each table."""
    with database.writer.begin() as connection:
        confine(connection, Scope.all_sites())
        return rebuild_within(connection)


def rebuild_within(connection: Connection) -> dict[str, int]:
    """The same in a transaction that sees every site.

    It adds what is missing and takes away what is too much, as one statement sees them, and so needs no writer to wait.
    """
    counts = {}
    for table in _TABLES:
        if connection.dialect.name == "postgresql":  # one rebuild at a time; not in the way of rows that come in
            connection.execute(text(f"LOCK TABLE {table.name} IN SHARE UPDATE EXCLUSIVE MODE"))
            connection.execute(text(_INTO[table](f"SELECT NULL, NULL, d.* FROM ({_off(table)}) d")))  # noqa: S608
        elif off := list(_off_by_accounts(connection, table)):
            connection.execute(insert(table), off)
        _fold(connection, table, everything=True)
        counts[table.name] = connection.scalar(select(func.count()).select_from(table)) or 0
    return counts


def differences(connection: Connection) -> Iterator[str]:
    """Check D1: each total of a month equals the ledger's rows; says which does not, and by how much."""
    for table in _TABLES:
        in_one = connection.dialect.name == "postgresql"
        rows = connection.execute(text(_off(table))).mappings() if in_one else _off_by_accounts(connection, table)
        for row in rows:
            which = ", ".join(f"{name} {row[name]}" for name in _keys(table))
            for measure in _MEASURES[table]:
                if off := row[measure]:
                    much = f"{abs(off)} too {'little' if off > 0 else 'much'}"
                    yield f"{table.name}: {measure} of {which} is {much}; `python manage.py rebuild` makes it anew"


def _off(table: Table) -> str:
    """A SELECT of what is to be added to each total so that it equals the ledger's rows; equal ones are left out."""
    keys, measures = ", ".join(_keys(table)), _MEASURES[table]
    kept = ", ".join(f"-{measure} AS {measure}" for measure in measures)
    both = (
        f"SELECT {keys}, {', '.join(measures)} FROM ({_FOLLOWS[table]('postgresql')}) f "  # noqa: S608
        f"UNION ALL SELECT {keys}, {kept} FROM {table.name}"
    )
    named = ", ".join(f"{each} AS {name}" for each, name in zip(_each_sum(table), measures, strict=True))
    return f"SELECT {keys}, {named} FROM ({both}) r GROUP BY {keys} HAVING {_something(table)}"  # noqa: S608


def _off_by_accounts(connection: Connection, table: Table) -> Iterator[dict[str, Any]]:
    """The same on SQLite, where nobody else writes between one range of accounts and the next."""
    keys, measures = _keys(table), _MEASURES[table]
    columns = ", ".join((*keys, *measures))
    kept = f"SELECT {columns} FROM {table.name}"  # noqa: S608
    off = dict(counted(connection, f"SELECT {columns} FROM ({_FOLLOWS[table]('sqlite')}) f", len(keys)))  # noqa: S608
    for row in connection.execute(text(kept)):
        key = tuple(row[: len(keys)])
        off[key] = [a - b for a, b in zip(off.get(key) or [0] * len(measures), row[len(keys) :], strict=True)]
    for key, values in off.items():
        if any(values):
            yield dict(zip((*keys, *measures), (*key, *values), strict=True))


def _each_sum(table: Table) -> list[str]:
    return [f"CAST(sum({measure}) AS bigint)" for measure in _MEASURES[table]]


def _sums(table: Table) -> str:
    return ", ".join(_each_sum(table))


def _something(table: Table) -> str:
    return " OR ".join(f"sum({measure}) <> 0" for measure in _MEASURES[table])
