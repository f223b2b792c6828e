"""The checks of a ledger, some at a time: by threads, and where it is large by processes, since much is counted in Python."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial

from sqlalchemy import Connection

from data_access.collection import collecting_rarely
from data_access.database import Database
from data_access.processes import EndedError, at_hand
from data_access.scope import Scope

_THREADS = 3  # so that a database has work while Python counts
_MAPPED = 2**31 - 2**16  # bytes of an SQLite file that are read without copying; it takes no more
# Whole indexes are walked, in their order: with what a page's read supposes, PostgreSQL would sort the tables instead.
_WHOLE = "SET LOCAL random_page_cost = 1.1"
Look = Callable[[Connection, int], list[str]]  # the findings of the check with that number


def findings_each(database: Database, look: Look, checks: int, processes: int) -> Sequence[list[str]]:
    """What `look` finds by each of so many checks, each on one snapshot of its own. With `processes` above 1 it is sent there."""
    numbers = range(checks)
    with at_hand(database, min(processes, checks)) as others:
        if others is not None:
            with suppress(EndedError):  # threads need less
                return list(others.each(partial(look_at, look), numbers))
    with ThreadPoolExecutor(_THREADS) as pool:
        return list(pool.map(partial(look_at, look, database), numbers))


def look_at(look: Look, database: Database, number: int) -> list[str]:
    """One of them."""
    with collecting_rarely(), database.reading(Scope.all_sites()) as connection:
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql(f"PRAGMA mmap_size = {_MAPPED}")
        else:
            connection.exec_driver_sql(_WHOLE)
        return look(connection, number)
