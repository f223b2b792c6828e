"""init, verify, doctor, backup, restore."""

import json
import sqlite3
import threading
from datetime import date
from pathlib import Path

import pytest

from data_access import backups
from data_access.commands.payments import PaymentDraft, record_payment
from data_access.database import Database
from data_access.revisions import head_revision
from data_access.scope import Scope
from data_access.verification import verify
from terminal.front import main
from tests import factories as make
from tests.postgres import postgres_home

JAN, FEB = date(2026, 1, 5), date(2026, 2, 5)


@pytest.fixture(autouse=True)
def tools(monkeypatch):
    """pg_dump and pg_restore of the server's own version."""
    monkeypatch.setenv("DUEWATCH_PG_BIN", str(postgres_home() / "bin"))


@pytest.fixture
def where(database):
    place = make.office(database)
    for n in range(3):
        make.invoice(database, place, f"B{n}", JAN, FEB, 10000)
    return place


def pay(database, where, amount=100):
    draft = PaymentDraft(where["account_id"], FEB, amount, "card")
    return database.writing("ana", Scope.all_sites(), lambda w: record_payment(w, Scope.all_sites(), draft))


def test_init_makes_the_schema_once(address, monkeypatch, capsys):
    monkeypatch.setenv("DATABASE_URL", address)
    assert main(["init", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"before": None, "revision": head_revision()}
    assert main(["init", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"before": head_revision(), "revision": head_revision()}


def test_init_distributes_nothing_where_there_is_no_citus(address, monkeypatch, capsys):
    monkeypatch.setenv("DATABASE_URL", address)
    assert main(["init", "--distribute"]) == 1
    said = capsys.readouterr().err
    assert f"schema is at revision {head_revision()}" in said
    assert ("does not have the Citus extension" if "postgresql" in address else "an SQLite file cannot be") in said


def test_verify_is_green_and_says_what_it_looked_at(ask, database, where):
    pay(database, where)
    result = ask("verify")
    assert result["ok"] is True
    assert [check["id"] for check in result["checks"]] == (
        [
            "A1",
            "A2",
            "D1",
            "D2",
            "D3",
            "I1",
            "I2",
            "I3",
            "I4",
            "I6",
            "L1",
            "L2",
            "L3",
            "L4",
            "L5",
            "L6",
            "L7",
            "M1",
            "S1",
            "T1",
        ]
    )
    assert all(check["ok"] and check["findings"] == [] for check in result["checks"])


def test_verify_says_what_is_broken_and_ends_with_1(cli, database, where):
    pay(database, where)
    with database.writer.begin() as connection:
        if database.dialect == "sqlite":
            connection.exec_driver_sql("DROP TRIGGER audit_log_no_update")
        else:
            connection.exec_driver_sql("ALTER TABLE audit_log DISABLE TRIGGER audit_log_frozen")
        connection.exec_driver_sql("UPDATE audit_log SET actor = 'eve' WHERE seq = 1")
    code, out, err = cli("verify")
    assert code == 1
    assert "BROKEN A2" in out
    assert "audit event 1 was altered" in out
    assert "ok     L3" in out
    assert err == "manage.py: the ledger breaks A2, L6\n"
    code, out, _ = cli("verify", "--json")
    assert (code, json.loads(out)["ok"]) == (1, False)


def test_rebuild_makes_the_totals_of_months_anew(cli, ask, database, where):
    pay(database, where)
    with database.writer.begin() as connection:
        connection.exec_driver_sql("DELETE FROM month_totals")
    code, _, err = cli("verify")
    assert (code, err) == (1, "manage.py: the ledger breaks D1, L7\n")
    rows = ask("rebuild")["rows"]
    assert set(rows) == {
        "month_totals",
        "month_payments",
        "open_totals",
        "account_totals",
        "site_totals",
        "call_days",
        "account_risks",
    }
    assert rows["month_totals"] > 0
    assert ask("verify")["ok"] is True


def test_doctor_finds_nothing_wrong_here_but_the_login_of_the_tests(cli, dialect):
    code, out, err = cli("doctor", "--json")
    result = json.loads(out)
    assert {"python", "schema", "allowed hosts", "headers", "webhooks"} <= {
        check["about"] for check in result["checks"]
    }
    wrong = [check["about"] for check in result["checks"] if not check["ok"]]
    assert wrong == ([] if dialect == "sqlite" else ["login"])  # a superuser: see tests/deploy for one that is none
    assert (code, result["ok"]) == (len(wrong), not wrong)
    assert ("duewatch_web" in err) == bool(wrong)


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_doctor_sees_a_file_that_anybody_may_open(cli, ledger_address):
    path = Path(ledger_address.removeprefix("sqlite:///"))
    for mode, found in ((0o660, 0), (0o664, 1), (0o662, 1)):
        path.chmod(mode)
        code, _, err = cli("doctor")
        assert (code, "chmod 660" in err) == (found, bool(found))


def test_doctor_asks_an_address_as_a_stranger(cli):
    code, out, _ = cli("doctor", "--url", "http://127.0.0.1:9")
    assert code == 1
    assert "LOOK  public address" in out


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_a_new_file_is_for_its_owner_and_group(address, monkeypatch, capsys):
    monkeypatch.setenv("DATABASE_URL", address)
    assert main(["init"]) == 0
    assert not Path(address.removeprefix("sqlite:///")).stat().st_mode & 0o007


def test_doctor_sees_a_database_without_a_schema(address, monkeypatch, capsys):
    monkeypatch.setenv("DATABASE_URL", address)
    assert main(["doctor"]) == 1
    assert "manage.py init" in capsys.readouterr().err


def test_a_backup_comes_back_as_it_was(cli, ask, database, where, tmp_path):
    pay(database, where, 12345)
    before = ask("aging", "--as-of", "2026-03-01")
    backup = tmp_path / "kept" / "ledger #1? 100%.backup"
    result = ask("backup", backup)
    assert (result["file"], result["bytes"]) == (str(backup), backup.stat().st_size)
    assert backup.stat().st_mode & 0o777 == 0o600
    assert list(backup.parent.iterdir()) == [backup]
    pay(database, where, 54321)
    assert ask("aging", "--as-of", "2026-03-01") != before
    ask("restore", backup, "--force")
    assert list(backup.parent.iterdir()) == [backup]  # it was read where it may not be possible to write
    assert ask("aging", "--as-of", "2026-03-01") == before
    assert ask("verify")["ok"] is True
    # And work goes on.
    pay(database, where, 1)
    assert ask("verify")["ok"] is True


def test_a_backup_fills_an_empty_database(ask, database, where, address, tmp_path, monkeypatch):
    pay(database, where)
    before = ask("aging", "--as-of", "2026-03-01")
    ask("backup", tmp_path / "b")
    monkeypatch.setenv("DATABASE_URL", address)
    assert ask("restore", tmp_path / "b")["revision"] == head_revision()
    if database.dialect == "postgresql":  # its planner knows what came in, before anybody asks for a page
        copy = Database(address)
        with copy.writer.begin() as connection:
            assert connection.exec_driver_sql("SELECT count(*) FROM pg_stats WHERE tablename = 'payments'").scalar_one()
        copy.close()
    assert ask("aging", "--as-of", "2026-03-01") == before


def test_a_backup_taken_while_others_write_is_one_moment(cli, ask, database, where, address, tmp_path, monkeypatch):
    """Payments go on being entered, each with its allocation and events: the copy holds some of them, all of each."""
    started, stop, paid = threading.Event(), threading.Event(), []

    def write():
        while not stop.is_set():
            paid.append(pay(database, where, 1))
            started.set()

    writer = threading.Thread(target=write)
    writer.start()
    started.wait(30)
    try:
        ask("backup", tmp_path / "b")
    finally:
        stop.set()
        writer.join()
    monkeypatch.setenv("DATABASE_URL", address)
    ask("restore", tmp_path / "b")
    copy = Database(address)
    with copy.reading(Scope.all_sites()) as connection:
        kept = connection.exec_driver_sql("SELECT count(*) FROM payments").scalar_one()
        applied = connection.exec_driver_sql("SELECT count(*) FROM allocations").scalar_one()
    assert 1 <= kept == applied <= len(paid)
    outcome = verify(copy, date(2026, 3, 1))
    copy.close()
    assert outcome.ok, outcome


def test_nothing_is_overwritten(cli, database, where, tmp_path):
    backup = tmp_path / "b"
    assert cli("backup", backup)[0] == 0
    content = backup.read_bytes()
    code, out, err = cli("backup", backup)
    assert (code, out) == (1, "")
    assert "exists; name a new file" in err
    assert backup.read_bytes() == content
    pay(database, where)
    code, out, err = cli("restore", backup)
    assert (code, out) == (1, "")
    assert "--force" in err
    with database.reading(Scope.all_sites()) as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM payments").scalar_one() == 1


def test_a_damaged_or_foreign_file_is_refused_and_changes_nothing(cli, database, where, tmp_path):
    pay(database, where)
    backup = tmp_path / "b"
    assert cli("backup", backup)[0] == 0
    content = backup.read_bytes()
    files = {
        "missing": None,
        "empty": b"",
        "text": b"site,amount\r\nHQ,12.00\r\n",
        "half": content[: len(content) // 2],
        "header only": content[:100],
        "other engine": b"PGDMP junk" if database.dialect == "sqlite" else b"SQLite format 3\x00junk",
    }
    for name, bad in files.items():
        path = tmp_path / name
        if bad is not None:
            path.write_bytes(bad)
        code, out, err = cli("restore", path, "--force")
        assert (code, out) == (1, ""), name
        assert err.startswith("manage.py: "), name
    with database.reading(Scope.all_sites()) as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM payments").scalar_one() == 1
    assert cli("verify")[0] == 0


def test_a_place_that_cannot_be_written_is_said(cli, database, tmp_path):
    (tmp_path / "file").write_text("in the way")
    code, _, err = cli("backup", tmp_path / "file" / "b")
    assert code == 1
    assert "cannot be written" in err


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_a_database_of_another_program_is_no_backup(cli, database, where, tmp_path):
    other = sqlite3.connect(tmp_path / "other.db")
    other.execute("CREATE TABLE notes (text)")
    other.commit()
    other.close()
    code, _, err = cli("restore", Path(tmp_path / "other.db"), "--force")
    assert code == 1
    assert "no Duewatch ledger" in err


def test_postgresqls_programs_are_told_all_that_the_address_says(tmp_path, monkeypatch):
    """How it is encrypted, above all: their own default would go on without."""
    (tmp_path / "pg_dump").write_text(f'#!/bin/sh\nenv > "{tmp_path}/given"\n')
    (tmp_path / "pg_dump").chmod(0o755)
    monkeypatch.setenv("DUEWATCH_PG_BIN", str(tmp_path))
    query = "sslmode=verify-full&sslrootcert=/ca.pem&sslcert=/c.pem&sslkey=/k.pem&passfile=/p"
    database = Database(f"postgresql://ana:hidden@db.example.com:6543/ledger?{query}")
    backups._run_tool(database, "pg_dump", ["--version"])
    database.close()
    given = dict(line.split("=", 1) for line in (tmp_path / "given").read_text().splitlines() if line.startswith("PG"))
    assert given == {
        "PGHOST": "db.example.com",
        "PGPORT": "6543",
        "PGUSER": "ana",
        "PGDATABASE": "ledger",
        "PGPASSWORD": "hidden",
        "PGSSLMODE": "verify-full",
        "PGSSLROOTCERT": "/ca.pem",
        "PGSSLCERT": "/c.pem",
        "PGSSLKEY": "/k.pem",
        "PGPASSFILE": "/p",
    }


@pytest.mark.parametrize("dialect", ["postgresql"], indirect=True)
def test_without_the_programs_of_postgresql_it_says_what_to_install(cli, database, tmp_path, monkeypatch):
    monkeypatch.setenv("DUEWATCH_PG_BIN", str(tmp_path))
    code, _, err = cli("backup", tmp_path / "b")
    assert code == 1
    assert "DUEWATCH_PG_BIN" in err
