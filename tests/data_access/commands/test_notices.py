"""Recording and withdrawing what a vendor sent."""

from datetime import date

import pytest
from sqlalchemy.exc import DBAPIError

from data_access.commands.notices import NoticeDraft, record_notice, withdraw_notice
from data_access.commands.refusals import LedgerRefusedError, NotFoundError
from data_access.schema import metadata
from data_access.scope import Scope
from domain.notices import NoticeKind
from tests import factories as make

ALL = Scope.all_sites()
DATED, ACTS = date(2026, 3, 10), date(2026, 3, 20)


def draft(where, **values):
    row = {"account_id": where["account_id"], "kind": NoticeKind.SUSPENSION, "dated": DATED, "acts_on": ACTS}
    return NoticeDraft(**row | values)


@pytest.fixture
def recorded(run, where, bills):
    return run(
        record_notice, ALL, draft(where, amount=15000, reference="LN-7", channel="letter", invoice_id=bills["jan"])
    )


def test_a_notice_is_kept_with_its_event_and_withdrawn_once(run, refuses, recorded, where, bills, rows, told):
    (row,) = rows("notices")
    assert (row.account_id, row.site_id, row.kind, row.dated, row.acts_on, row.amount, row.invoice_id) == (
        where["account_id"], where["site_id"], "suspension", DATED, ACTS, 15000, bills["jan"]
    )  # fmt: skip
    refuses(LedgerRefusedError, withdraw_notice, ALL, recorded, date(2026, 3, 9))
    run(withdraw_notice, ALL, recorded, date(2026, 3, 12))
    assert rows("notices")[0].withdrawn_on == date(2026, 3, 12)
    assert told() == [("record", "notices", recorded), ("withdraw", "notices", recorded)]
    assert "2026-03-12" in refuses(LedgerRefusedError, withdraw_notice, ALL, recorded, date(2026, 3, 13))


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"kind": NoticeKind.LATE}, "a late notice names no day"),
        ({"acts_on": None}, "names the day on which the vendor acts"),
        ({"amount": 0}, "a positive amount"),
    ],
)
def test_a_notice_that_contradicts_itself_is_refused(refuses, where, wrong, reason):
    assert reason in refuses(LedgerRefusedError, record_notice, ALL, draft(where, **wrong))


def test_what_is_out_of_sight_is_not_there(run, refuses, recorded, where, other, own):
    foreign = run(record_notice, ALL, draft(other))
    refuses(NotFoundError, record_notice, own, draft(other))
    refuses(NotFoundError, withdraw_notice, own, foreign, ACTS)
    refuses(NotFoundError, withdraw_notice, ALL, 987, ACTS)
    refuses(NotFoundError, record_notice, ALL, draft(where, invoice_id=other["bill"]))


def test_who_sees_one_site_writes_its_notices_and_no_other(database, where, other, own):
    """The database's own line: a plain INSERT in the confined transaction."""
    row = {"kind": "late", "dated": DATED}

    def insert(place):
        def work(writing):
            writing.connection.execute(metadata.tables["notices"].insert(), [row | place])
            writing.record("record", "notices", site_id=place["site_id"])

        return work

    database.writing("ana", own, insert(where))
    if database.dialect == "postgresql":
        with pytest.raises(DBAPIError, match="row-level security"):
            database.writing("ana", own, insert(other["place"]))
    make.add(database, "notices", **row | other["place"])
    with database.reading(own) as connection:
        seen = connection.exec_driver_sql("SELECT account_id FROM notices").scalars().all()
    everything = [where["account_id"], other["account_id"]]
    assert seen == (everything[:1] if database.dialect == "postgresql" else everything)


@pytest.mark.parametrize(
    ("what", "reason"),
    [
        ("acts_on = '2026-04-20'", "a notice is not edited"),
        ("amount = NULL", "a notice is not edited"),
        ("account_id = 987", "a notice is not edited"),
        ("site_id = 987", "its account home site"),
        ("withdrawn_on = '2026-03-01'", "ck_notices_withdrawn"),
    ],
)
def test_the_database_keeps_a_notice_as_it_is(database, recorded, what, reason):
    with pytest.raises(DBAPIError, match=reason), database.writer.begin() as connection:
        connection.exec_driver_sql(f"UPDATE notices SET {what}")
    with pytest.raises(DBAPIError, match="rows are kept"), database.writer.begin() as connection:
        connection.exec_driver_sql("DELETE FROM notices")


def test_a_withdrawal_is_not_taken_back_by_an_edit(database, run, recorded):
    run(withdraw_notice, ALL, recorded, date(2026, 3, 12))
    with pytest.raises(DBAPIError, match="withdrawn once"), database.writer.begin() as connection:
        connection.exec_driver_sql("UPDATE notices SET withdrawn_on = NULL")


def test_the_notice_moves_house_with_its_account(database, where, recorded, rows):
    moved = make.site(database, "NEW")
    with database.writer.begin() as connection:
        connection.exec_driver_sql(f"UPDATE accounts SET site_id = {moved} WHERE id = {where['account_id']}")
    assert rows("notices")[0].site_id == moved


@pytest.mark.parametrize("row", [{"kind": "late", "acts_on": ACTS}, {"kind": "suspension"}, {"kind": "threat"}])
def test_the_database_refuses_what_is_no_notice(database, where, row):
    with pytest.raises(DBAPIError, match=r"ck_notices_(acts_on|kind)"):
        make.add(database, "notices", **where | {"dated": DATED} | row)
