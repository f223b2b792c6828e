"""The checks of a ledger, some at a time: by threads, and where it is large by processes, since much is counted in Python."""

import os
import signal
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from functools import partial
from multiprocessing import get_context

from sqlalchemy import Connection, func, select

from data_access.database import Database
from data_access.schema import invoices
from data_access.scope import Scope

LARGE = 200_000  # bills
_THREADS = 3  # so that a database has work while Python counts
_MAPPED = 2**31 - 2**16  # bytes of an SQLite file that are read without copying; it takes no more
Look = Callable[[Connection, int], list[str]]  # the findings of the check with that number


def is_large(connection: Connection) -> bool:
    """Does looking through the ledger take minutes?"""
    return (connection.scalar(select(func.max(invoices.c.id))) or 0) > LARGE


def processes_for(database: Database) -> int:
    """How many are worth starting: one for each core where the ledger is large."""
    with database.reading(Scope.all_sites()) as connection:
        return (os.cpu_count() or 1) if is_large(connection) else 1


def findings_each(database: Database, look: Look, checks: int, processes: int) -> Sequence[list[str]]:
    """What `look` finds by each of so many checks, each on one snapshot of its own. With `processes` above 1 it is sent there."""
    numbers = range(checks)
    if processes > 1:
        # Ended processes, such as for their memory: threads need less.
        with suppress(BrokenProcessPool, NoProcessesError), _spawned(database, min(processes, checks)) as pool:
            return list(pool.map(partial(_look_there, look), numbers))
    with ThreadPoolExecutor(_THREADS) as pool:
        return list(pool.map(partial(look_at, database, look), numbers))


class NoProcessesError(Exception):
    """This machine lets the program start none."""


def _spawned(database: Database, processes: int) -> ProcessPoolExecutor:
    """Not forked: a fork would have this process's connections."""
    address = database.url.render_as_string(hide_password=False)
    try:
        return ProcessPoolExecutor(processes, get_context("spawn"), initializer=_begin, initargs=(address,))
    except (OSError, ImportError, NotImplementedError) as error:  # no semaphores, as in some containers
        raise NoProcessesError from error


def look_at(database: Database, look: Look, number: int) -> list[str]:
    """One of them."""
    with database.reading(Scope.all_sites()) as connection:
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql(f"PRAGMA mmap_size = {_MAPPED}")
        return look(connection, number)


_there: list[Database] = []


def _begin(address: str) -> None:
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # who stops the command stops it without a word from here
    _there.append(Database(address))


def _look_there(look: Look, number: int) -> list[str]:
    return look_at(_there[0], look, number)
