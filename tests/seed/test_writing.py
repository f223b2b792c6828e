"""A seeded ledger on both databases: what was generated is what is there, and every rule holds."""

from collections import Counter
from datetime import date

import pytest
from sqlalchemy import func, select

from data_access.queries.risk import account_risks
from data_access.schema import metadata
from data_access.scope import Scope
from data_access.verification import verify
from domain.filters import Filters
from domain.risk import Stage
from seed.writing import NotEmptyError, generate, write
from tests import factories as make

TODAY = date(2026, 11, 20)
MOVED_BY_TRIGGERS = {"settled", "allocated", "status", "reversed_on"}


@pytest.fixture(scope="module")
def tiny():
    """Its rows, to be written and not changed."""
    return generate("tiny", 1, TODAY)


@pytest.fixture(scope="module")
def demo(shared_database):
    """(the database that has it, its rows, how many were written by table)."""
    tables = generate("demo", 1, TODAY)
    return shared_database, tables, write(shared_database, tables, "operator")


def test_both_databases_hold_exactly_the_tiny_ledger_and_every_rule_holds(database, tiny):
    holds(database, tiny, write(database, tiny, "operator"), notes=[])


def test_both_databases_hold_exactly_the_demo_and_every_rule_holds(demo):
    """One file of the bank lacks a line."""
    holds(*demo, notes=[" add up, by 12.50 GBP: opening + movements - closing"])


def holds(database, tables, counts, notes):
    outcome = verify(database, TODAY)
    assert [result for result in outcome.results if result.findings] == []
    # Every row is either of a batch or told in the trail.
    assert [note.split("does not")[1] for note in outcome.notes] == notes
    expected: dict[str, list] = {}
    for name, rows in tables.rows.items():
        expected.setdefault("payments" if name == "reversals" else name, []).extend(rows)
    assert counts == {name: len(rows) for name, rows in expected.items()}
    with database.reading(Scope.all_sites()) as connection:
        for name, rows in expected.items():
            table = metadata.tables[name]
            found = [dict(row._mapping) for row in connection.execute(select(table).order_by(table.c.id))]
            if not rows:
                assert found == []
                continue
            columns = rows[0].keys() - MOVED_BY_TRIGGERS
            assert [{c: row[c] for c in columns} for row in found] == [{c: row[c] for c in columns} for row in rows]


def test_the_next_row_takes_the_next_id(database, tiny):
    write(database, tiny, "operator")
    newest = len(tiny.rows["sites"])
    assert make.site(database, "NEW") == newest + 1
    payments = len(tiny.rows["payments"]) + len(tiny.rows["reversals"])
    where = {"account_id": 1, "site_id": tiny.rows["accounts"][0]["site_id"]}
    assert make.payment(database, where, TODAY, 100) == payments + 1


def test_a_ledger_with_sites_is_left_alone(database, tiny):
    make.site(database)
    with pytest.raises(NotEmptyError, match="already has sites; seed an empty one"):
        write(database, tiny, "operator")
    with database.reading(Scope.all_sites()) as connection:
        assert connection.scalar(select(func.count()).select_from(metadata.tables["sites"])) == 1
        assert connection.scalar(select(func.count()).select_from(metadata.tables["import_batches"])) == 0


def test_the_counters_of_a_returned_payment_are_back_at_nothing(database, tiny):
    write(database, tiny, "operator")
    payments = metadata.tables["payments"]
    with database.reading(Scope.all_sites()) as connection:
        rows = connection.execute(select(payments).where(payments.c.reversed_on.is_not(None))).all()
    assert sorted((row.status, row.method, row.allocated) for row in rows) == [
        ("returned", "e-check", 0),
        ("void", "cheque", 0),
    ]


def test_the_demo_shows_every_stage(demo):
    database, *_ = demo
    with database.reading(Scope.all_sites()) as connection:
        found = account_risks(connection, Scope.all_sites(), Filters(as_of=TODAY))
    stages = Counter(entry.risk.firm.stage for entry in found)
    assert stages.keys() == set(Stage)
    assert stages[Stage.SUSPENDED] <= 8  # of some eighty accounts
    assert any(entry.risk.provisional != entry.risk.firm for entry in found)
    assert all(entry.policy is not None for entry in found)
