"""The sums that are kept of months and of open items: adding up what has come in, making all anew, and checking them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from operator import add, sub
from typing import Any

from sqlalchemy import Connection, Table, func, select, text

from data_access import account_totals, alert_marks
from data_access.by_accounts import counted
from data_access.collection import collecting_rarely
from data_access.confinement import confine
from data_access.database import Database
from data_access.migrations.triggers import months_0014, months_0020, open_0016
from data_access.schema import month_payments, month_totals, open_totals
from data_access.scope import Scope


@dataclass(frozen=True, slots=True)
class Kept:
    """A table of sums: what it counts, and a SELECT of what it should hold, for a dialect.

    `for_good`: it also has sums of all months together, without a month, and what came in belongs to several of its sums.
    """

    table: Table
    measures: tuple[str, ...]
    follows: Callable[[str], str]
    for_good: bool = False

    @property
    def keys(self) -> str:
        """What it counts by."""
        return ", ".join(self.named)

    @property
    def named(self) -> list[str]:
        """The same, one by one."""
        return [c.name for c in self.table.columns if c.name not in ("id", "account_id", "site_id", *self.measures)]

    def sums(self, source: str, where: str) -> str:
        """A SELECT of the sums that the rows of `source` belong to."""
        rows = f"SELECT {self.keys}, {', '.join(self.measures)} FROM {source} WHERE {where}"  # noqa: S608
        if not self.for_good:
            return rows
        return f"{rows} AND account_id IS NULL UNION ALL {open_0016.spread(f'{rows} AND account_id IS NOT NULL')}"

    def taken(self) -> str:
        """The condition for the rows that are added up when some came in."""
        moved = f"month IN (SELECT DISTINCT month FROM {self.table.name} WHERE account_id IS NOT NULL)"  # noqa: S608
        return f"(month IS NULL OR {moved})" if self.for_good else moved


SUMS = ("month_totals", "month_payments", "open_totals", "account_totals")
_MANY = 1_000  # rows: a millisecond of a read
_AT_ONCE = 10_000  # sums that are written

_KEPT = (
    Kept(month_totals, months_0020.MEASURES, months_0020.every_total),
    Kept(month_payments, months_0014.PAYMENT_MEASURES, months_0014.every_payment),
    Kept(open_totals, open_0016.MEASURES, open_0016.every_sum, for_good=True),
)


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
        for kept in _KEPT:
            t = kept.table.c
            if connection.scalar(select(t.id).where(t.account_id.is_not(None)).offset(at_least - 1).limit(1)):
                _fold(connection, kept, kept.taken())


def _fold(connection: Connection, kept: Kept, taken: str) -> None:
    name = kept.table.name
    into = f"INSERT INTO {name} ({kept.keys}, {', '.join(kept.measures)}) SELECT {kept.keys}, {_sums(kept)} FROM"
    grouped = f"GROUP BY {kept.keys} HAVING {_something(kept)}"
    if connection.dialect.name == "postgresql":  # one statement, so that it adds up what it takes away and nothing else
        gone = f"WITH gone AS (DELETE FROM {name} WHERE {taken} RETURNING *)"  # noqa: S608
        if kept.for_good:
            gone = f"{gone}, {account_totals.beside('gone')}, {alert_marks.beside('gone')}"
        connection.execute(text(f"{gone} {into} ({kept.sums('gone', 'true')}) r {grouped}"))
        return
    if kept.for_good:
        account_totals.take_moves(connection)
        alert_marks.take_moves(connection)
    newest = connection.scalar(select(func.coalesce(func.max(kept.table.c.id), 0)))
    old = f"id <= {newest} AND {taken}"
    connection.execute(text(f"{into} ({kept.sums(name, old)}) r {grouped}"))
    connection.execute(text(f"DELETE FROM {name} WHERE {old}"))  # noqa: S608


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
    for kept in _KEPT:
        name, columns = kept.table.name, (*kept.named, *kept.measures)
        into = f"INSERT INTO {name} ({', '.join(columns)})"
        if connection.dialect.name == "postgresql":  # one rebuild at a time; not in the way of rows that come in
            connection.execute(text(f"LOCK TABLE {name} IN SHARE UPDATE EXCLUSIVE MODE"))
            connection.execute(text(f"{into} {_off(kept)}"))
        else:
            off = _off_by_accounts(connection, kept)
            while some := list(islice(off, _AT_ONCE)):
                connection.execute(text(f"{into} VALUES ({', '.join(f':{column}' for column in columns)})"), some)
        _fold(connection, kept, "1 = 1")
        counts[name] = connection.scalar(select(func.count()).select_from(kept.table)) or 0
    alert_marks.begin_anew(connection)
    return counts | {"account_totals": account_totals.rebuild_within(connection)}


def differences(connection: Connection) -> Iterator[str]:
    """Check D1: each sum equals the ledger's rows; says which does not, and by how much."""
    for kept in _KEPT:
        in_one = connection.dialect.name == "postgresql" and not kept.for_good  # those it would sort on disk
        rows = connection.execute(text(_off(kept))).mappings() if in_one else _off_by_accounts(connection, kept)
        for row in rows:
            which = ", ".join(f"{name} {row[name]}" for name in kept.named if row[name] is not None)
            for measure in kept.measures:
                if off := row[measure]:
                    much = f"{abs(off)} too {'little' if off > 0 else 'much'}"
                    yield f"{kept.table.name}: {measure} of {which} is {much}; `python manage.py rebuild` makes it anew"
    yield from account_totals.differences(connection)


