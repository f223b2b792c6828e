"""A streaming replica: reads that may be a moment old go there, and know how old they are.

Whether it will do is asked anew for each read, of both servers and of no clock but the primary's. The viewer's own
changes must be there: the numbers of the audit trail tell, since each change has its event, whichever process made it.
"""

import logging
import os
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine, Row, text
from sqlalchemy.engine import URL

from data_access.confinement import confine
from data_access.engines import DatabaseAddressError, build_replica, parse_url
from data_access.failures import DATABASE_FAILURES, reason_of
from data_access.scope import Scope

MOST_LAG_S = 10
PAUSE_S = 10  # after a failure the primary alone is asked for so long

log = logging.getLogger("duewatch")

# What a replica shows at least. Positions move with each record, also where pg_current_snapshot() does not: a server that
# recovers lists no running transactions.
_SHOWN = text("""
SELECT pg_is_in_recovery() AS follows, CAST(pg_last_wal_replay_lsn() AS text) AS position,
  pg_last_xact_replay_timestamp() AS at, coalesce((SELECT max(seq) FROM audit_log), 0) AS last_event
""")
# What the primary has beyond that.
_BEYOND = text("""
SELECT pg_current_wal_flush_lsn() <= CAST(:position AS pg_lsn) AS nothing,
  CAST(extract(epoch FROM clock_timestamp() - CAST(:at AS timestamptz)) AS double precision) AS lag_s,
  EXISTS (SELECT FROM audit_log WHERE seq > :last_event AND actor = :actor) AS own
""")


@dataclass(frozen=True, slots=True)
class Standing:
    """What a replica shows: all up to `position`, a place in the primary's log, and all committed `lag_s` seconds ago.

    lag_s: 0 where nothing was missing; None where nothing was ever replayed. own: a change of the asker's is missing.
    """

    position: str
    lag_s: float | None
    own: bool


class Replica:
    """The replica at `address` of a primary. Safe to use from many threads."""

    def __init__(self, address: str, most_lag_s: int, clock: Callable[[], float] = time.monotonic) -> None:
        self.url = parse_url(address, "DATABASE_READ_URL")
        if self.url.get_backend_name() != "postgresql":
            raise DatabaseAddressError("DATABASE_READ_URL names an SQLite file; only PostgreSQL has replicas")
        self.reader = build_replica(self.url)
        self.most_lag_s = most_lag_s
        self._clock = clock
        self._asked_again_at = 0.0

    @contextmanager
    def reading(self, scope: Scope, actor: str = "") -> Generator[Connection]:
        """As Database.reading, on the replica."""
        with self.reader.connect() as connection, connection.begin():
            confine(connection, scope, actor, reads=True)
            yield connection

    def standing(self, primary: Engine, actor: str) -> Standing | None:
        """How it stands for `actor`; None where what it names follows no primary. Raises what the databases raise."""
        shown = self._shown()
        return None if shown is None else _compared(primary, shown, actor)

    def serves(self, primary: Engine, actor: str) -> Standing | None:
        """The standing where `actor` may read there: it answers, lags little, and has what they changed themselves."""
        if self._clock() < self._asked_again_at:
            return None
        try:
            shown = self._shown()
        except DATABASE_FAILURES as error:
            self.failed(error)
            return None
        standing = None if shown is None else _compared(primary, shown, actor)
        if standing is None or standing.own or standing.lag_s is None or standing.lag_s > self.most_lag_s:
            return None
        return standing

    def _shown(self) -> Row[Any] | None:
        with self.reading(Scope.all_sites()) as connection:
            shown = connection.execute(_SHOWN).one()
        return shown if shown.follows and shown.position is not None else None

    def failed(self, error: BaseException) -> None:
        """It did not answer, or broke a read off: leave it alone for a while."""
        self._asked_again_at = self._clock() + PAUSE_S
        log.warning("the replica is left alone for %d seconds: %s", PAUSE_S, reason_of(error))

    def close(self) -> None:
        """Give all connections back."""
        self.reader.dispose()


def _compared(primary: Engine, shown: Row[Any], actor: str) -> Standing:
    with primary.connect() as connection, connection.begin():
        confine(connection, Scope.all_sites())
        asked = {"position": shown.position, "at": shown.at, "last_event": shown.last_event, "actor": actor}
        beyond = connection.execute(_BEYOND, asked).one()
    lag_s = 0.0 if beyond.nothing else None if beyond.lag_s is None else max(beyond.lag_s, 0.0)
    return Standing(shown.position, lag_s, beyond.own)


def replica_of(primary: URL, address: str | None) -> Replica | None:
    """The replica that `address` names, if it names one; raises DatabaseAddressError where `primary` can have none."""
    if address is None:
        return None
    if primary.get_backend_name() != "postgresql":
        raise DatabaseAddressError("DATABASE_READ_URL needs PostgreSQL in DATABASE_URL; an SQLite file has no replica")
    return Replica(address, most_lag_s())


def most_lag_s() -> int:
    """DATABASE_READ_LAG_S: a replica further behind is not read."""
    said = os.environ.get("DATABASE_READ_LAG_S") or str(MOST_LAG_S)
    if not said.isdecimal():
        raise DatabaseAddressError(f"DATABASE_READ_LAG_S is {said!r}; write whole seconds, such as {MOST_LAG_S}")
    return int(said)
