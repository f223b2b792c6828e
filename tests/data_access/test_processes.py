"""Judging by other processes keeps what judging here does, and a process that is ended costs nothing but time."""

import os
import signal
from contextlib import nullcontext
from datetime import date
from multiprocessing import parent_process

import pytest
from sqlalchemy import func, select

from data_access import account_risks, kept_alerts
from data_access.account_risks import judge, mark_all
from data_access.alert_marks import begin_anew
from data_access.confinement import confine
from data_access.folding import fold
from data_access.kept_alerts import keep
from data_access.schema import account_risks as risks
from data_access.schema import accounts, alert_findings, alert_judged, alert_marks, metadata, risk_marks
from data_access.scope import Scope
from domain.alerts.thresholds import Thresholds
from seed.writing import generate_with_faults, write

TODAY, ALL, USUAL = date(2026, 11, 20), Scope.all_sites(), Thresholds()
KEPT = (risks, alert_findings, alert_judged)
OWN = {"id", "turn"}

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("spawning")]


@pytest.fixture(scope="module")
def judged(shared_database):
    """A ledger in which every rule finds something, and what is kept of it after judging here."""
    tables, _ = generate_with_faults("tiny", 1, TODAY)
    write(shared_database, tables, "operator")
    fold(shared_database)
    judge(shared_database, TODAY)
    number = keep(shared_database, TODAY, USUAL)
    assert number == _count(shared_database, accounts) > 20
    rows = _rows(shared_database)
    assert all(rows.values())
    return shared_database, number, rows


@pytest.fixture
def to_be_judged(judged, monkeypatch):
    """All of it again, some accounts at a time, of which each process gets several."""
    database, *_ = judged
    with database.writer.begin() as connection:
        confine(connection, ALL)
        mark_all(connection)
        begin_anew(connection)
    for module, name, value in (
        (account_risks, "WORTH", 10),
        (account_risks, "AT_ONCE", 7),
        (kept_alerts, "WORTH", 10),
        (kept_alerts, "FEW", 5),
    ):
        monkeypatch.setattr(module, name, value)
    return judged


def _count(database, table):
    with database.reading(ALL) as connection:
        return connection.scalar(select(func.count()).select_from(table))


def _rows(database):
    """What is kept, without what counts how often it was judged."""
    with database.reading(ALL) as connection:
        return {
            table.name: sorted(
                tuple(str(value) for name, value in row._mapping.items() if name not in OWN)
                for row in connection.execute(select(metadata.tables[table.name]))
            )
            for table in KEPT
        }


def test_other_processes_judge_as_this_one_does(to_be_judged, monkeypatch):
    database, number, rows = to_be_judged
    with monkeypatch.context() as patch:
        patch.setattr(account_risks, "_judged", None)  # nothing is judged here
        assert judge(database, TODAY, 2) == number
        patch.setattr(kept_alerts, "findings_of", None)
        assert keep(database, TODAY, USUAL, 2) == number
    assert _rows(database) == rows
    assert _count(database, risk_marks) == _count(database, alert_marks) == 0


def test_few_accounts_are_judged_here(to_be_judged, monkeypatch):
    database, number, rows = to_be_judged
    for module in (account_risks, kept_alerts):
        monkeypatch.setattr(module, "WORTH", number)
        monkeypatch.setattr(module, "at_hand", lambda _database, most: _one(most))
    judge(database, TODAY, 2)
    assert keep(database, TODAY, USUAL, 2) == number
    assert _rows(database) == rows


def test_what_an_ended_process_was_to_judge_is_judged_here(to_be_judged, monkeypatch):
    database, number, rows = to_be_judged
    monkeypatch.setattr(account_risks, "_judge_these", _ended)
    monkeypatch.setattr(kept_alerts, "_found_there", _ended)
    judge(database, TODAY, 2)
    assert keep(database, TODAY, USUAL, 2) == number
    assert _rows(database) == rows


def _one(most):
    assert most == 1
    return nullcontext()


def _ended(*_):
    assert parent_process() is not None
    os.kill(os.getpid(), signal.SIGKILL)
