"""The sums that are kept of months and of open items: adding up what has come in, making all anew, and checking them."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from types import ModuleType
from typing import Any

from sqlalchemy import Connection, Table, func, select, text

from data_access import account_risks, account_totals, alert_marks, site_totals
from data_access.collection import collecting_rarely
from data_access.confinement import confine
from data_access.database import Database
from data_access.importers.bulk import insert_placed
from data_access.migrations.triggers import calls_0040, months_0014, months_0020, open_0016
from data_access.recount import recount
from data_access.recounted import Recount
from data_access.schema import call_days, month_payments, month_totals, open_totals
from data_access.scope import Scope
from data_access.sums import Sums, ordinal


@dataclass(frozen=True, slots=True)
class Kept:
    """A table of sums: what it counts, and a SELECT of what it should hold, for a dialect.

    `for_good`: it also has sums of all months together, without a month, and what came in belongs to several of its sums.
    `along`: the modules of what else the same moves belong to, or are told to. `recounted`: recount counts it row by row; else the
    database counts it by itself, since no rule is needed for it.
    """

    table: Table
    measures: tuple[str, ...]
    follows: Callable[[str], str]
    for_good: bool = False
    along: tuple[ModuleType, ...] = ()
    recounted: bool = True

    @property
    def keys(self) -> str:
        """What it counts by."""
        return ", ".join(self.named)

    @property
    def named(self) -> list[str]:
        """The same, one by one."""
        return [c.name for c in self.table.columns if c.name not in ("id", "account_id", "site_id", *self.measures)]

    @property
    def columns(self) -> tuple[str, ...]:
        """What it counts by, and what it counts."""
        return (*self.named, *self.measures)

    def sums(self, source: str, where: str) -> str:
        """A SELECT of the sums that the rows of `source` belong to."""
        rows = f"SELECT {self.keys}, {', '.join(self.measures)} FROM {source} WHERE {where}"  # noqa: S608
        if not self.for_good:
            return rows
        return f"{rows} AND account_id IS NULL UNION ALL {open_0016.spread(f'{rows} AND account_id IS NOT NULL')}"

    @property
    def own(self) -> str:
        """Its keys as one row to compare: nothing equals nothing."""
        return ", ".join(f"coalesce({name}, {_NONE[name]})" if name in _NONE else name for name in self.named)


SUMS = ("month_totals", "month_payments", "open_totals", "account_totals", "site_totals", "call_days")
_MANY = 1_000  # rows: a millisecond of a read
_MOVES_AT_ONCE = 50_000  # on SQLite, which sorts in memory
_AT_ONCE = 10_000  # sums that are read
_DAYS = ("day", "due_on")
_NONE = {
    "month": "''",
    "day": "'infinity'",
    "due_on": "'infinity'",
    "region": "''",
    "vendor_id": "0",
    "service_type": "''",
}
# The planner cannot know how many came in, and takes them to be none: to look for each in all sums would take minutes.
_BY_HASH = text("SELECT set_config('enable_nestloop', 'off', true), set_config('enable_mergejoin', 'off', true)")

_KEPT = (
    Kept(month_totals, months_0020.MEASURES, months_0020.every_total, along=(site_totals,)),
    Kept(month_payments, months_0014.PAYMENT_MEASURES, months_0014.every_payment),
    Kept(
        open_totals,
        open_0016.MEASURES,
        open_0016.every_sum,
        for_good=True,
        along=(account_totals, account_risks, alert_marks),
    ),
    Kept(call_days, calls_0040.MEASURES, calls_0040.every_day, recounted=False),
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
                _fold(connection, kept)
        alert_marks.thin_out(connection, at_least)


def _fold(connection: Connection, kept: Kept, *, everything: bool = False) -> None:
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
    return f"INSERT INTO {kept.table.name} ({columns}) SELECT {kept.keys}, {_sums(kept)} FROM"


def _grouped(kept: Kept) -> str:
    return f"GROUP BY {kept.keys} HAVING {_something(kept)}"


def rebuild(database: Database) -> dict[str, int]:
    """Make all of it anew from the ledger's rows; returns the rows of each table."""
    with database.writer.begin() as connection:
        confine(connection, Scope.all_sites())
        return rebuild_within(connection)


def rebuild_within(connection: Connection, *, alone: bool = False) -> dict[str, int]:
    """The same in a transaction that sees every site.

    It adds what is missing and takes away what is too much, as one statement sees them, and so needs no writer to wait. Where it is
    `alone`, as always on SQLite, nobody else writes meanwhile, and each row of the ledger is read once for all sums.
    """
    alone = alone or connection.dialect.name == "sqlite"
    with collecting_rarely():
        return _rebuilt(connection, alone=alone)


