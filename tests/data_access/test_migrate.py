"""Migrations run up and down, and make what the metadata says."""

from datetime import UTC, date, datetime
from pathlib import Path
from random import Random

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import exc, inspect, select, text

from data_access import migrations
from data_access.database import Database
from data_access.migrate import downgrade, upgrade
from data_access.migrations import filling
from data_access.months import differences
from data_access.revisions import current_revision, head_revision, named
from data_access.schema import bank_lines, invoices, metadata, payments
from data_access.scope import Scope
from data_access.verification.bank import matched_is_sum
from data_access.verification.ledger import counters_are_sums
from tests import factories as make
from tests.outsider import Outsider


# SQLite tells no more of an index on lower(...) than that it is there: the plans of the searches show that it is used.
@pytest.mark.filterwarnings("ignore:Skipped unsupported reflection of expression-based index")
@pytest.mark.filterwarnings("ignore:autogenerate skipping")
def test_the_migrations_make_what_the_metadata_says(database):
    with database.writer.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []


def test_up_down_and_up_again(address):
    database = Database(address)
    upgrade(database)
    upgrade(database)
    assert current_revision(database) == head_revision()
    downgrade(database)
    assert set(inspect(database.writer).get_table_names()) <= {"alembic_version"}
    upgrade(database)
    assert current_revision(database) == head_revision()
    database.close()


def test_the_newest_revision_is_the_one_that_alembic_goes_up_to():
    scripts = ScriptDirectory(str(Path(migrations.__file__).parent))
    assert head_revision() == scripts.get_current_head()
    for script in scripts.walk_revisions():
        assert named(script.revision) == f"revision {script.revision}"


def test_what_only_the_database_calls_a_revision_is_not_repeated(address):
    database = Database(address)
    assert current_revision(database) is None
    upgrade(database)
    with database.writer.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = 'secret'"))
    assert current_revision(database) == "secret"
    assert named("secret") == "a revision that this program does not know"
    database.close()


STATEMENT = {
    "bank_account": "Operating",
    "kind": "bank",
    "currency": "USD",
    "period_start": date(2026, 3, 1),
    "period_end": date(2026, 4, 1),
    "source": "bank",
}


@pytest.fixture
def before(address):
    """A database at an older revision."""
    database = Database(address)

    def at(revision):
        upgrade(database, revision)
        return database

    yield at
    database.close()


def test_going_back_before_missing_balances_fills_them_so_that_they_add_up(before):
    database = before("0007")
    for number, (opening, closing) in enumerate([(None, None), (None, 900), (400, None), (10, 20)]):
        known = {"opening": opening, "closing": closing, "movements": -100, "import_key": f"id:{number}"}
        make.add(database, "bank_statements", **STATEMENT | known)
    downgrade(database, "0006")
    balances = text("SELECT opening, closing FROM bank_statements ORDER BY id")
    with database.reading(Scope.all_sites()) as connection:
        assert [tuple(row) for row in connection.execute(balances)] == [(0, -100), (1000, 900), (400, 300), (10, 20)]
    with pytest.raises(exc.IntegrityError):
        make.add(database, "bank_statements", **STATEMENT, opening=None, closing=1)
    with pytest.raises(exc.DBAPIError, match="not edited"), database.writer.begin() as connection:
        connection.execute(text("UPDATE bank_statements SET opening = 1"))
    upgrade(database)
    with database.reading(Scope.all_sites()) as connection:
        assert len(connection.execute(balances).all()) == 4


