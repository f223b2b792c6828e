"""Engines for the two databases, with what each needs to be safe: pragmas, BEGIN IMMEDIATE, read-only readers."""

import os
from pathlib import Path
from typing import Any

import pysqlite3.dbapi2 as sqlite
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

BUSY_TIMEOUT_MS = 30_000
READERS = 5  # a small pool, shared among sessions: each SQLite connection keeps its own page cache
MOST_CONNECTIONS = 100
# A replica that does not answer must not hold a page up: the primary has the rows too.
REPLICA_PATIENCE = {"connect_timeout": 2, "tcp_user_timeout": 5000}
# 3.51.3 is the first release in which resetting the write-ahead log cannot corrupt the file.
SAFE_SQLITE = (3, 51, 3)


class DatabaseAddressError(ValueError):
    """DATABASE_URL does not name a database that Duewatch can use."""


def parse_url(address: str, variable: str = "DATABASE_URL") -> URL:
    """The URL of an SQLite file or of PostgreSQL; raises DatabaseAddressError with what to write instead in `variable`."""
    try:
        url = make_url(address)
    except (ArgumentError, ValueError):  # ValueError: a port that is no number
        # Not from the error: it quotes a part of the address, which may be the password.
        raise DatabaseAddressError(
            f"{variable} is not a database address; write sqlite:///path/to/file.db or postgresql://user@host/name, "
            "with / : @ and % of a password as %2F %3A %40 and %25"
        ) from None
    if url.drivername in ("postgres", "postgresql", "postgresql+psycopg"):
        return url.set(drivername="postgresql+psycopg")
    if url.drivername in ("sqlite", "sqlite+pysqlite"):
        if not url.database or url.database == ":memory:":
            raise DatabaseAddressError("an in-memory database cannot be shared; write sqlite:///path/to/file.db")
        return url.set(drivername="sqlite+pysqlite")
    raise DatabaseAddressError(f"{url.drivername} is not supported; use sqlite:///path/to/file.db or postgresql://...")


def build_engines(url: URL) -> tuple[Engine, Engine]:
    """(reader, writer). The reader cannot write; the writer's transactions take the write lock when they begin."""
    if url.get_backend_name() == "sqlite":
        folder = Path(str(url.database)).parent
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise DatabaseAddressError(f"the folder {folder} cannot be used: {error.strerror}") from error
        return _sqlite(url, writes=False), _sqlite(url, writes=True)
    engine = _postgresql(url)
    return _read_only(engine), engine


def build_replica(url: URL) -> Engine:
    """The reader of a replica of PostgreSQL."""
    return _read_only(_postgresql(url, **REPLICA_PATIENCE))


def build_watch(url: URL) -> Engine:
    """One connection to PostgreSQL for a question that each run of a page asks: without a transaction, and not tried out before."""
    return create_engine(
        url, pool_size=1, max_overflow=0, pool_reset_on_return=None, connect_args=_connecting(autocommit=True)
    )


def _postgresql(url: URL, **connecting: Any) -> Engine:
    keeps = pool_size()
    options: dict[str, Any] = {
        "pool_pre_ping": True,
        "pool_size": keeps,
        "max_overflow": keeps,
        "hide_parameters": True,  # an error that is logged does not repeat what somebody typed
        "connect_args": _connecting(**connecting),
    }
    return create_engine(url, **options)


def _connecting(**connecting: Any) -> dict[str, Any]:
    # A statement that was prepared on one connection of the pooler is not there on the next.
    return connecting | ({"prepare_threshold": None} if behind_pooler() else {})


def _read_only(engine: Engine) -> Engine:
    return engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)


def pool_size() -> int:
    """DATABASE_POOL: connections that a process keeps to each PostgreSQL server; it opens as many again when all are busy."""
    said = os.environ.get("DATABASE_POOL") or str(READERS)
    if not said.isdecimal() or not 1 <= int(said) <= MOST_CONNECTIONS:
        raise DatabaseAddressError(
            f"DATABASE_POOL is {said!r}; write a number of connections from 1 to {MOST_CONNECTIONS}"
        )
    return int(said)


def behind_pooler() -> bool:
    """DATABASE_POOLER=transaction: a pooler such as PgBouncer hands out another connection for each transaction."""
    said = os.environ.get("DATABASE_POOLER", "")
    if said not in ("", "session", "transaction"):
        raise DatabaseAddressError(
            f"DATABASE_POOLER is {said!r}; write transaction or session, as the pooler's pool_mode says"
        )
    return said == "transaction"


def _sqlite(url: URL, *, writes: bool) -> Engine:
    engine = create_engine(
        url,
        module=sqlite,
        hide_parameters=True,  # an error's text, which is logged, keeps its statement and loses whose row it was
        pool_size=1 if writes else READERS,
        max_overflow=0,
        pool_timeout=BUSY_TIMEOUT_MS / 1000,
        # Only the pool hands a connection from thread to thread, one at a time.
        connect_args={"check_same_thread": False, "timeout": BUSY_TIMEOUT_MS / 1000},
    )

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # SQLAlchemy says BEGIN, not the driver
        cursor = connection.cursor()
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            "recursive_triggers=ON",
            f"busy_timeout={BUSY_TIMEOUT_MS}",
            "trusted_schema=OFF",
            *(() if writes else ("query_only=ON",)),
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine
