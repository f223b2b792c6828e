"""Sessions: reading a snapshot, and writing in one transaction that carries its audit event."""

import os
import threading
from collections.abc import Callable, Generator, Hashable, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, TypeVar

import pysqlite3.dbapi2 as sqlite
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError
from tenacity import Retrying, retry_if_exception, stop_after_attempt, wait_random_exponential

from data_access.audit import Change, append
from data_access.confinement import confine
from data_access.engines import build_engines, build_watch, parse_url
from data_access.free_text import refuse_card_numbers, without_any
from data_access.interruption import began
from data_access.replica import replica_of
from data_access.scope import Scope

T = TypeVar("T")

ATTEMPTS = 12
# serialization_failure, deadlock_detected, lock_not_available
_TRANSIENT_STATES = frozenset({"40001", "40P01", "55P03"})
_MANY_ROWS = 1000
_SNAPSHOT = "SELECT pg_current_snapshot()::text"
# What the planner takes a table to hold; -1 for one that was never looked at.
_KNOWN_ROWS = text(
    "SELECT relname, reltuples FROM pg_class WHERE relname = ANY(CAST(:names AS text[])) AND pg_table_is_visible(oid)"
)
_TRANSIENT_SQLITE = frozenset({5, 6})  # SQLITE_BUSY, SQLITE_LOCKED


class UnauditedWriteError(RuntimeError):
    """A write wanted to commit without telling the audit trail; it was rolled back."""


class Writing:
    """One write transaction within a scope. `connection` runs SQL; `record` says what was done."""

    def __init__(self, connection: Connection, actor: str, at: datetime, scope: Scope) -> None:
        self.connection = connection
        self.actor = actor
        self.scope = scope
        self.at = at
        self.changes: list[Change] = []

    def record(
        self,
        action: str,
        entity: str,
        entity_id: int | None = None,
        *,
        site_id: int | None = None,
        before: Mapping[str, Any] | None = None,
        after: Mapping[str, Any] | None = None,
    ) -> None:
        """Add an audit event; it is numbered and written just before the commit.

        The trail can never be cleaned, so this is where the last card number is refused: CardNumberError.
        """
        refuse_card_numbers(self.connection, self.scope, after or {})
        self.changes.append(Change(action, entity, entity_id, site_id, without_any(before), after))


def utc_now() -> datetime:
    """The clock at the edge; tests pass their own."""
    return datetime.now(UTC)


class Database:
    """A shared ledger at `address` (sqlite:///file or postgresql://...). Safe to use from many threads.

    read_address: a replica of it, which becomes `replica`. Nothing reads there by itself.
    """

    def __init__(self, address: str, now: Callable[[], datetime] = utc_now, *, read_address: str | None = None) -> None:
        self.url = parse_url(address)
        self.replica = replica_of(self.url, read_address)
        self.dialect = self.url.get_backend_name()
        self.reader, self.writer = build_engines(self.url)
        self.writes = 0  # commits of this process so far
        self._now = now
        self._snapshots = build_watch(self.url) if self.dialect == "postgresql" else None
        self._watch: Any = None
        self._watch_lock = threading.Lock()

    @contextmanager
    def reading(self, scope: Scope, actor: str = "") -> Generator[Connection]:
        """A read-only connection on one snapshot: all reads inside see the same moment, and nothing outside `scope`.

        `actor` is who asks, where what they may see depends on it (their own imports). Raises without a Scope.
        """
        with self.reader.connect() as connection, connection.begin():
            confine(connection, scope, actor, reads=True)
            began(connection)
            yield connection

    def writing(self, actor: str, scope: Scope, work: Callable[[Writing], T]) -> T:
        """Run `work` in one transaction within `scope`, with its audit events, and return what it returned.

        Retried as a whole on busy, deadlock and serialization failure, so `work` must not act outside the database.
        Raises UnauditedWriteError (and keeps nothing) when `work` recorded no event.
        """
        retrying = Retrying(
            retry=retry_if_exception(is_transient),
            stop=stop_after_attempt(ATTEMPTS),
            wait=wait_random_exponential(multiplier=0.02, max=2),
            reraise=True,
        )
        return retrying(self._attempt, actor, scope, work)

    def _attempt(self, actor: str, scope: Scope, work: Callable[[Writing], T]) -> T:
        with self.writer.begin() as connection:
            confine(connection, scope, actor)
            writing = Writing(connection, actor, self._now(), scope)
            result = work(writing)
            if not writing.changes:
                raise UnauditedWriteError("a write must record what it changed")
            append(connection, actor, writing.at, writing.changes)
        self.writes += 1
        return result

    def gather_statistics(self, added: Mapping[str, int]) -> None:
        """After rows were `added` to tables: PostgreSQL plans by statistics, and autovacuum may come late.

        A table whose statistics would say the same again is left out. SQLite plans without.
        """
        if self.dialect == "postgresql":
            with self.writer.begin() as connection:
                confine(connection, Scope.all_sites())
                known = {row.relname: row.reltuples for row in connection.execute(_KNOWN_ROWS, {"names": list(added)})}
                grown = [name for name in sorted(added) if added[name] > max(_MANY_ROWS, known[name] / 10)]
                if grown:
                    connection.execute(text(f"ANALYZE {', '.join(grown)}"))

    def version(self) -> Hashable:
        """Changes with every commit by anyone. Equal versions mean equal data.

        PostgreSQL: the snapshot itself, which names the transactions that it can see. SQLite: the data version seen by
        one connection that never writes (so that even our own commits are somebody else's), and which file it is.
        """
        if self._snapshots is not None:
            told = _snapshot(self._snapshots)
            if told is not None:
                return told
            with self.reader.connect() as connection:  # which tries a connection out first, and says what is wrong
                return str(connection.scalar(text(_SNAPSHOT)))
        path = str(self.url.database)
        with self._watch_lock:
            inode = _inode(path)
            if self._watch is None or self._watch[0] != inode:
                if self._watch is not None:
                    self._watch[1].close()
                connection = sqlite.connect(path, check_same_thread=False)
                inode = _inode(path)
                self._watch = (inode, connection)
            row = self._watch[1].execute("PRAGMA data_version").fetchone()
            return (inode, row[0])

    def close(self) -> None:
        """Give all connections back."""
        self.reader.dispose()
        self.writer.dispose()
        if self._snapshots is not None:
            self._snapshots.dispose()
        if self.replica is not None:
            self.replica.close()
        with self._watch_lock:
            if self._watch is not None:
                self._watch[1].close()
                self._watch = None


def _inode(path: str) -> int:
    """Which file it is; 0 for none."""
    try:
        return os.stat(path).st_ino
    except (FileNotFoundError, NotADirectoryError):
        return 0


def _snapshot(engine: Engine) -> str | None:
    """None where the server does not answer, or hung up since the last time."""
    kept = None
    try:
        kept = engine.raw_connection()  # SQLAlchemy's own statements cost more than the answer
        return str(kept.cursor().execute(_SNAPSHOT).fetchone()[0])
    except engine.dialect.loaded_dbapi.Error:
        if kept is not None:
            kept.invalidate()
        return None
    finally:
        if kept is not None:
            kept.close()


def is_transient(error: BaseException) -> bool:
    """True for what a second try of the whole transaction may cure."""
    if not isinstance(error, DBAPIError) or error.orig is None:
        return False
    if getattr(error.orig, "sqlstate", None) in _TRANSIENT_STATES:
        return True
    # The primary code is the low byte; extended ones (a busy snapshot) share it.
    code = getattr(error.orig, "sqlite_errorcode", 0)
    return (code & 0xFF) in _TRANSIENT_SQLITE
