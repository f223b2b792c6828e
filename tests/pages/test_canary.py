"""A secret planted in what fails reaches no page; the log has the failure under the reference that the page shows.

What fails in callbacks, drawers, downloads and before the page needs a browser: tests/browser/test_canary.py.
"""

import logging
import re
import shutil
import sys
from pathlib import Path

import pysqlite3.dbapi2 as sqlite
import pytest
from sqlalchemy import text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import OperationalError
from streamlit.testing.v1 import AppTest

from data_access import engines
from data_access.database import Database
from data_access.importers.reading import table
from tests.pages.conftest import everything
from tests.pages.test_import import GOOD, HEADER, drop
from ui import import_file, reads

SECRET = "canary-4c1d"
ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def fresh(monkeypatch, caplog):
    """No database of another test, and the modules of this one's root."""
    monkeypatch.setattr(sys, "path", [str(ROOT), *sys.path])
    caplog.set_level(logging.ERROR)
    reads.open_database.clear()
    reads.ANSWERS.clear()
    yield
    reads.open_database.clear()
    reads.ANSWERS.clear()


def opened():
    """The front door, as a browser asks for it."""
    return AppTest.from_file(str(ROOT / "pages" / "front_door.py"), default_timeout=60).run()


def all_of(page):
    """All that the page sends, its toasts and its address included."""
    return "\n".join([everything(page), repr(page._tree), str(page.toast), str(dict(page.query_params))])


def assert_kept(page, caplog, *, logged=SECRET):
    """An error is shown, without the secret; its reference is in the log, with a traceback that says `logged`."""
    assert not page.exception
    shown = page.error[0].value
    assert SECRET not in all_of(page)
    reference = re.search(r"reference ([0-9a-f]{8})", shown).group(1)
    (record,) = [record for record in caplog.records if f"reference {reference}" in record.getMessage()]
    assert record.exc_info is not None
    assert logged in caplog.text
    return shown


def of_database(page, caplog, kind, *, logged=SECRET):
    assert kind in assert_kept(page, caplog, logged=logged)


# The password never even reaches the log.


@pytest.mark.parametrize(
    "address",
    [
        f"postgresql://ana:{SECRET}@127.0.0.1:9/ledger",  # nobody answers
        f"postgresql://ana:{SECRET}@nowhere.invalid/ledger",  # there is no such machine
        f"postgresql://ana:{SECRET}@127.0.0.1:9/ledger?sslmode=verify-full&sslrootcert=/none",
    ],
)
def test_a_password_of_a_database_that_is_not_there(monkeypatch, caplog, address):
    monkeypatch.setenv("DATABASE_URL", address)
    of_database(opened(), caplog, "it cannot be reached", logged="Traceback")
    assert SECRET not in caplog.text


@pytest.mark.parametrize(
    "address",
    [
        f"postgresql://ana:{SECRET}/more@127.0.0.1/ledger",  # taken for a port
        f"postgresql://ana:{SECRET}@[::1/ledger",
        f"postgresql:/ana:{SECRET}@127.0.0.1/ledger",
        f"mysql://ana:{SECRET}@127.0.0.1/ledger",
    ],
)
def test_a_password_in_an_address_that_is_none(monkeypatch, caplog, address):
    monkeypatch.setenv("DATABASE_URL", address)
    assert_kept(opened(), caplog, logged="Traceback")
    assert SECRET not in caplog.text


@pytest.mark.parametrize("dialect", ["postgresql"], indirect=True)
def test_a_password_of_a_database_that_fails_in_the_middle(ledger_address, monkeypatch, caplog):
    secret = make_url(ledger_address).set(password=SECRET).render_as_string(hide_password=False)
    monkeypatch.setenv("DATABASE_URL", secret)
    assert not opened().error
    reads.ANSWERS.clear()
    monkeypatch.setitem(
        reads.PLAIN_READS, "freshness", lambda connection, _scope: connection.execute(text("SELECT 1/0"))
    )
    of_database(opened(), caplog, "it refused the statement", logged="division by zero")
    assert SECRET not in caplog.text


# Names of machines, files, values: in the log only.


def test_the_name_of_a_machine_and_of_a_login(monkeypatch, caplog):
    monkeypatch.setenv("DATABASE_URL", f"postgresql://{SECRET}@{SECRET}.invalid/{SECRET}")
    of_database(opened(), caplog, "it cannot be reached")


