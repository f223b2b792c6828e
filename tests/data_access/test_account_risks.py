"""What is kept of accounts' risk follows from what is written, whoever writes, and for as many days as it says."""

from datetime import date, timedelta

import pytest
from sqlalchemy import insert, select, text

from data_access import account_risks
from data_access.account_risks import AHEAD, differences, judge
from data_access.commands.policies import add_policy
from data_access.confinement import confine
from data_access.database import Database
from data_access.folding import fold
from data_access.months import rebuild
from data_access.queries.touched import touched
from data_access.schema import account_risks as kept
from data_access.schema import risk_marks
from data_access.scope import Scope
from data_access.verification import verify
from domain.policies import Policy, SuspensionDays
from domain.risk import Stage
from tests import factories as make

ALL = Scope.all_sites()
TODAY = date(2026, 3, 10)
TERMS = Policy("Lumina", date(2025, 1, 1), "Terms, 9", suspension=SuspensionDays(20, 24, 30))
# What an account's risk follows from, one write each; {a}: the account, {s}: its site, {o}: another site, {v}: another vendor.
WRITES = (
    "UPDATE payments SET status = 'posted', posted_on = '2026-03-09' WHERE account_id = {a} AND status = 'pending'",
    "INSERT INTO notices (id, account_id, site_id, kind, dated, acts_on) VALUES (1, {a}, {s}, 'suspension', '2026-03-05', '2026-03-12')",
    "UPDATE notices SET withdrawn_on = '2026-03-08' WHERE id = 1",
    "INSERT INTO disputes (id, account_id, site_id, invoice_id, amount, opened_on) VALUES (1, {a}, {s}, {b}, 90, '2026-03-05')",
    "INSERT INTO dispute_events (account_id, site_id, dispute_id, kind, dated, amount, recorded_by, recorded_at) "
    "VALUES ({a}, {s}, 1, 'credit', '2026-03-06', 30, 'ana', '2026-03-06 10:00:00+00:00')",
    "UPDATE disputes SET closed_on = '2026-03-09' WHERE id = 1",
    "INSERT INTO services (id, account_id, site_id, identifier, criticality) VALUES (1, {a}, {s}, 'L1', 4)",
    "UPDATE services SET criticality = 2 WHERE id = 1",
    "INSERT INTO services (id, account_id, site_id, identifier, criticality) VALUES (2, {a}, {o}, 'L2', 1)",
    "UPDATE sites SET headcount = 70 WHERE id = {o}",
    "UPDATE sites SET headcount = 30, country = 'GB' WHERE id = {s}",
    "DELETE FROM services WHERE id = 2",
    "UPDATE vendor_policies SET effective_until = '2026-03-01'",
    "INSERT INTO vendor_policies (vendor_id, effective_from, source, suspends_earliest, suspends_likely, suspends_latest) "
    "VALUES ({l}, '2026-03-01', 'Terms, 10', 9, 11, 13)",
    "UPDATE accounts SET opened_on = '2026-01-01' WHERE id = {a}",
    "UPDATE accounts SET terms_days = 5 WHERE id = {a}",
    "UPDATE accounts SET vendor_id = {v} WHERE id = {a}",
    "UPDATE accounts SET site_id = {o} WHERE id = {a}",
)


@pytest.fixture(scope="module")
def ledger(shared_database: Database) -> tuple[Database, dict[str, int]]:
    """One account with a bill that is late, of which a part is on its way, and one that nobody writes to."""
    where = make.office(shared_database)
    with shared_database.writer.connect() as connection:
        lumina = connection.execute(text("SELECT id FROM vendors")).scalar_one()
    shared_database.writing("ana", ALL, lambda w: add_policy(w, ALL, lumina, TERMS))
    late = make.invoice(shared_database, where, "B1", TODAY - timedelta(days=30), TODAY - timedelta(days=9), 500)
    sent = make.payment(shared_database, where, TODAY - timedelta(days=2), 100, status="pending", posted_on=None)
    make.allocation(shared_database, where, 100, TODAY - timedelta(days=2), payment_id=sent, invoice_id=late)
    other, vendor = make.site(shared_database, "BR"), make.vendor(shared_database, "Alder")
    ids = {"a": where["account_id"], "s": where["site_id"], "o": other, "b": late, "l": lumina, "v": vendor}
    still = {"account_id": make.account(shared_database, other, vendor, "N-1"), "site_id": other}
    make.invoice(shared_database, still, "N1", TODAY - timedelta(days=3), TODAY + timedelta(days=4), 70)
    make.invoice(shared_database, still, "N2", TODAY - timedelta(days=3), TODAY + timedelta(days=40), 80)
    return shared_database, ids


def _touched(database: Database, day: date = TODAY) -> list[int]:
    with database.reading(ALL) as connection:
        return touched(connection, ALL, day, 100) or []


