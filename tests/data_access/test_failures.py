"""What kind of failure it is: told in our own words, from real failures of both databases."""

import shutil

import psycopg
import pysqlite3.dbapi2 as sqlite
import pytest
from sqlalchemy import text
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from data_access.database import Database
from data_access.failures import DATABASE_FAILURES, kind_of, reason_of


def failure(address, work):
    database = Database(address)
    try:
        with pytest.raises(DATABASE_FAILURES) as caught, database.reader.connect() as connection:
            work(connection)
    finally:
        database.close()
    return kind_of(caught.value)


def test_nobody_answers():
    assert failure("postgresql://ana:hidden@127.0.0.1:9/x", lambda _: None) == "it cannot be reached"


def test_a_statement_that_is_refused(ledger_address):
    assert failure(ledger_address, lambda c: c.execute(text("SELECT x FROM nowhere"))) == "it refused the statement"


def test_a_file_of_another_kind(tmp_path):
    (tmp_path / "x.db").write_bytes(b"not a database" * 100)
    assert failure(f"sqlite:///{tmp_path / 'x.db'}", lambda _: None) == "its file is damaged, or of another program"


def test_a_damaged_file(sqlite_ledger, tmp_path):
    path = tmp_path / "x.db"
    shutil.copy(sqlite_ledger, path)
    content = bytearray(path.read_bytes())
    content[4096:] = b"\xff" * (len(content) - 4096)
    path.write_bytes(content)
    told = failure(f"sqlite:///{path}", lambda c: c.execute(text("SELECT * FROM invoices")).all())
    assert told == "its file is damaged"


def test_a_folder_in_place_of_a_file(tmp_path):
    (tmp_path / "x.db").mkdir()
    told = failure(f"sqlite:///{tmp_path / 'x.db'}", lambda _: None)
    assert told == "its file cannot be opened or written"


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_a_writer_that_only_reads(ledger_address):
    told = failure(ledger_address, lambda c: c.execute(text("DELETE FROM grants")))
    assert told == "its file cannot be opened or written"


@pytest.mark.parametrize("dialect", ["postgresql"], indirect=True)
@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("SET statement_timeout = '5ms'; SELECT pg_sleep(10)", "it took too long"),
        ("SET ROLE duewatch_app; SELECT * FROM pg_authid", "its login may not do that"),
        ("SELECT 'hidden'::int", "it refused the statement"),
        ("SELECT pg_terminate_backend(pg_backend_pid())", "it is shutting down or starting"),
        ("DO $$ BEGIN RAISE SQLSTATE '53300'; END $$", "it has no room or no connection left"),
        ("DO $$ BEGIN RAISE SQLSTATE 'XX001'; END $$", "its files are damaged"),
        ("DO $$ BEGIN RAISE SQLSTATE '58030'; END $$", "its files are damaged"),
        ("DO $$ BEGIN RAISE SQLSTATE '55P03'; END $$", "it is busy"),
        ("DO $$ BEGIN RAISE SQLSTATE '40001'; END $$", "it is busy"),
        ("DO $$ BEGIN RAISE SQLSTATE '08006'; END $$", "it cannot be reached"),
        ("DO $$ BEGIN RAISE SQLSTATE '28P01'; END $$", "it refused the login"),
    ],
)
def test_what_postgresql_says(ledger_address, statement, told):
    assert failure(ledger_address, lambda c: c.exec_driver_sql(statement)) == told


@pytest.mark.parametrize(
    ("code", "told"),
    [
        (sqlite.SQLITE_BUSY, "it is busy"),
        (sqlite.SQLITE_BUSY | 2 << 8, "it is busy"),  # with more detail above the low byte
        (sqlite.SQLITE_FULL, "its disk is full"),
        (sqlite.SQLITE_CONSTRAINT, "it refused the statement"),
    ],
)
def test_what_sqlite_says(code, told):
    error = sqlite.OperationalError("hidden")
    error.sqlite_errorcode = code
    assert kind_of(error) == told


def test_a_pool_that_is_empty_is_busy():
    assert kind_of(PoolTimeoutError("hidden")) == "it is busy"


def test_the_operator_is_told_the_drivers_first_line():
    assert reason_of(psycopg.OperationalError("one\ntwo")) == "one"
    assert reason_of(psycopg.OperationalError("")) == "no answer"
