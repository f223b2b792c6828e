"""Searching by account number: the whole of it finds it, and a part of it tells nothing that was not shown."""

from datetime import UTC, date, datetime

import pytest

from data_access.commands.calls import CallDraft, log_call
from data_access.exporting import as_csv
from data_access.queries.accounts import account_rows
from data_access.queries.bills import bill_rows
from data_access.queries.calls import call_rows
from data_access.queries.payments import payment_rows
from data_access.queries.sheets import calls_sheet
from data_access.scope import Scope
from domain.filters import Filters
from tests import factories as make

ALL = Scope.all_sites()
DAY = date(2026, 6, 1)
NUMBER = "HN-4415 0098.7731"


@pytest.fixture
def account(database):
    where = make.office(database, number=NUMBER)
    make.invoice(database, where, "B", DAY, None, 100)
    make.payment(database, where, DAY, 100)
    call = CallDraft(where["account_id"], datetime(2026, 6, 1, 15, tzinfo=UTC), notes=f"read {NUMBER} back to them")
    database.writing("ana", ALL, lambda w: log_call(w, ALL, call))
    make.account(database, where["site_id"], make.vendor(database, "Halden"), "AB12")
    return where


def found(database, text):
    """What each search of a page finds: accounts, bills, payments, calls."""
    filters = Filters(as_of=date(2026, 12, 31), search=text)
    with database.reading(ALL) as connection:
        return tuple(len(read(connection, ALL, filters)) for read in (account_rows, bill_rows, payment_rows, call_rows))


def test_the_whole_number_or_what_is_shown_of_it_finds_its_rows(database, account):
    for text in (NUMBER, "hn-4415 0098.7731", " HN441500987731 ", "HN-4415-0098-7731", "7731", "31"):
        assert found(database, text) == (1, 1, 1, 1), text


def test_a_part_of_it_finds_nothing(database, account):
    """Else ten searches a digit would spell the number out. (A note is searched as it was written.)"""
    for text in ("4415", "HN-4415", "0098 7731", "87731", "441500987731", "HN-4415 0098.7732", "-", "773"):
        assert found(database, text)[:3] == (0, 0, 0), text


def test_of_a_short_number_no_more_than_is_shown_is_found(database, account):
    assert found(database, "ab12")[0] == 1
    assert found(database, "12")[0] == 1
    assert found(database, "b12")[0] == 0


def test_a_number_in_a_note_leaves_masked(database, account):
    with database.reading(ALL) as connection:
        written = as_csv(calls_sheet(connection, ALL, Filters(as_of=date(2026, 12, 31)))).decode()
    assert "read ••••7731 back to them" in written
    assert "0098" not in written
