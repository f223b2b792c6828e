"""Checks in processes of their own find what they find here, and a process that is ended costs nothing but time."""

import os
import signal
from multiprocessing import parent_process

import pytest

from data_access import processes
from data_access.processes import processes_for
from data_access.verification import verify
from data_access.verification.looking import findings_each
from tests.data_access.verification.conftest import TODAY


@pytest.mark.usefixtures("spawning")
@pytest.mark.slow
def test_checks_in_other_processes_find_the_same(database, breaks, busy):
    breaks("UPDATE invoices SET settled = 7 WHERE id = {abroad}")
    here = verify(database, TODAY)
    assert "L3" in {result.id for result in here.results if result.findings}
    assert verify(database, TODAY, processes=2) == here


@pytest.mark.usefixtures("spawning")
@pytest.mark.slow
@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_what_an_ended_process_was_to_look_at_is_looked_at_here(database):
    assert findings_each(database, _where, 3, 2) == [["here 0"], ["here 1"], ["here 2"]]


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_where_no_process_can_be_started_threads_look(database, monkeypatch):
    def refused(*_, **__):
        raise OSError("no semaphores")

    monkeypatch.setattr(processes, "ProcessPoolExecutor", refused)
    assert findings_each(database, _where, 2, 2) == [["here 0"], ["here 1"]]


@pytest.mark.usefixtures("spawning")
@pytest.mark.slow
@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_a_failure_in_another_process_is_told(database):
    with pytest.raises(ValueError, match="check 0"):
        findings_each(database, _fails, 2, 2)


def test_processes_are_started_for_a_large_ledger_alone(database, busy, monkeypatch):
    assert processes_for(database) == 1
    monkeypatch.setattr(processes, "LARGE", 1)
    assert processes_for(database) == os.cpu_count()


def _where(connection, number):
    if parent_process() is not None:
        os.kill(os.getpid(), signal.SIGKILL)
    return [f"here {number}"]


def _fails(connection, number):
    raise ValueError(f"check {number}")