def _off(kept: Kept) -> str:
    """A SELECT of what is to be added to each sum so that it equals the ledger's rows; equal ones are left out."""
    there = ", ".join(f"-{measure} AS {measure}" for measure in kept.measures)
    both = (
        f"SELECT {kept.keys}, {', '.join(kept.measures)} FROM ({kept.follows('postgresql')}) f "  # noqa: S608
        f"UNION ALL SELECT {kept.keys}, {there} FROM ({kept.sums(kept.table.name, '1 = 1')}) k"
    )
    named = ", ".join(f"{each} AS {name}" for each, name in zip(_each_sum(kept), kept.measures, strict=True))
    return f"SELECT {kept.keys}, {named} FROM ({both}) r GROUP BY {kept.keys} HAVING {_something(kept)}"  # noqa: S608


def _off_by_accounts(connection: Connection, kept: Kept) -> Iterator[dict[str, Any]]:
    """The same, some accounts at a time: for a snapshot, or on SQLite, where nobody else writes in between."""
    dialect = connection.dialect.name
    keys, measures = kept.named, kept.measures
    columns = ", ".join((*keys, *measures))
    follows = f"SELECT {columns} FROM ({open_0016.by_month(dialect) if kept.for_good else kept.follows(dialect)}) f"  # noqa: S608
    nothing = (0,) * len(measures)
    with collecting_rarely():
        off = dict(counted(connection, follows, len(keys)))
        if kept.for_good:
            at, day = keys.index("month"), keys.index("day")
            for key, values in [each for each in off.items() if each[0][day] is None]:
                whole = (*key[:at], None, *key[at + 1 :])
                off[whole] = tuple(map(add, off.get(whole, nothing), values))
        for row in connection.execute(text(kept.sums(kept.table.name, "1 = 1"))):
            key = row[: len(keys)]
            off[key] = tuple(map(sub, off.get(key, nothing), row[len(keys) :]))
    for key, values in off.items():
        if any(values):
            yield dict(zip((*keys, *measures), (*key, *values), strict=True))


def _each_sum(kept: Kept) -> list[str]:
    return [f"CAST(sum({measure}) AS bigint)" for measure in kept.measures]


def _sums(kept: Kept) -> str:
    return ", ".join(_each_sum(kept))


def _something(kept: Kept) -> str:
    return " OR ".join(f"sum({measure}) <> 0" for measure in kept.measures)
