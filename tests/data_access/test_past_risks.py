"""What is kept of the past follows from what is written, whoever writes and judges meanwhile; on both databases."""

from datetime import date, timedelta
from random import Random

import pytest
from sqlalchemy import func, insert, select

from data_access import account_risks, past_risks
from data_access.account_risks import judge
from data_access.commands.policies import add_policy
from data_access.confinement import confine
from data_access.folding import fold
from data_access.months import rebuild
from data_access.past_risks import DAYS, keep, known_days
from data_access.schema import accounts, past_days, risk_marks
from data_access.schema import past_risks as kept
from data_access.scope import Scope
from data_access.verification import verify
from domain.policies import Policy, SuspensionDays
from tests import factories as make
from tests.outsider import START, Outsider

ALL = Scope.all_sites()
TODAY = START + timedelta(days=120)
DAY, OTHER = START + timedelta(days=40), START + timedelta(days=75)
TERMS = Policy("V0", date(2025, 1, 1), "Terms, 9", notice_days=5, suspension=SuspensionDays(10, 14, 21))


@pytest.fixture
def outsider(database):
    found = Outsider(database, Random(5))
    database.writing("ana", ALL, lambda w: add_policy(w, ALL, found.vendors[0], TERMS))
    for _ in range(40):
        found.write()
    _judge(database)
    return found


def _judge(database):
    fold(database)
    return judge(database, TODAY)


def _wrong(database):
    """What is kept and is not what judging it now says; nothing is to be judged again."""
    with database.reading(ALL) as connection:
        assert connection.scalars(select(risk_marks.c.id)).all() == []
        ids = list(connection.scalars(select(accounts.c.id)))
        return [said for day in known_days(connection) for said in past_risks.differences(connection, day, ids)]


def _number(database, table):
    with database.reading(ALL) as connection:
        return connection.scalar(select(func.count()).select_from(table))


def _mark(database, *ids):
    with database.writer.begin() as connection:
        confine(connection, ALL)
        connection.execute(insert(risk_marks), [{"account_id": account_id} for account_id in ids])


def test_what_is_written_is_judged_for_the_days_that_are_kept_as_well(outsider):
    database, told = outsider.database, []
    assert keep(database, DAY, lambda *how_far: told.append(how_far))
    assert keep(database, OTHER)
    assert told == [(4, 4)]
    seen = set()
    for _ in range(25):
        outsider.write()
        _judge(database)
        assert _wrong(database) == []
        with database.reading(ALL) as connection:
            rows = connection.execute(select(kept.c.day, kept.c.keeps_on, kept.c.stage).order_by(kept.c.account_id))
            seen.add(tuple(rows.all()))
    assert len(seen) > 3  # it changed often
    assert _number(database, kept) == 2 * len(outsider.accounts)


def test_an_account_that_is_new_is_kept_of_the_days_too(outsider):
    database = outsider.database
    keep(database, DAY)
    new = make.account(database, outsider.sites[0], outsider.vendors[0], "NEW")
    where = {"account_id": new, "site_id": outsider.sites[0]}
    make.invoice(database, where, "N1", DAY - timedelta(days=40), DAY - timedelta(days=20), 500)
    assert _judge(database) == 1
    with database.reading(ALL) as connection:
        assert connection.scalar(select(kept.c.bills).where(kept.c.account_id == new)) == 1
    assert _wrong(database) == []


def test_few_days_are_kept_and_the_oldest_makes_room(outsider):
    days = [DAY + timedelta(days=n) for n in range(DAYS + 2)]
    for day in days:
        assert keep(outsider.database, day)
    with outsider.database.reading(ALL) as connection:
        assert known_days(connection, done=True) == days[2:]
    assert _number(outsider.database, kept) == DAYS * len(outsider.accounts)


def test_who_keeps_a_day_puts_nothing_over_what_others_judged_meanwhile(outsider, monkeypatch):
    database, judged_on = outsider.database, past_risks.judged_on
    account_id = next(iter(outsider.accounts))

    def slowly(connection, day, ids):
        rows = list(judged_on(connection, day, ids))
        monkeypatch.setattr(past_risks, "judged_on", judged_on)
        make.invoice(
            database, outsider.where(account_id), "LATE", DAY - timedelta(days=40), DAY - timedelta(days=30), 900
        )
        assert _judge(database) == 1  # another, with the bill
        return iter(rows)

    monkeypatch.setattr(past_risks, "judged_on", slowly)
    assert keep(database, DAY)
    assert _wrong(database) == []
    assert _number(database, kept) == len(outsider.accounts)


def test_who_judges_puts_nothing_over_a_day_that_was_kept_meanwhile(outsider, monkeypatch):
    database, judged_on = outsider.database, past_risks.judged_on
    with database.writer.begin() as connection:
        confine(connection, ALL)
        connection.execute(insert(past_days).values(day=DAY))  # somebody is about to judge it
    _mark(database, next(iter(outsider.accounts)))

    def slowly(*given):
        rows = list(judged_on(*given))
        monkeypatch.setattr(past_risks, "judged_on", judged_on)
        assert keep(database, DAY)
        return iter(rows)

    monkeypatch.setattr(past_risks, "judged_on", slowly)
    assert judge(database, TODAY) == 0
    assert judge(database, TODAY) == 1
    assert _wrong(database) == []


def test_a_day_that_is_given_up_while_it_is_judged_is_not_kept(outsider, monkeypatch):
    database, judged_on = outsider.database, past_risks.judged_on

    def slowly(*given):
        rows = list(judged_on(*given))
        with database.writer.begin() as connection:
            confine(connection, ALL)
            past_risks.forget(connection)
        return iter(rows)

    monkeypatch.setattr(past_risks, "judged_on", slowly)
    assert not keep(database, DAY)
    assert (_number(database, kept), _number(database, past_days)) == (0, 0)


def test_where_very_many_accounts_are_marked_no_day_is_kept(outsider, monkeypatch):
    database = outsider.database
    keep(database, DAY)
    monkeypatch.setattr(account_risks, "_MANY", 2)
    _mark(database, *list(outsider.accounts)[:2])
    _judge(database)
    assert _number(database, past_days) == 1
    _mark(database, *list(outsider.accounts)[:3])
    _judge(database)
    assert (_number(database, past_days), _number(database, kept)) == (0, 0)


def test_verify_says_which_is_wrong_and_rebuild_mends_it(outsider):
    database, account_id = outsider.database, next(iter(outsider.accounts))
    keep(database, DAY)
    with database.writer.begin() as connection:  # the owner's right alone
        connection.exec_driver_sql(f"UPDATE past_risks SET headcount = 7 WHERE account_id = {account_id}")
    found = {result.id: result.findings for result in verify(database, TODAY).results}["D2"]
    advice = "`python manage.py rebuild` makes it anew"
    assert f"past_risks: headcount of account_id {account_id} on {DAY} is 7, judged now 0; {advice}" in found
    rebuild(database)
    judge(database, TODAY)
    assert not {result.id: result.findings for result in verify(database, TODAY).results}["D2"]
    assert _number(database, past_days) == 1
