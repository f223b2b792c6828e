"""Migrated PostgreSQL databases, handed from test to test: making one costs more than most tests.

After a test its rows are deleted; a database whose triggers, constraints or functions a test has changed is dropped.
"""

from collections.abc import Generator
from contextlib import ExitStack, contextmanager

import psycopg
from sqlalchemy.engine import make_url

from data_access.database import Database
from data_access.migrate import upgrade
from data_access.queries import habits
from data_access.schema import metadata
from tests.postgres import PostgresServer

_SHAPE = """
SELECT md5(string_agg(thing, '|' ORDER BY thing)) FROM (
  SELECT 'trigger ' || tgenabled::text || CASE WHEN tgisinternal THEN '' ELSE pg_get_triggerdef(oid) END AS thing
    FROM pg_trigger
  UNION ALL SELECT 'constraint ' || conname || conrelid::regclass || pg_get_constraintdef(oid) FROM pg_constraint
  UNION ALL SELECT 'relation ' || relname || relkind::text FROM pg_class WHERE relnamespace = 'public'::regnamespace
  UNION ALL SELECT 'function ' || proname || prosrc FROM pg_proc WHERE pronamespace = 'public'::regnamespace
) things
"""


class PostgresLedgers:
    """Lends databases that have the schema and no rows. The server's user must be a superuser."""

    def __init__(self, server: PostgresServer) -> None:
        self._server = server
        self._template: str | None = None  # migrated once; nobody is lent it
        self._free: list[str] = []
        self._made = ExitStack()

    @contextmanager
    def lent(self) -> Generator[str]:
        """The address of one."""
        url = self._free.pop() if self._free else self._make()
        yield url
        if self._clean(url):
            self._free.append(url)

    def close(self) -> None:
        """Drop them all."""
        self._made.close()

    def _make(self) -> str:
        if self._template is None:
            self._template = self._made.enter_context(self._server.new_database())
            database = Database(self._template)
            upgrade(database)
            database.close()
            with psycopg.connect(self._template) as connection:
                self._shape = connection.execute(_SHAPE).fetchone()
        return self._made.enter_context(self._server.new_database(str(make_url(self._template).database)))

    def _clean(self, url: str) -> bool:
        """Delete every row; False when a test has changed more than rows."""
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
            if connection.execute(_SHAPE).fetchone() != self._shape:
                return False
            connection.execute("SET session_replication_role = replica")
            connection.execute("; ".join(f"DELETE FROM {table}" for table in metadata.tables))
            connection.execute("SELECT setval(oid::regclass, 1, false) FROM pg_class WHERE relkind = 'S'")
        habits.forget()  # the next ledger may have as many rows, with the same ids
        return True
