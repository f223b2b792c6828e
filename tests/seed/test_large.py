"""A part of the large tenant on both databases: what was asked for is there, nothing is left open, every rule holds."""

import hashlib
from datetime import date
from multiprocessing import active_children

import pytest
from sqlalchemy import func, select, text

from data_access.database import Database
from data_access.queries.balances import aging
from data_access.schema import metadata
from data_access.scope import Scope
from data_access.verification import verify
from domain.filters import Filters
from seed.large import playing
from seed.large.columns import COLUMNS
from seed.large.histories import Histories
from seed.large.tenant import ScaleError, Tenant
from seed.large.writing import write_large
from seed.writing import NotEmptyError
from tests import factories as make

TODAY = date(2026, 11, 20)
SMALL = Tenant(1, TODAY, scale=0.001)
ALL = Scope.all_sites()


def _guards(database: Database) -> set[tuple[str, str]]:
    if database.dialect == "sqlite":
        statement = (
            "SELECT name, sql FROM sqlite_master WHERE type IN ('trigger', 'index', 'table') AND sql IS NOT NULL"
        )
    else:
        statement = (
            "SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index WHERE indrelid > 16384 UNION ALL "
            "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid > 16384 UNION ALL "
            "SELECT relname, relforcerowsecurity::text FROM pg_class WHERE oid > 16384 UNION ALL "
            "SELECT tgname, tgenabled::text FROM pg_trigger WHERE NOT tgisinternal"
        )
    with database.reading(ALL) as connection:
        return {tuple(row) for row in connection.execute(text(statement))}


@pytest.fixture(scope="module")
def large(shared_database: Database) -> tuple[Database, set[tuple[str, str]], dict[str, int]]:
    before = _guards(shared_database)
    counts = write_large(shared_database, SMALL, "operator")
    return shared_database, before, counts


def test_every_rule_holds_and_every_guard_stands_as_before(large):
    database, before, counts = large
    assert _guards(database) == before
    outcome = verify(database, TODAY)
    assert [result for result in outcome.results if result.findings] == []
    assert outcome.notes == ()
    with database.reading(ALL) as connection:
        for name, number in counts.items():
            assert connection.scalar(select(func.count()).select_from(metadata.tables[name])) == number, name
    assert counts.keys() >= COLUMNS.keys()


def test_one_bill_in_25_is_open_or_as_many_as_are_asked_for(large):
    database, _, counts = large
    invoices = metadata.tables["invoices"]
    still_open = select(func.count()).where(invoices.c.kind == "invoice", invoices.c.settled < invoices.c.amount)
    with database.reading(ALL) as connection:
        rows = aging(connection, ALL, Filters(as_of=TODAY), "currency")
        assert connection.scalar(still_open) == sum(row.open_count for row in rows) == SMALL.accounts * 60 // 25
    assert counts["payments"] > 0.94 * counts["invoices"]
    few = Tenant(1, TODAY, scale=0.01, open_bills=30)
    assert sum(account.open_bills for account in few.each_account()) == 30


def test_the_next_payment_takes_the_next_id_and_guards_count_it(large):
    database, _, counts = large
    with database.reading(ALL) as connection:
        accounts = metadata.tables["accounts"]
        where = dict(
            connection.execute(select(accounts.c.id.label("account_id"), accounts.c.site_id)).mappings().first()
        )
    assert make.payment(database, where, TODAY, 100) == counts["payments"] + 1


def test_a_ledger_with_sites_is_left_alone(large):
    with pytest.raises(NotEmptyError):
        write_large(large[0], SMALL, "operator")


def test_the_same_arguments_make_the_same_rows_and_another_seed_makes_others():
    def digest(tenant: Tenant) -> str:
        histories, found = Histories(tenant), hashlib.sha256()
        for account in tenant.each_account():
            found.update(repr(histories.play(account)).encode())
        return found.hexdigest()

    assert digest(SMALL) == digest(Tenant(1, TODAY, scale=0.001))
    assert digest(SMALL) != digest(Tenant(2, TODAY, scale=0.001))


@pytest.mark.usefixtures("spawning")
@pytest.mark.parametrize("dialect", ["sqlite", "postgresql"])
def test_another_process_plays_the_same_rows(dialect, monkeypatch):
    here, there = [], []
    sums = playing.play_all(SMALL, dialect, here.append)
    monkeypatch.setattr(playing, "MANY", 0)
    assert playing.play_all(SMALL, dialect, there.append) == sums
    assert there == here
    assert all(bool(rows.text) == (dialect == "postgresql") for some in here for rows in some.values() if rows.number)


@pytest.mark.usefixtures("spawning")
def test_a_process_that_ends_early_is_told(monkeypatch):
    monkeypatch.setattr(playing, "MANY", 0)
    with pytest.raises(RuntimeError, match="has ended"):
        playing.play_all(Tenant(1, TODAY, scale=0.02), "sqlite", lambda _: active_children()[0].kill())


@pytest.mark.parametrize(("scale", "open_bills"), [(0, None), (1.5, None), (0.01, -1), (0.01, 10**9)])
def test_a_size_that_cannot_be_is_refused(scale, open_bills):
    with pytest.raises(ScaleError, match="cannot be"):
        Tenant(1, TODAY, scale, open_bills)
