"""Breaking off a read that nobody waits for any more, from another thread."""

import threading
from collections.abc import Generator
from contextlib import contextmanager
from contextvars import ContextVar

from sqlalchemy import Connection


class Interruption:
    """What another thread may do to this one's reads: end the one that runs, and any that would begin after."""

    def __init__(self) -> None:
        self._asked = threading.Event()
        self._reading: Connection | None = None
        self._lock = threading.Lock()

    @contextmanager
    def allowed(self) -> Generator[None]:
        """Reads of this thread may be broken off, to the end of the block."""
        token = _allowed.set(self)
        try:
            yield
        finally:
            _allowed.reset(token)
            with self._lock:
                self._reading = None

    def ask(self) -> None:
        """Break off: the statement that runs raises there."""
        with self._lock:
            self._asked.set()
            if self._reading is not None:
                _interrupt(self._reading)

    def asked(self) -> bool:
        """Has somebody?"""
        return self._asked.is_set()

    def began(self, connection: Connection) -> None:
        """A read begins on `connection`."""
        with self._lock:
            if self._asked.is_set():
                raise InterruptedError("the read was broken off")
            self._reading = connection


_allowed: ContextVar[Interruption | None] = ContextVar("interruption", default=None)


def began(connection: Connection) -> None:
    """Database.reading says so."""
    interruption = _allowed.get()
    if interruption is not None:
        interruption.began(connection)


def _interrupt(connection: Connection) -> None:
    driver = connection.connection.driver_connection
    if driver is None:
        return
    if connection.dialect.name == "postgresql":
        driver.cancel_safe()
    else:
        driver.interrupt()