def _wrong(database: Database, day: date = TODAY) -> list[str]:
    with database.reading(ALL) as connection:
        return list(differences(connection, day))


def _judge(database: Database, day: date = TODAY) -> int:
    fold(database)
    return judge(database, day)


def _kept(database: Database, account_id: int, day: date = TODAY) -> tuple[object, ...]:
    standing = kept.c.account_id == account_id, kept.c.since <= day, kept.c.until > day
    with database.reading(ALL) as connection:
        row = connection.execute(select(kept).where(*standing)).one()
    return Stage(row.stage), row.stops_on, row.keeps_on, row.services, row.criticality, row.headcount


def test_every_write_that_may_change_it_has_the_account_judged_again(ledger):
    database, ids = ledger
    _judge(database)
    assert (_touched(database), _wrong(database)) == ([], [])
    told = set()
    for write in WRITES:
        with database.writer.begin() as connection:
            if not write.startswith("DELETE"):  # which no role of ours may
                confine(connection, ALL)
            connection.exec_driver_sql(write.format(**ids))
        assert ids["a"] in _touched(database), write
        assert _judge(database) > 0
        assert (_touched(database), _wrong(database)) == ([], []), write
        told.add(_kept(database, ids["a"]))
    assert len(told) > 9  # most of them changed what is kept, too
    assert _judge(database) == 0


def test_a_new_day_finds_what_was_judged_ahead_and_judges_the_rest(ledger):
    database, ids = ledger
    rebuild(database)
    _judge(database)
    ahead, after = TODAY + timedelta(days=AHEAD - 1), TODAY + timedelta(days=40)
    assert _touched(database, ahead) == []
    assert _wrong(database, ahead) == []
    other = next(each for each in _every(database) if each != ids["a"])
    assert _kept(database, other)[0] is Stage.CURRENT
    assert _kept(database, other, TODAY + timedelta(days=5))[0] is Stage.LATE
    assert judge(database, TODAY) == 0
    assert judge(database, ahead) == 0
    assert judge(database, after) == 1  # before the next bill is late
    assert judge(database, after) == 0
    assert _touched(database, TODAY) == [other]  # what was judged on a later day says nothing of this one


def test_what_is_written_for_a_later_day_counts_from_that_day_on(ledger):
    database, ids = ledger
    rebuild(database)
    later, where = TODAY + timedelta(days=3), _where(database, ids["a"])
    make.invoice(database, where, "B2", later, later, 60)
    _judge(database)
    assert _touched(database, later - timedelta(days=1)) == []
    assert _touched(database, later) == [ids["a"]]


def _every(database: Database) -> list[int]:
    with database.reading(ALL) as connection:
        return list(connection.scalars(select(kept.c.account_id).distinct()))


def _mark(database: Database, account_id: int) -> None:
    with database.writer.begin() as connection:
        confine(connection, ALL)
        connection.execute(insert(risk_marks).values(account_id=account_id, site_id=None))


def test_who_is_overtaken_keeps_what_the_other_judged(ledger, monkeypatch):
    database, ids = ledger
    rebuild(database)
    _judge(database)
    _mark(database, ids["a"])
    judged = account_risks._judged

    def slowly(*given):
        rows = list(judged(*given))
        monkeypatch.setattr(account_risks, "_judged", judged)
        make.invoice(database, _where(database, ids["a"]), "B9", TODAY - timedelta(days=40), TODAY, 900)
        assert _judge(database) == 1  # by another, with the bill
        return iter(rows)

    monkeypatch.setattr(account_risks, "_judged", slowly)
    assert judge(database, TODAY) == 0
    assert (_touched(database), _wrong(database)) == ([], [])


def _where(database: Database, account_id: int) -> dict[str, int]:
    with database.reading(ALL) as connection:
        site = connection.execute(text(f"SELECT site_id FROM accounts WHERE id = {account_id}")).scalar_one()
    return {"account_id": account_id, "site_id": site}


def test_verify_says_which_is_wrong_and_rebuild_mends_it(ledger):
    database, ids = ledger
    rebuild(database)
    _judge(database)
    with database.writer.begin() as connection:  # the owner's right alone
        connection.exec_driver_sql(f"UPDATE account_risks SET headcount = 7 WHERE account_id = {ids['a']}")
        connection.exec_driver_sql(f"DELETE FROM account_risks WHERE account_id <> {ids['a']}")
    found = {result.id: result.findings for result in verify(database, TODAY).results}["D2"]
    other = next(each for each in (1, 2) if each != ids["a"])
    advice = "`python manage.py rebuild` makes it anew"
    assert f"account_risks: headcount of account_id {ids['a']} is 7, judged now 30; {advice}" in found
    assert f"account_risks: site_id of account_id {other} is missing, judged now {ids['o']}; {advice}" in found
    rebuild(database)
    judge(database, TODAY)
    assert _wrong(database) == []
