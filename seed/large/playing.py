"""Histories of all accounts, some hundred at a time: where they are many, another process plays while this one writes."""

import signal
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from multiprocessing import get_context
from multiprocessing.connection import Connection as Pipe
from typing import TypeVar

from data_access.collection import collecting_rarely
from seed.large.bulk import Packed, packed
from seed.large.columns import COLUMNS
from seed.large.histories import Histories, Rows
from seed.large.tenant import Tenant

MANY = 2_000  # accounts: playing them takes longer than starting a process
_AT_ONCE = 250  # accounts

T = TypeVar("T")
Take = Callable[[dict[str, Packed]], None]  # is given the rows of some accounts by table


@dataclass(frozen=True, slots=True)
class Sums:
    """What all histories come to. statements: ids by currency and month; movements: minor units by statement; brought: rows."""

    statements: dict[tuple[str, str], int]
    movements: Counter[int]
    brought: int


def play_all(tenant: Tenant, dialect: str, take: Take) -> Sums:
    """Give `take` the rows of all accounts in order; the same whoever plays them."""
    with collecting_rarely():
        return _play(tenant, dialect, take) if tenant.accounts <= MANY else _have_played(tenant, dialect, take)


def by_some(things: Iterable[T], number: int) -> Iterator[list[T]]:
    """`things` by so many at a time."""
    left = iter(things)
    while some := list(islice(left, number)):
        yield some


def _have_played(tenant: Tenant, dialect: str, take: Take) -> Sums:
    here, there = (context := get_context("spawn")).Pipe(duplex=False)
    player = context.Process(target=_play_there, args=(tenant, dialect, there), daemon=True)
    player.start()
    there.close()  # so that its end is the player's
    try:
        while True:
            what = here.recv()
            if isinstance(what, Sums):
                return what
            take(what)
    except EOFError as error:
        raise RuntimeError("the process that plays the histories has ended") from error
    finally:
        here.close()
        player.terminate()
        player.join()


def _play(tenant: Tenant, dialect: str, take: Take) -> Sums:
    histories = Histories(tenant)
    for accounts in by_some(tenant.each_account(), _AT_ONCE):
        rows: Rows = {table: [] for table in COLUMNS}
        for account in accounts:
            for table, more in histories.play(account).items():
                rows[table] += more
        take({table: packed(dialect, some) for table, some in rows.items()})
    return Sums(histories.statements, histories.movements, histories.brought)


def _play_there(tenant: Tenant, dialect: str, pipe: Pipe) -> None:
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # who stops the command stops it without a word from here
    with collecting_rarely(), suppress(BrokenPipeError):  # who asked was ended
        pipe.send(_play(tenant, dialect, pipe.send))
