"""kill -9 while payments are entered: what was acknowledged is there, all of it, and nothing is there in part."""

import multiprocessing
import random
import sys
import time
from collections import Counter
from datetime import date
from types import ModuleType

import pytest
from sqlalchemy import insert, select, text

from data_access.schema import allocations, audit_log, invoices, payments
from data_access.scope import Scope
from data_access.verification import verify
from tests import factories as make
from tests.faults.clerk import AMOUNT, enter_payments

ROUNDS = {"sqlite": 50, "postgresql": 15}
LONGEST = 0.02  # seconds from the last line that was waited for to the kill: about two payments


@pytest.fixture
def processes(monkeypatch):
    """Fresh processes that have imported everything already, so that fifty of them take seconds."""
    # A page that a test drew is left as the main module, and a process would begin by drawing it.
    monkeypatch.setitem(sys.modules, "__main__", ModuleType("__main__"))
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.faults.clerk"])
    return context


@pytest.fixture
def account(database):
    """An account with 60 bills of 10.50: now and then a payment of 1.00 is split over two."""
    where = make.office(database)
    bill = where | {"kind": "invoice", "issued_on": date(2026, 1, 5), "due_on": date(2026, 2, 4), "amount": 1050}
    with database.writer.begin() as connection:
        connection.execute(insert(invoices), [bill | {"number": f"B{n:02}"} for n in range(60)])
    return where["account_id"]


def enter_and_kill(processes, url, account_id, lines, delay):
    """The ids that the killed process had told of."""
    ours, theirs = processes.Pipe(duplex=False)
    clerk = processes.Process(target=enter_payments, args=(url, account_id, theirs), daemon=True)
    clerk.start()
    theirs.close()
    told = [ours.recv() for _ in range(lines)]
    until = time.perf_counter() + delay
    while time.perf_counter() < until:
        pass
    clerk.kill()
    clerk.join()
    assert clerk.exitcode == -9, "it was to be killed, and ended by itself"
    try:
        while True:  # what it had told before it died
            told.append(ours.recv())
    except (EOFError, OSError):
        return told


def settle(database):
    """PostgreSQL notices a dead client when it next speaks to it: wait until its sessions have ended."""
    if database.dialect == "postgresql":
        others = text(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() "
            "AND backend_type = 'client backend' AND state <> 'idle'"
        )
        while True:
            with database.reading(Scope.all_sites()) as connection:
                if connection.scalar(others) == 0:
                    return


@pytest.mark.slow
def test_kill_while_payments_are_entered(database, ledger_address, account, processes):
    chance = random.Random(20261120)
    acknowledged = []
    for _ in range(ROUNDS[database.dialect]):
        lines, delay = chance.randrange(4), chance.uniform(0, LONGEST)
        acknowledged += enter_and_kill(processes, ledger_address, account, lines, delay)
    settle(database)
    with database.reading(Scope.all_sites()) as connection:
        entered = connection.execute(select(payments)).all()
        parts = connection.execute(select(allocations.c.payment_id, allocations.c.amount)).all()
        events = connection.execute(select(audit_log.c.entity_id, audit_log.c.action)).all()
    assert len(acknowledged) == len(set(acknowledged)) > ROUNDS[database.dialect]
    lost = set(acknowledged) - {row.id for row in entered}
    assert lost == set()
    # At most the one payment that was under way at each kill landed without anybody being told.
    assert len(entered) - len(acknowledged) <= ROUNDS[database.dialect]
    applied, split = Counter(), Counter()
    for part in parts:
        applied[part.payment_id] += part.amount
        split[part.payment_id] += 1
    assert applied == {row.id: AMOUNT for row in entered}
    assert {row.id: row.allocated for row in entered} == applied
    told = Counter(events)
    assert told == Counter({(row.id, "record"): 1 for row in entered}) + Counter(
        {(row.id, "allocate"): split[row.id] for row in entered}
    )
    outcome = verify(database, date(2026, 3, 1))
    assert outcome.ok, outcome
