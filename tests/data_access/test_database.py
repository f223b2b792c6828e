"""Sessions: what a write keeps and what it does not, snapshots, retries of the whole, and who else has written."""

import os
import subprocess
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pysqlite3.dbapi2 as sqlite
import pytest
from sqlalchemy import event, func, insert, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError

from data_access import engines
from data_access.database import ATTEMPTS, Database, UnauditedWriteError
from data_access.engines import DatabaseAddressError
from data_access.schema import audit_log, vendors
from data_access.scope import Scope
from domain.audit import AuditEvent, broken_links
from tests import factories as make


def count(database, table=vendors):
    with database.reading(Scope.all_sites()) as connection:
        return connection.scalar(select(func.count()).select_from(table))


def add_vendor(name, record=True):
    def work(writing):
        writing.connection.execute(insert(vendors), [{"name": name}])
        if record:
            writing.record("add", "vendors", after={"name": name})
        return name

    return work


def plain_connection(url):
    """A connection such as another program's: nothing of ours in between."""
    if url.startswith("sqlite"):
        return sqlite.connect(url.removeprefix("sqlite:///"), timeout=0, isolation_level=None)
    return psycopg.connect(url, autocommit=True)


# Writing


def test_a_write_lands_with_its_event_and_gives_back_what_the_work_returned(database):
    assert database.writing("ana", Scope.all_sites(), add_vendor("Lumina")) == "Lumina"
    with database.reading(Scope.all_sites()) as connection:
        told = connection.execute(select(audit_log)).one()
    assert (told.seq, told.actor, told.action, told.entity, told.after) == (
        1,
        "ana",
        "add",
        "vendors",
        '{"name": "Lumina"}',
    )
    assert told.at == datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


def test_a_write_that_tells_nothing_is_rolled_back(database):
    with pytest.raises(UnauditedWriteError):
        database.writing("ana", Scope.all_sites(), add_vendor("Lumina", record=False))
    assert (count(database), count(database, audit_log)) == (0, 0)


def test_a_failure_inside_the_work_keeps_neither_rows_nor_events(database):
    def fail(writing):
        add_vendor("Lumina")(writing)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        database.writing("ana", Scope.all_sites(), fail)

    def collide(writing):
        add_vendor("Halden")(writing)
        add_vendor("Halden")(writing)

    with pytest.raises(IntegrityError):
        database.writing("ana", Scope.all_sites(), collide)
    assert (count(database), count(database, audit_log)) == (0, 0)
    # The trail goes on without a gap.
    database.writing("ana", Scope.all_sites(), add_vendor("Lumina"))
    with database.reading(Scope.all_sites()) as connection:
        assert connection.scalar(select(audit_log.c.seq)) == 1