def _rebuilt(connection: Connection, *, alone: bool) -> dict[str, int]:
    counts = {}
    found = recount(connection, lambda *some: site_totals.mend(connection, *some)) if alone else None
    for kept in _KEPT:
        name = kept.table.name
        some_before = connection.scalar(select(kept.table.c.id).limit(1)) is not None
        if found is None or not kept.recounted:
            if connection.dialect.name == "postgresql":  # one rebuild at a time; not in the way of rows that come in
                connection.execute(text(f"LOCK TABLE {name} IN SHARE UPDATE EXCLUSIVE MODE"))
            off = _off(kept, connection.dialect.name)
            connection.execute(text(f"INSERT INTO {name} ({', '.join(kept.columns)}) {off}"))
        else:
            for some in _off_counted(connection, kept, found):
                insert_placed(connection, kept.table, kept.columns, some)
        if some_before:  # else there is one row of each sum
            _fold(connection, kept, everything=True)
        counts[name] = connection.scalar(select(func.count()).select_from(kept.table)) or 0
    account_risks.mark_all(connection)
    alert_marks.begin_anew(connection)
    counts[account_totals.NAME] = account_totals.rebuild_within(connection)
    counts[site_totals.NAME] = site_totals.rebuild_within(connection, mended=alone)
    return counts


def differences(connection: Connection) -> Iterator[str]:
    """Check D1: each sum equals the ledger's rows; says which does not, and by how much."""
    of_sites: list[str] = []
    found = recount(connection, lambda *some: of_sites.extend(site_totals.differences(connection, *some)))
    for kept in _KEPT:
        for values in _wrong(connection, kept, found):
            row = dict(zip(kept.columns, values, strict=True))
            which = ", ".join(f"{name} {row[name]}" for name in kept.named if row[name] is not None)
            for measure in kept.measures:
                if off := row[measure]:
                    much = f"{abs(off)} too {'little' if off > 0 else 'much'}"
                    yield f"{kept.table.name}: {measure} of {which} is {much}; `python manage.py rebuild` makes it anew"
    yield from of_sites
    yield from account_totals.differences(connection)


def _wrong(connection: Connection, kept: Kept, found: Recount) -> Iterable[Sequence[Any]]:
    if kept.recounted:
        return chain.from_iterable(_off_counted(connection, kept, found))
    return connection.execute(text(_off(kept, connection.dialect.name)))


def _off(kept: Kept, dialect: str) -> str:
    """A SELECT of what is to be added to each sum so that it equals the ledger's rows; equal ones are left out."""
    there = ", ".join(f"-{measure} AS {measure}" for measure in kept.measures)
    both = (
        f"SELECT {kept.keys}, {', '.join(kept.measures)} FROM ({kept.follows(dialect)}) f "  # noqa: S608
        f"UNION ALL SELECT {kept.keys}, {there} FROM ({kept.sums(kept.table.name, '1 = 1')}) k"
    )
    named = ", ".join(f"{each} AS {name}" for each, name in zip(_each_sum(kept), kept.measures, strict=True))
    return f"SELECT {kept.keys}, {named} FROM ({both}) r GROUP BY {kept.keys} HAVING {_something(kept)}"  # noqa: S608


def _off_counted(connection: Connection, kept: Kept, found: Recount) -> Iterator[list[tuple[Any, ...]]]:
    """The same from what was counted row by row: for a snapshot, or on SQLite, where nobody else writes in between. Some rows at a time."""
    sums: Sums = getattr(found, kept.table.name)
    keys = ", ".join(ordinal(connection.dialect.name, name) if name in _DAYS else name for name in kept.named)
    numbers = ", ".join(f"CAST({name} AS bigint)" for name in kept.measures)
    there = f"SELECT {keys}, {numbers} FROM ({kept.sums(kept.table.name, '1 = 1')}) r"  # noqa: S608
    for some in connection.execute(text(there), execution_options={"yield_per": _AT_ONCE}).partitions(_AT_ONCE):
        sums.take_away(some)
    yield from sums.left()


def _each_sum(kept: Kept) -> list[str]:
    return [f"CAST(sum({measure}) AS bigint)" for measure in kept.measures]


def _sums(kept: Kept) -> str:
    return ", ".join(_each_sum(kept))


def _something(kept: Kept) -> str:
    return " OR ".join(f"sum({measure}) <> 0" for measure in kept.measures)
