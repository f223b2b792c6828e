"""Other processes that work on the same ledger, one for each core: much of what is looked at is counted and judged in Python."""

import os
import signal
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from typing import TypeVar

from sqlalchemy import Connection, func, select

from data_access.database import Database
from data_access.schema import invoices
from data_access.scope import Scope

T = TypeVar("T")
R = TypeVar("R")
LARGE = 200_000  # bills
WORTH = 2_000  # accounts: judging them takes longer than starting a process
_there: list[Database] = []


def is_large(connection: Connection) -> bool:
    """Does looking through the ledger take minutes?"""
    return (connection.scalar(select(func.max(invoices.c.id))) or 0) > LARGE


def processes_for(database: Database) -> int:
    """How many are worth starting: one for each core where the ledger is large."""
    with database.reading(Scope.all_sites()) as connection:
        return (os.cpu_count() or 1) if is_large(connection) else 1


class EndedError(Exception):
    """One of the processes was ended, such as for its memory: whoever sent work there does it itself."""


@dataclass(frozen=True, slots=True)
class Processes:
    """So many of them."""

    number: int
    _pool: ProcessPoolExecutor

    def each(self, work: Callable[[Database, T], R], things: Iterable[T]) -> Iterator[R]:
        """What `work`, a function of a module, makes of each of `things`, in their order. Raises EndedError."""
        try:
            yield from self._pool.map(partial(_do, work), things)
        except BrokenProcessPool as error:
            raise EndedError from error


@contextmanager
def at_hand(database: Database, number: int) -> Generator[Processes | None]:
    """`number` of them; None where one is enough, or this machine lets the program start none."""
    pool = _spawned(database, number) if number > 1 else None
    if pool is None:
        yield None
        return
    with pool:
        yield Processes(number, pool)


def _spawned(database: Database, number: int) -> ProcessPoolExecutor | None:
    """Not forked: a fork would have this process's connections."""
    address = database.url.render_as_string(hide_password=False)
    try:
        return ProcessPoolExecutor(number, get_context("spawn"), initializer=_begin, initargs=(address,))
    except (OSError, ImportError, NotImplementedError):  # no semaphores, as in some containers
        return None


def _begin(address: str) -> None:
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # who stops the command stops it without a word from here
    _there.append(Database(address))


def _do(work: Callable[[Database, T], R], thing: T) -> R:
    return work(_there[0], thing)
