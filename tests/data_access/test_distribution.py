"""Distribution by account: the schema keeps Citus's rules, the statements run, and the ledger holds afterwards.

Citus itself is not needed: a stand-in takes the calls and refuses what Citus refuses, PostgreSQL runs everything else.
"""

import re
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path

import psycopg
import pytest

from data_access.confinement_checks import examine_confinement
from data_access.database import Database
from data_access.distribution import COLUMN, SETTINGS, DistributionError, distribute, growth_tables
from data_access.schema import metadata
from data_access.scope import Scope
from data_access.verification import verify
from seed.writing import generate, write
from tests import factories as make

STAND_IN = (Path(__file__).parent / "citus_stand_in.sql").read_text()
DAY = date(2026, 11, 20)
GROWTH = {table.name for table in growth_tables()}
# Sums that triggers write with the ledger's own rows: they would have to be distributed too, see decision 28.
SUMS = {
    "month_totals",
    "month_payments",
    "open_totals",
    "account_totals",
    "site_totals",
    "call_days",
    "account_risks",
    "risk_marks",
    "past_days",
    "past_risks",
    "past_alert_days",
    "past_findings",
}
SUMS |= {"alert_findings", "alert_judged", "alert_marks"}  # kept by account too
SUMMING = ("duewatch_months_", "duewatch_open_", "duewatch_alert_mark")


def prepare(address, settings=SETTINGS):
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(STAND_IN)
        name = connection.info.dbname
        for setting, value in settings.items():
            connection.execute(f"ALTER DATABASE {name} SET {setting} = '{value}'")


@pytest.fixture(scope="module")
def distributed(postgres_ledgers, warm_connections):
    """A small organisation, written before it was distributed."""
    with (
        postgres_ledgers.lent() as address,
        closing(Database(address, now=lambda: datetime(2026, 11, 20, 12, tzinfo=UTC))) as database,
    ):
        write(database, generate("tiny", 1, DAY), "operator")
        database.close()
        warm_connections.end(address)  # the settings are those of new connections
        prepare(address)
        assert distribute(database)
        yield database


def test_growth_tables_go_by_account_and_everything_else_is_whole_on_every_node(distributed):
    with distributed.writer.connect() as connection:
        rows = connection.exec_driver_sql(
            "SELECT logicalrelid::text, partmethod, partkey, colocated FROM pg_dist_partition"
        )
        found = {row[0]: tuple(row[1:]) for row in rows}
    assert set(found) == set(metadata.tables)
    beside = growth_tables()[0].name
    for name, (method, key, colocated) in found.items():
        assert (method == "h") == (name in GROWTH), name
        assert (key, colocated) in ((COLUMN, beside), (COLUMN, "default")) if name in GROWTH else key is None
    # What grows with time is in there, whoever adds a table; what does not is named here.
    assert {"invoices", "charges", "payments", "allocations", "calls", "usage", "matches"} <= GROWTH
    carrying = {name for name, table in metadata.tables.items() if COLUMN in table.c}
    assert carrying - GROWTH - SUMS == {"alerts", "services"}
    assert not distribute(distributed)  # a second time finds it done


def test_foreign_keys_go_between_rows_of_one_account_or_to_what_every_node_has(distributed):
    with distributed.writer.connect() as connection:
        rows = connection.exec_driver_sql(
            "SELECT conrelid::regclass::text, confrelid::regclass::text, confupdtype, confdeltype, "
            "(SELECT array_agg(attname::text ORDER BY n) FROM unnest(conkey) WITH ORDINALITY AS k(num, n) "
            " JOIN pg_attribute ON attrelid = conrelid AND attnum = num), "
            "(SELECT array_agg(attname::text ORDER BY n) FROM unnest(confkey) WITH ORDINALITY AS k(num, n) "
            " JOIN pg_attribute ON attrelid = confrelid AND attnum = num) FROM pg_constraint WHERE contype = 'f'"
        ).all()
    assert len(rows) == sum(len(table.foreign_key_constraints) for table in metadata.tables.values())
    for source, target, on_update, on_delete, columns, referred in rows:
        if source not in GROWTH:
            assert target not in GROWTH, f"{source} would need rows of every node"
            continue
        assert on_delete == "a"
        if COLUMN in columns:
            assert on_update == "a", f"{source} cannot follow {target} to another account"
        if target in GROWTH:
            assert columns.index(COLUMN) == referred.index(COLUMN)


def test_policies_and_triggers_stay_within_the_row_and_its_account(distributed):
    with distributed.writer.connect() as connection:
        policies = connection.exec_driver_sql(
            "SELECT tablename, coalesce(qual, '') || coalesce(with_check, '') FROM pg_policies"
        ).all()
        triggers = connection.exec_driver_sql(
            "SELECT DISTINCT tgrelid::regclass::text, proname, prosrc FROM pg_trigger JOIN pg_proc ON tgfoid = pg_proc.oid "
            "WHERE NOT tgisinternal"
        ).all()
        examined = {found.about: found for found in examine_confinement(connection)}
    assert not [table for table, words in policies if "SELECT" in words.upper()]
    assert examined["policies"].ok, examined["policies"]
    assert {table for table, _, _ in triggers} >= {"invoices", "payments", "allocations", "matches"}
    for table, function, source in triggers:
        if function.startswith(SUMMING):
            continue
        for statement in touching(source):
            tables = {name for name in GROWTH if re.search(rf"\b(?:FROM|JOIN|UPDATE|INTO)\s+{name}\b", statement)}
            if table not in GROWTH:
                assert not tables, f"{function} of {table} would need rows of every node"
            elif tables:
                assert re.search(r"account_id = (NEW|OLD)\.account_id", statement), f"{function}: {statement}"
            written = re.match(r"(?:UPDATE|INSERT INTO|DELETE FROM)\s+(\w+)", statement)
            assert written is None or written[1] in GROWTH | {"risk_marks"}, f"{function} writes {statement}"


def touching(source):
    """The statements in a function that read or write tables, each to its end or to the parenthesis around it."""
    for found in re.finditer(
        r"\b(SELECT|UPDATE \w|INSERT INTO|DELETE FROM|PERFORM)\b.*?(?=;|\bTHEN\b|$)", source, re.S
    ):
        yield found[0]


def test_the_ledger_holds_all_its_rules_afterwards(distributed):
    result = verify(distributed, DAY)
    assert result.ok, [check for check in result.results if check.findings]
    where = make.office(distributed)
    bill = make.invoice(distributed, where, "D-1", DAY, DAY, 100)
    paid = make.payment(distributed, where, DAY, 60)
    make.allocation(distributed, where, 60, DAY, payment_id=paid, invoice_id=bill)
    with pytest.raises(Exception, match="allocated"):
        make.allocation(distributed, where, 1, DAY, payment_id=paid, invoice_id=bill)
    with distributed.reading(Scope.all_sites()) as connection:
        assert connection.exec_driver_sql(f"SELECT settled FROM invoices WHERE id = {bill}").scalar() == 60


def test_a_server_that_cannot_is_refused_and_left_as_it_was(postgres, sqlite_ledger):
    with pytest.raises(DistributionError, match="an SQLite file cannot be distributed"):
        distribute(Database(f"sqlite:///{sqlite_ledger}"))
    with postgres.new_database() as address:
        for settings, words in (
            ({}, "does not have the Citus extension"),
            ({"citus.enable_unsafe_triggers": "on"}, "set citus[.]propagate_set_commands = local"),
        ):
            if settings:
                prepare(address, settings)
            database = Database(address)
            with pytest.raises(DistributionError, match=words):
                distribute(database)
            database.close()
