"""PostgreSQL connections that go from test to test.

A process of the server that has just begun looks up every table, policy and trigger anew, which costs more than most tests do.
"""

import os
from typing import Any, Self

import psycopg
from sqlalchemy.engine import make_url

_MOST = 4  # of a database; more are closed
_USUAL = {"context", "host", "port", "user", "password", "dbname"}  # who asks for more, as for a pooler, gets a new one


class WarmConnection(psycopg.Connection[Any]):
    """Closed, it goes back on its shelf."""

    shelf: list[Self] | None = None

    def close(self) -> None:
        """Forget what the session was told and wait for the next test; a broken one ends."""
        if self.shelf is None or len(self.shelf) >= _MOST or not self._forgets():
            self.end()
        elif self not in self.shelf:
            self.shelf.append(self)

    def end(self) -> None:
        """Close it for good."""
        super().close()

    def _forgets(self) -> bool:
        try:
            self.rollback()
            self.isolation_level = self.read_only = self.deferrable = None
            self.autocommit = True
            self.execute("DISCARD ALL")
            self._prepared.clear()  # psycopg sees for itself only the first of the statements that are alike
        except psycopg.Error:
            return False
        self._notice_handlers.clear()  # SQLAlchemy adds its own to each that it opens
        return True

    def wakes(self) -> bool:
        """Is the server still there?"""
        try:
            self.execute("SELECT 1")
            self.autocommit = False
        except psycopg.Error:
            self.end()
            return False
        return True


class WarmConnections:
    """A shelf for each database that is named; others get connections of their own."""

    def __init__(self) -> None:
        self._shelves: dict[str, list[WarmConnection]] = {}
        self._process = os.getpid()  # a fork has the same sockets

    def keep(self, address: str) -> None:
        """From now on the connections to this database go from test to test."""
        self._shelves[str(make_url(address).database)] = []

    def waiting(self, address: str) -> list[int]:
        """The server's processes that wait for the next test on the database."""
        return [connection.info.backend_pid for connection in self._shelves.get(str(make_url(address).database), [])]

    def end(self, address: str) -> None:
        """Close those of the database, and keep no more of it."""
        for connection in self._shelves.pop(str(make_url(address).database), []):
            connection.end()

    def connect(self, _dialect: Any, _record: Any, given: list[Any], named: dict[str, Any]) -> Any:
        """For SQLAlchemy's do_connect: one from the shelf, or a new one; None where it is to connect by itself."""
        shelf = self._shelves.get(named.get("dbname", ""))
        if shelf is None or given or named.keys() - _USUAL or os.getpid() != self._process:
            return None
        while shelf:
            connection = shelf.pop()
            if connection.wakes():
                return connection
        connection = WarmConnection.connect(**named)
        connection.shelf = shelf
        return connection