def test_the_path_of_a_folder_that_cannot_be_made(tmp_path, monkeypatch, caplog):
    (tmp_path / SECRET).write_text("a file")
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / SECRET / 'ledger.db'}")
    assert_kept(opened(), caplog)


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (None, "cannot be opened"),
        (b"PK\x03\x04 no database" * 100, "of another program"),
        (b"SQLite format 3\0" + b"\xff" * 8176, "damaged"),
    ],
)
def test_the_path_of_a_file_that_is_no_ledger(tmp_path, monkeypatch, caplog, content, kind):
    path = tmp_path / f"{SECRET}.db"
    if content is None:
        path.mkdir()
    else:
        path.write_bytes(content)
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{path}")
    of_database(opened(), caplog, kind, logged="Traceback")


def test_the_path_of_a_file_that_is_locked(tmp_path, sqlite_ledger, monkeypatch, caplog):
    path = tmp_path / f"{SECRET}.db"
    shutil.copy(sqlite_ledger, path)
    monkeypatch.setattr(engines, "BUSY_TIMEOUT_MS", 10)
    other = sqlite.connect(path)
    other.execute("PRAGMA locking_mode=EXCLUSIVE")
    other.execute("BEGIN EXCLUSIVE")
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{path}")
    try:
        of_database(opened(), caplog, "it is busy", logged="Traceback")
    finally:
        other.close()


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_a_file_that_cannot_be_written(small_ledger, draw, monkeypatch, caplog):
    page = drop(draw("import", kind="invoices"), HEADER + GOOD)
    said = sqlite.OperationalError(f"attempt to write to {SECRET}")
    said.sqlite_errorcode = sqlite.SQLITE_READONLY

    def refuse(*_):
        raise OperationalError("INSERT", {}, said)

    monkeypatch.setattr(Database, "writing", refuse)
    page.button(key="import-accept").click().run()
    of_database(page, caplog, "cannot be opened or written")


def test_a_revision_that_is_none(database, ledger_address, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", ledger_address)
    with database.writer.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :secret"), {"secret": SECRET})
    try:
        page = opened()
        assert "a revision that this program does not know" in page.error[0].value
        assert SECRET not in all_of(page)
    finally:
        with database.writer.begin() as connection:
            connection.execute(text("UPDATE alembic_version SET version_num = :head"), {"head": reads.head_revision()})


def test_the_value_of_a_statement_that_fails(small_ledger, monkeypatch, caplog):
    def read(connection, _scope):
        return connection.execute(text("SELECT CAST(:value AS bigint) / 0, x FROM nowhere"), {"value": SECRET})

    monkeypatch.setitem(reads.PLAIN_READS, "freshness", read)
    of_database(opened(), caplog, "it refused the statement", logged="nowhere")
    assert SECRET not in caplog.text  # nor in the log: it could be anybody's account number


@pytest.mark.parametrize("dialect", ["postgresql"], indirect=True)
def test_the_value_that_the_driver_quotes(small_ledger, monkeypatch, caplog):
    def read(connection, _scope):
        return connection.execute(text("SELECT CAST(CAST(:value AS text) AS bigint)"), {"value": SECRET}).all()

    monkeypatch.setitem(reads.PLAIN_READS, "freshness", read)
    of_database(opened(), caplog, "it refused the statement")


# Mistakes of the program itself.


@pytest.mark.parametrize(
    "error", [ValueError(SECRET), KeyError(SECRET), OSError(2, SECRET, SECRET), AssertionError(SECRET)], ids=repr
)
def test_the_text_of_an_error(small_ledger, monkeypatch, caplog, error):
    def read(*_, **__):
        raise error

    monkeypatch.setitem(reads.PLAIN_READS, "filter_options", read)
    assert_kept(opened(), caplog)


def test_the_name_of_a_module_that_is_missing(small_ledger, monkeypatch, caplog):
    def read(*_, **__):
        __import__(SECRET)

    monkeypatch.setitem(reads.PLAIN_READS, "filter_options", read)
    assert_kept(opened(), caplog)


# Uploads.


def test_what_a_broken_reader_says(small_ledger, draw, monkeypatch, caplog):
    monkeypatch.setattr(table, "_BOOT", f"raise RuntimeError({SECRET!r})")
    page = drop(draw("import", kind="invoices"), HEADER + GOOD)
    assert "could not be read" in page.error[0].value
    assert SECRET not in all_of(page)
    assert f"RuntimeError: {SECRET}" in caplog.text


def test_what_fails_while_a_file_lands(small_ledger, monkeypatch, caplog):
    def accept(*_, **__):
        raise RuntimeError(SECRET)

    monkeypatch.setattr(import_file, "accept", accept)
    import_page = AppTest.from_function(_import_page, default_timeout=60).run()
    drop(import_page, HEADER + GOOD).button(key="import-accept").click().run()
    assert_kept(import_page, caplog)


def _import_page():
    from datetime import UTC, datetime

    from pages import import_
    from ui import notices
    from ui.viewer import local_operator

    with notices.told():
        import_.render(local_operator(datetime(2026, 11, 20, 12, 0, tzinfo=UTC)))
