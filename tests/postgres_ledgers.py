"""Migrated PostgreSQL databases, handed from test to test: making one costs more than most tests.

After a test its rows are deleted; a database whose triggers, constraints or functions a test has changed is dropped, and so
is one through which so many rows went that what is left of them would slow the next tests down.
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
from tests.warm_connections import WarmConnections

_SHAPE = """
SELECT md5(string_agg(thing, '|' ORDER BY thing)) FROM (
  SELECT 'trigger ' || tgenabled::text || CASE WHEN tgisinternal THEN '' ELSE pg_get_triggerdef(oid) END AS thing
    FROM pg_trigger
  UNION ALL SELECT 'constraint ' || conname || conrelid::regclass || pg_get_constraintdef(oid) FROM pg_constraint
  UNION ALL SELECT 'relation ' || relname || relkind::text FROM pg_class WHERE relnamespace = 'public'::regnamespace
  UNION ALL SELECT 'function ' || proname || prosrc FROM pg_proc WHERE pronamespace = 'public'::regnamespace
) things
"""
# Cheaper: which versions of the catalogs' rows are there. The same versions are the same shape.
_VERSIONS = " UNION ALL ".join(
    f"SELECT md5(string_agg(oid || ':' || xmin, ',' ORDER BY oid)) FROM {catalog}"
    for catalog in (
        "pg_trigger",
        "pg_constraint",
        "pg_class WHERE relnamespace = 'public'::regnamespace",
        "pg_proc WHERE pronamespace = 'public'::regnamespace",
    )
)
_MOST_ROWS = 20_000


class _Caretaker:
    """A connection to one of the databases that stays open from test to test, as its server process knows every table by then."""

    def __init__(self, url: str) -> None:
        self._connection = psycopg.connect(url, autocommit=True)
        self._connection.execute("SET session_replication_role = replica")
        deleting = "\n".join(
            f"DELETE FROM {table}; GET DIAGNOSTICS gone = ROW_COUNT; whole := whole + gone;"
            for table in metadata.tables
        )
        # In the session's own schema, which no shape tells of. Its statements are planned once.
        self._connection.execute(f"""
            CREATE FUNCTION pg_temp.emptied() RETURNS bigint LANGUAGE plpgsql AS $$
            DECLARE gone bigint; whole bigint := 0;
            BEGIN
              {deleting}
              PERFORM setval(oid::regclass, 1, false) FROM pg_class WHERE relkind = 'S';
              RETURN whole;
            END $$""")
        self._deleted = 0
        self._versions: list[tuple[str]] = []

    def close(self) -> None:
        self._connection.close()

    def is_as_made(self, shape: object) -> bool:
        """Has the database that shape still?"""
        versions = self._connection.execute(_VERSIONS).fetchall()
        if versions != self._versions and self._connection.execute(_SHAPE).fetchone() != shape:
            return False
        self._versions = versions
        return True

    def end_others(self, but: list[int]) -> None:
        """End the other server processes that are connected to it."""
        self._connection.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid() AND pid <> ALL(%s::int[])",
            (but,),
        )

    def empty(self) -> bool:
        """Delete every row; False once there were too many."""
        self._deleted += self._connection.execute("SELECT pg_temp.emptied()").fetchone()[0]
        return self._deleted < _MOST_ROWS


class PostgresLedgers:
    """Lends databases that have the schema and no rows. The server's user must be a superuser.

    `connections` to them stay open from test to test.
    """

    def __init__(self, server: PostgresServer, connections: WarmConnections) -> None:
        self._server = server
        self._connections = connections
        self._template: str | None = None  # migrated once; nobody is lent it
        self._free: list[str] = []
        self._caretakers: dict[str, _Caretaker] = {}
        self._made = ExitStack()

    @contextmanager
    def lent(self) -> Generator[str]:
        """The address of one."""
        url = self._free.pop() if self._free else self._make()
        yield url
        if self._clean(url):
            self._free.append(url)
        else:
            self._give_up(url)

    def close(self) -> None:
        """Drop them all."""
        for url in list(self._caretakers):
            self._give_up(url)
        self._made.close()

    def _make(self) -> str:
        if self._template is None:
            self._template = self._made.enter_context(self._server.new_database())
            database = Database(self._template)
            upgrade(database)
            database.close()
            with psycopg.connect(self._template) as connection:
                self._shape = connection.execute(_SHAPE).fetchone()
        url = self._made.enter_context(self._server.new_database(str(make_url(self._template).database)))
        self._caretakers[url] = _Caretaker(url)
        self._connections.keep(url)
        return url

    def _clean(self, url: str) -> bool:
        """Delete every row; False when a test has changed more than rows."""
        caretaker = self._caretakers[url]
        caretaker.end_others(but=self._connections.waiting(url))
        habits.forget()  # the next ledger may have as many rows, with the same ids
        return caretaker.is_as_made(self._shape) and caretaker.empty()

    def _give_up(self, url: str) -> None:
        self._connections.end(url)
        self._caretakers.pop(url).close()
