"""Of many accounts D2 and D3 judge some: others every day until all had their turn, and those that were written to."""

from datetime import date, timedelta

import pytest

from data_access.commands.payments import PaymentDraft, record_payment
from data_access.scope import Scope
from data_access.verification import judged, verify
from tests import factories as make
from tests.conftest import NOW

TODAY = date(2026, 6, 30)
ALL = Scope.all_sites()


@pytest.fixture
def seven(database, monkeypatch):
    """Seven accounts, each at a site of its own, of which three are judged at a time."""
    monkeypatch.setattr(judged, "AT_MOST", 3)
    vendor = make.vendor(database)
    return [make.account(database, make.site(database, f"S{n}"), vendor, f"A{n}") for n in range(7)]


def chosen(database, day, *, everything=False):
    with database.reading(ALL) as connection:
        return judged.accounts_judged(connection, day, everything=everything)


def test_each_has_its_turn_within_as_many_days_as_it_takes(database, seven):
    turns = [chosen(database, TODAY + timedelta(days=n)) for n in range(3)]
    assert sorted(account for some in turns for account in some) == seven
    assert max(map(len, turns)) == 3
    assert chosen(database, TODAY, everything=True) == seven


def test_one_that_was_written_to_yesterday_or_today_is_among_them(database, seven):
    written = NOW.date()
    day = next(each for each in (written, written + timedelta(days=1)) if seven[0] not in chosen(database, each))
    draft = PaymentDraft(seven[0], TODAY, 500, "card", apply="none")
    database.writing("ana", ALL, lambda writing: record_payment(writing, ALL, draft))
    assert seven[0] in chosen(database, day)
    assert len(chosen(database, day)) <= 4


def test_verify_says_how_many_it_judged(database, seven):
    told = verify(database, TODAY).notes
    assert [note for note in told if "judged" in note] == [
        f"D2 and D3 judged {len(chosen(database, TODAY))} of 7 accounts anew, others tomorrow; `verify --all` judges all of them"
    ]
    assert not [note for note in verify(database, TODAY, everything=True).notes if "judged" in note]
