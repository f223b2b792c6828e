"""/healthz: well when the database answers at the right revision, and nothing more is said."""

import asyncio
import threading

import pytest

from data_access.database import Database
from tests.loops import in_a_thread
from ui import healthz, reads


@pytest.fixture(autouse=True)
def fresh():
    reads.open_database.clear()
    yield
    reads.open_database.clear()


def answer(monkeypatch, address):
    monkeypatch.setenv("DATABASE_URL", address)
    response = in_a_thread(healthz.Healthz().answer(None))
    return response.status_code, response.body


def test_a_ledger_is_well(ledger_address, monkeypatch):
    assert answer(monkeypatch, ledger_address) == (200, b"ok")


def test_no_schema(address, monkeypatch, caplog):
    assert answer(monkeypatch, address) == (503, b"unavailable")
    assert "no schema" in caplog.text


def test_another_revision_while_it_runs(database: Database, ledger_address, monkeypatch, caplog):
    assert answer(monkeypatch, ledger_address) == (200, b"ok")
    with database.writer.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = 'older'")
    try:
        assert answer(monkeypatch, ledger_address) == (503, b"unavailable")
        assert "at revision older" in caplog.text
    finally:
        with database.writer.begin() as connection:
            connection.exec_driver_sql(f"UPDATE alembic_version SET version_num = '{healthz.head_revision()}'")


def test_nobody_answers(monkeypatch, caplog):
    assert answer(monkeypatch, "postgresql://somebody:hidden-word@127.0.0.1:9/none") == (503, b"unavailable")
    assert "refused" in caplog.text
    assert "hidden-word" not in caplog.text


def test_a_stuck_database_is_asked_once(monkeypatch):
    """Many ask, all are told in time, and one look is under way."""
    release, looks = threading.Event(), []

    def stuck():
        looks.append(1)
        return release.wait(60)

    monkeypatch.setattr(healthz, "is_well", stuck)
    monkeypatch.setattr(healthz, "PATIENCE_S", 0.05)

    async def ask_many():
        pulse = healthz.Healthz()
        stuck_answers = await asyncio.gather(*(pulse.answer(None) for _ in range(50)))
        release.set()
        monkeypatch.setattr(healthz, "PATIENCE_S", 60)
        return stuck_answers, await pulse.answer(None)

    answers, last = in_a_thread(ask_many())
    assert {response.status_code for response in answers} == {503}
    assert len(looks) == 1
    assert last.status_code == 200
