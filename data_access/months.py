"""The sums that are kept of months and of open items: making all of them anew, and checking them."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import Any

from sqlalchemy import Connection, func, select, text

from data_access import account_risks, account_totals, alert_marks, site_totals
from data_access.collection import collecting_rarely
from data_access.confinement import confine
from data_access.database import Database
from data_access.folding import fold_kept
from data_access.importers.bulk import insert_placed
from data_access.kept_sums import KEPT, Kept
from data_access.recount import recount
from data_access.recounted import Recount
from data_access.scope import Scope
from data_access.sums import Sums, ordinal

_AT_ONCE = 10_000  # sums that are read
_DAYS = ("day", "due_on")


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
    for kept in KEPT:
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
            fold_kept(connection, kept, everything=True)
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
    for kept in KEPT:
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
    named = ", ".join(f"{each} AS {name}" for each, name in zip(kept.each_sum, kept.measures, strict=True))
    return f"SELECT {kept.keys}, {named} FROM ({both}) r GROUP BY {kept.keys} HAVING {kept.something}"  # noqa: S608


def _off_counted(connection: Connection, kept: Kept, found: Recount) -> Iterator[list[tuple[Any, ...]]]:
    """The same from what was counted row by row: for a snapshot, or on SQLite, where nobody else writes in between. Some rows at a time."""
    sums: Sums = getattr(found, kept.table.name)
    keys = ", ".join(ordinal(connection.dialect.name, name) if name in _DAYS else name for name in kept.named)
    numbers = ", ".join(f"CAST({name} AS bigint)" for name in kept.measures)
    there = f"SELECT {keys}, {numbers} FROM ({kept.sums(kept.table.name, '1 = 1')}) r"  # noqa: S608
    for some in connection.execute(text(there), execution_options={"yield_per": _AT_ONCE}).partitions(_AT_ONCE):
        sums.take_away(some)
    yield from sums.left()
