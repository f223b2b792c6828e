"""A PostgreSQL primary and its streaming replica, both on this machine; the replica can be held and stopped."""

import time
from collections.abc import Callable, Generator
from contextlib import ExitStack, contextmanager

import psycopg
from sqlalchemy.engine import URL, make_url

from tests.postgres import Installation, PostgresServer, free_port, initialise, installation, local_url

PATIENCE_S = 60


class Streaming:
    """`primary` hands out databases; `replica_of` their addresses on the replica."""

    def __init__(self, programs: Installation, primary: URL, port: int) -> None:
        self.primary = PostgresServer(primary)
        self._programs, self._port = programs, port
        self._running = ExitStack()
        self.start()

    def replica_of(self, address: str) -> str:
        """The same database and login, on the replica."""
        return make_url(address).set(port=self._port).render_as_string(hide_password=False)

    def start(self) -> None:
        """It follows the primary."""
        self._running.enter_context(self._programs.serving("replica", self._port))

    def stop(self) -> None:
        """It is down."""
        self._running.close()

    def hold(self) -> None:
        """It goes on taking what the primary sends, and shows none of it."""
        self._on_replica("SELECT pg_wal_replay_pause()")
        self._until("SELECT pg_get_wal_replay_pause_state() = 'paused'")

    def release(self) -> None:
        """It shows what it took."""
        self._on_replica("SELECT pg_wal_replay_resume()")

    def catch_up(self) -> None:
        """Wait until it shows all that the primary has now."""
        with psycopg.connect(str(self.primary.url.render_as_string(hide_password=False)), autocommit=True) as primary:
            (position,) = primary.execute("SELECT pg_current_wal_flush_lsn()::text").fetchone()
        self._until(f"SELECT pg_last_wal_replay_lsn() >= '{position}'::pg_lsn")

    def _on_replica(self, statement: str) -> object:
        url = local_url(self._port).render_as_string(hide_password=False)
        with psycopg.connect(url, autocommit=True) as replica:
            return replica.execute(statement).fetchone()[0]

    def _until(self, condition: str) -> None:
        until(lambda: self._on_replica(condition))


def until(holds: Callable[[], object]) -> None:
    """Ask until it holds."""
    deadline = time.monotonic() + PATIENCE_S
    while not holds():
        assert time.monotonic() < deadline, "it did not come to hold"


@contextmanager
def streaming() -> Generator[Streaming]:
    """Both servers, gone afterwards."""
    with installation() as programs:
        initialise(programs, "primary")
        port = free_port()
        with programs.serving("primary", port):
            programs.run(
                *(
                    "pg_basebackup",
                    "--dbname",
                    local_url(port).render_as_string(),
                    "--pgdata",
                    programs.folder / "replica",
                ),
                *("--write-recovery-conf", "--checkpoint=fast", "--wal-method=stream", "--no-sync"),
            )
            pair = Streaming(programs, local_url(port), free_port())
            try:
                yield pair
            finally:
                pair.stop()