def test_counters_of_matched_money_begin_with_the_matches_that_are_there(before):
    """Two lines for one payment, one of them undone; a third payment without a match."""
    database = before("0007")
    where = make.office(database)
    statement = make.add(database, "bank_statements", **STATEMENT, opening=0, closing=0, import_key="id:1")
    paid = [make.payment(database, where, date(2026, 3, 5), amount) for amount in (9_000, 4_000, 1_000)]
    line = {"statement_id": statement, "bank_account": "Operating", "booked_on": date(2026, 3, 9), "currency": "USD"}
    lines = [
        make.add(database, "bank_lines", **line, amount=-amount, import_key=f"id:{amount}")
        for amount in (5_000, 4_000, 4_001)
    ]
    decided = {"decided_by": "ana", "decided_at": datetime(2026, 3, 10, tzinfo=UTC)}

    def match(payment, of, amount, **more):
        values = {"payment_id": payment, "bank_line_id": of, "amount": amount}
        return make.add(database, "matches", **where, **values, **(decided | more))

    match(paid[0], lines[0], 5_000)
    match(paid[0], lines[1], 4_000)
    undone = datetime(2026, 3, 12, tzinfo=UTC)
    match(paid[1], lines[2], 4_000, undoes_id=match(paid[1], lines[2], 4_000), decided_at=undone)
    upgrade(database)
    with database.reading(Scope.all_sites()) as connection:
        assert list(connection.scalars(select(payments.c.matched).order_by(payments.c.id))) == [9_000, 0, 0]
        assert list(connection.scalars(select(bank_lines.c.matched).order_by(bank_lines.c.id))) == [5_000, 4_000, 0]
        assert not list(matched_is_sum(connection))
        last = [decided["decided_at"], undone, None]
        assert list(connection.scalars(select(payments.c.matched_at).order_by(payments.c.id))) == last
    downgrade(database, "0040")
    match(paid[1], lines[2], 4_000, decided_at=(again := datetime(2026, 3, 15, tzinfo=UTC)))
    upgrade(database)
    with database.reading(Scope.all_sites()) as connection:
        assert not [finding for finding in matched_is_sum(connection) if finding.startswith("payments")]
        assert connection.scalar(select(payments.c.matched_at).where(payments.c.id == paid[1])) == again


def test_the_days_of_what_was_applied_are_filled_from_the_rows_that_are_there_and_kept(before):
    database = before("0020")
    outsider = Outsider(database, Random(7))
    for _ in range(40):
        outsider.write()
    upgrade(database)
    for _ in range(20):
        outsider.write()
    with database.reading(Scope.all_sites()) as connection:
        assert list(counters_are_sums(connection)) == []
        assert connection.scalar(text("SELECT count(*) FROM invoices WHERE applied_from < applied_until"))
        assert connection.scalar(text("SELECT count(*) FROM payments WHERE applied_until > paid_on"))
    downgrade(database, "0020")
    for _ in range(5):  # with the triggers of before
        outsider.write()
    upgrade(database)
    with database.reading(Scope.all_sites()) as connection:
        assert list(counters_are_sums(connection)) == []


def test_bills_that_were_disputed_are_known_from_the_disputes_that_are_there(before):
    """Open or closed; and of those that come in when the revision was taken back."""
    database = before("0033")
    where, day = make.office(database), date(2026, 3, 9)

    def bill(number, **disputed):
        invoice_id = make.invoice(database, where, number, day, None, 500)
        if disputed:
            make.add(database, "disputes", **where, invoice_id=invoice_id, amount=200, opened_on=day, **disputed)

    def known():
        with database.reading(Scope.all_sites()) as connection:
            assert list(counters_are_sums(connection)) == []
            disputed = select(invoices.c.number).where(invoices.c.ever_disputed == 1)
            return list(connection.scalars(disputed.order_by(invoices.c.id)))

    bill("1")
    bill("2", reason="wrong plan")
    bill("3", closed_on=day)
    upgrade(database)
    bill("4", reason="late fee")
    assert known() == ["2", "3", "4"]
    downgrade(database, "0033")
    bill("5", reason="again")
    upgrade(database)
    assert known() == ["2", "3", "4", "5"]


def test_sums_of_open_items_are_filled_from_the_rows_that_are_there(before, monkeypatch):
    """On SQLite a few accounts at a time, of which several are in one sum."""
    monkeypatch.setattr(filling, "_AT_ONCE", 1)
    database = before("0015")
    outsider = Outsider(database, Random(3))
    for _ in range(40):
        outsider.write()
    upgrade(database)
    with database.reading(Scope.all_sites()) as connection:
        assert list(differences(connection)) == []
        assert connection.scalar(text("SELECT count(*) FROM open_totals WHERE account_id IS NOT NULL")) == 0
        assert connection.scalar(text("SELECT count(*) FROM open_totals WHERE month IS NULL"))