def test_concurrent_writers_get_gapless_chained_numbers(database):
    def write(name):
        for n in range(15):
            database.writing(name, Scope.all_sites(), add_vendor(f"{name} {n}"))

    threads = [threading.Thread(target=write, args=(f"writer {n}",)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.reading(Scope.all_sites()) as connection:
        rows = connection.execute(select(audit_log).order_by(audit_log.c.seq)).all()
    assert [row.seq for row in rows] == list(range(1, 61))
    links = ((AuditEvent(**{f: getattr(r, f) for f in AuditEvent.__slots__}), r.prev_hash, r.hash) for r in rows)
    assert list(broken_links(links)) == []
    assert count(database) == 60


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_a_write_takes_its_turn_before_it_reads(database, ledger_address):
    """Otherwise what it read may be stale by the time that it writes, and SQLite refuses it."""

    def work(writing):
        writing.connection.execute(select(vendors)).all()
        with pytest.raises(sqlite.OperationalError, match="locked"):
            plain_connection(ledger_address).execute("INSERT INTO vendors (name) VALUES ('theirs')")
        add_vendor("ours")(writing)

    database.writing("ana", Scope.all_sites(), work)
    assert count(database) == 1


# Retrying


@pytest.fixture
def attempts(database):
    """The database's errors so far; a test may add to `cures` what to do about the first."""

    class Attempts(list):
        def __init__(self):
            super().__init__()
            self.cures = []

    errors = Attempts()

    @event.listens_for(database.writer, "handle_error")
    def _remember(context):
        errors.append(context.original_exception)
        while errors.cures:
            errors.cures.pop()()

    return errors


@pytest.fixture
def impatient(monkeypatch):
    """SQLite says busy at once instead of waiting for its turn."""
    monkeypatch.setattr(engines, "BUSY_TIMEOUT_MS", 1)


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_a_busy_database_is_tried_again_and_lands_once(impatient, database, ledger_address, attempts):
    other = plain_connection(ledger_address)
    other.execute("BEGIN IMMEDIATE")
    attempts.cures.append(lambda: other.execute("ROLLBACK"))
    database.writing("ana", Scope.all_sites(), add_vendor("Lumina"))
    assert [error.sqlite_errorname for error in attempts] == ["SQLITE_BUSY"]
    assert (count(database), count(database, audit_log)) == (1, 1)
    other.close()


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_a_database_busy_for_good_says_so_after_every_attempt(
    impatient, database, ledger_address, attempts, monkeypatch
):
    monkeypatch.setattr("tenacity.nap.time.sleep", lambda _: None)
    other = plain_connection(ledger_address)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(OperationalError, match="locked"):
        database.writing("ana", Scope.all_sites(), add_vendor("Lumina"))
    assert len(attempts) == ATTEMPTS
    other.close()
    assert (count(database), count(database, audit_log)) == (0, 0)


@pytest.mark.parametrize("dialect", ["postgresql"], indirect=True)
def test_a_serialization_failure_is_tried_again_as_a_whole(database, ledger_address, attempts):
    make.vendor(database, "Lumina")
    seen = []

    def work(writing):
        writing.connection.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"))
        seen.append(writing.connection.scalar(text("SELECT website FROM vendors")))
        add_vendor(f"Halden {len(seen)}")(writing)
        if len(seen) == 1:
            with plain_connection(ledger_address) as other:
                other.execute("UPDATE vendors SET website = 'theirs'")
        writing.connection.execute(text("UPDATE vendors SET portal_url = 'ours' WHERE name = 'Lumina'"))

    database.writing("ana", Scope.all_sites(), work)
    assert [error.sqlstate for error in attempts] == ["40001"]
    assert seen == ["", "theirs"]
    with database.reading(Scope.all_sites()) as connection:
        rows = connection.execute(text("SELECT name, website, portal_url FROM vendors ORDER BY name")).all()
    assert [tuple(row) for row in rows] == [("Halden 2", "", ""), ("Lumina", "theirs", "ours")]
    assert count(database, audit_log) == 1


@pytest.mark.parametrize("dialect", ["postgresql"], indirect=True)
def test_a_deadlock_is_tried_again_as_a_whole(database, ledger_address, attempts):
    """We hold A and want B; the other session holds B and wants A. The one that looks first is the victim: we."""
    for name in "AB":
        make.vendor(database, name)
    lock = "SELECT 1 FROM vendors WHERE name = %s FOR UPDATE"
    other = psycopg.connect(ledger_address)
    other.execute("SET deadlock_timeout = '10min'")
    other.execute(lock, ("B",))
    crossing = threading.Thread(target=lambda: (other.execute(lock, ("A",)), other.commit()))
    tries = []

    def work(writing):
        tries.append(1)
        connection = writing.connection
        connection.execute(text("RESET ROLE"))  # the application's role may not set the next one
        connection.execute(text("SET LOCAL deadlock_timeout = '1ms'"))
        connection.execute(text("SELECT 1 FROM vendors WHERE name = 'A' FOR UPDATE"))
        if len(tries) == 1:
            crossing.start()
            with plain_connection(ledger_address) as watcher:
                while not watcher.execute("SELECT 1 FROM pg_locks WHERE NOT granted").fetchone():
                    pass
        connection.execute(text("SELECT 1 FROM vendors WHERE name = 'B' FOR UPDATE"))
        add_vendor("C")(writing)

    database.writing("ana", Scope.all_sites(), work)
    crossing.join()
    other.close()
    assert [error.sqlstate for error in attempts] == ["40P01"]
    assert len(tries) == 2
    assert (count(database), count(database, audit_log)) == (3, 1)


@pytest.mark.parametrize("dialect", ["postgresql"], indirect=True)
def test_a_lock_timeout_is_tried_again(database, ledger_address, attempts):
    make.vendor(database, "A")
    other = psycopg.connect(ledger_address)
    other.execute("SELECT 1 FROM vendors FOR UPDATE")
    attempts.cures.append(other.rollback)

    def work(writing):
        writing.connection.execute(text("SET LOCAL lock_timeout = '1ms'"))
        writing.connection.execute(text("UPDATE vendors SET website = 'ours'"))
        writing.record("change", "vendors")

    database.writing("ana", Scope.all_sites(), work)
    assert [error.sqlstate for error in attempts] == ["55P03"]
    assert count(database, audit_log) == 1
    other.close()


def test_a_refusal_is_not_tried_again(database, attempts):
    make.vendor(database, "Lumina")
    with pytest.raises(IntegrityError):
        database.writing("ana", Scope.all_sites(), add_vendor("Lumina"))
    assert len(attempts) == 1


# Reading


def test_reading_is_one_moment_whatever_others_commit(database):
    make.vendor(database, "Lumina")
    with database.reading(Scope.all_sites()) as connection:
        names = select(func.count()).select_from(vendors)
        assert connection.scalar(names) == 1
        database.writing("ana", Scope.all_sites(), add_vendor("Halden"))
        assert connection.scalar(names) == 1
    assert count(database) == 2


@pytest.mark.parametrize("statement", ["INSERT INTO vendors (name) VALUES ('x')", "CREATE TABLE t (a int)"])
def test_reading_cannot_write(database, statement):
    with pytest.raises(DBAPIError, match=r"(?i)read.?only"), database.reading(Scope.all_sites()) as connection:
        connection.execute(text(statement))
    assert count(database) == 0


# The data version


def insert_from_another_process(url):
    if url.startswith("sqlite"):
        program = "import sqlite3, sys; c = sqlite3.connect(sys.argv[1].removeprefix('sqlite:///'))"
    else:
        program = "import psycopg, sys; c = psycopg.connect(sys.argv[1])"
    program += "; c.execute(\"INSERT INTO vendors (name) VALUES ('theirs')\"); c.commit(); c.close()"
    subprocess.run([sys.executable, "-c", program, url], check=True)


def test_the_version_changes_with_every_commit_by_anyone(database, ledger_address):
    versions = [database.version()]
    database.writing("ana", Scope.all_sites(), add_vendor("ours"))
    versions.append(database.version())
    other = plain_connection(ledger_address)
    other.execute("INSERT INTO vendors (name) VALUES ('another connection')")
    other.close()
    versions.append(database.version())
    insert_from_another_process(ledger_address)
    versions.append(database.version())
    make.add(database, "vendors", name="the writer engine")
    versions.append(database.version())
    assert len(set(versions)) == len(versions)
    assert count(database) == 4


def test_the_version_stands_while_nothing_is_written(database):
    make.vendor(database, "Lumina")
    before = database.version()
    assert count(database) == 1
    threads = [threading.Thread(target=database.version) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert database.version() == before
    assert hash(before) == hash(database.version())


def test_an_open_transaction_is_not_a_new_version_until_it_commits(database, ledger_address):
    before = database.version()
    other = plain_connection(ledger_address)
    other.execute("BEGIN")
    other.execute("INSERT INTO vendors (name) VALUES ('theirs')")
    assert database.version() == before
    other.execute("COMMIT")
    assert database.version() != before
    other.close()


WATCHING = "FROM pg_stat_activity WHERE query = 'SELECT pg_current_snapshot()::text' AND datname = current_database()"


@pytest.mark.parametrize("dialect", ["postgresql"], indirect=True)
def test_asking_for_the_version_keeps_one_connection_outside_of_transactions(database, ledger_address):
    for _ in range(3):
        database.version()
    with plain_connection(ledger_address) as other:
        assert other.execute(f"SELECT state {WATCHING}").fetchall() == [("idle",)]


@pytest.mark.parametrize("dialect", ["postgresql"], indirect=True)
def test_the_version_is_told_again_after_the_server_hung_up(database, ledger_address):
    before = database.version()
    with plain_connection(ledger_address) as other:
        assert other.execute(f"SELECT pg_terminate_backend(pid, 5000) {WATCHING}").fetchall() == [(True,)]
        assert database.version() == before
        other.execute("INSERT INTO vendors (name) VALUES ('theirs')")
        assert database.version() != before
        assert other.execute(f"SELECT state {WATCHING}").fetchall() == [("idle",)]


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_another_file_under_the_name_is_another_version(database, ledger_address, tmp_path, sqlite_ledger):
    before = database.version()
    path = ledger_address.removeprefix("sqlite:///")
    spare = tmp_path / "spare.db"
    spare.write_bytes(sqlite_ledger.read_bytes())
    for rest in ("-wal", "-shm"):
        Path(path + rest).unlink(missing_ok=True)
    os.replace(spare, path)
    replaced = database.version()
    assert replaced != before
    assert database.version() == replaced
    insert_from_another_process(ledger_address)
    assert database.version() != replaced


# Addresses


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("", "not a database address"),
        ("ledger.db", "not a database address"),
        ("sqlite://", "cannot be shared"),
        ("sqlite:///:memory:", "cannot be shared"),
        ("mysql://root@localhost/ledger", "mysql is not supported"),
        ("oracle+oracledb://x/y", "not supported"),
        ("postgresql://host:port/ledger", "not a database address"),
    ],
)
def test_an_address_that_cannot_be_used_says_what_to_write(address, words):
    with pytest.raises(DatabaseAddressError, match=words):
        Database(address)


def test_a_folder_that_cannot_be_made_is_named(tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(DatabaseAddressError, match="file cannot be used: "):
        Database(f"sqlite:///{tmp_path / 'file' / 'ledger.db'}")


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_every_usual_name_of_postgresql_is_understood(scheme):
    database = Database(f"{scheme}://ana:secret@localhost/ledger")
    assert (database.dialect, database.url.drivername) == ("postgresql", "postgresql+psycopg")
    assert "secret" not in str(database.url)
    database.close()


def test_a_file_in_a_new_folder_is_made(tmp_path):
    database = Database(f"sqlite:///{tmp_path / 'new' / 'folder' / 'ledger.db'}")
    with database.reading(Scope.all_sites()) as connection:
        assert connection.scalar(text("SELECT 1")) == 1
    database.close()
    assert (tmp_path / "new" / "folder" / "ledger.db").exists()
