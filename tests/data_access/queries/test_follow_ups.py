"""What waits for somebody: open promises and follow-ups, on both databases."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from data_access.commands.calls import finish_follow_up
from data_access.commands.refusals import LedgerRefusedError
from data_access.queries.follow_ups import ended, follow_ups
from data_access.schema import calls
from data_access.scope import Scope
from domain.filters import Filters
from domain.promises import Standing
from tests import factories as make

ALL = Scope.all_sites()


def call(database, where, day, **values):
    return make.add(database, "calls", **where, started_at=datetime(2026, 11, day, 15, tzinfo=UTC), **values)


def waiting(database, day, scope=ALL, **filters):
    with database.reading(Scope.all_sites()) as connection:
        found = follow_ups(connection, scope, Filters(as_of=date(2026, 11, day), **filters))
    return [(end.call.id, end.promise, end.follow_up, end.due_on.day) for end in found]


def test_a_promise_waits_until_it_is_paid_or_overtaken(database):
    where = make.office(database)
    promise = call(database, where, 2, promised_on=date(2026, 11, 10), outcome="promised")
    assert waiting(database, 1) == []
    assert waiting(database, 2) == []  # more than a week ahead
    assert waiting(database, 3) == [(promise, Standing.AHEAD, None, 10)]
    assert waiting(database, 10) == [(promise, Standing.TODAY, None, 10)]
    assert waiting(database, 11) == [(promise, Standing.OVERDUE, None, 10)]
    assert waiting(database, 11, Scope.of([])) == []
    assert waiting(database, 11, vendors=("Halden",)) == []
    # A payment of the day before the call does not keep it; one that came back does not either.
    make.payment(database, where, date(2026, 11, 1), 100)
    bounced = make.payment(database, where, date(2026, 11, 8), 100)
    make.payment(database, where, date(2026, 11, 12), 100, kind="reversal", reverses_id=bounced, method="ach")
    assert waiting(database, 11) == []
    assert waiting(database, 12) == [(promise, Standing.OVERDUE, None, 10)]
    again = call(database, where, 13, promised_on=date(2026, 11, 16), outcome="promised")
    assert waiting(database, 13) == [(again, Standing.AHEAD, None, 16)]
    assert waiting(database, 12) == [(promise, Standing.OVERDUE, None, 10)]  # that day is still told as it was
    make.payment(database, where, date(2026, 11, 14), 100)
    assert waiting(database, 14) == []


def test_a_follow_up_waits_for_the_next_call(database):
    where = make.office(database)
    first = call(database, where, 2, follow_up_on=date(2026, 11, 6))
    make.payment(database, where, date(2026, 11, 3), 100)  # money is no answer to a question
    assert waiting(database, 7) == [(first, None, Standing.OVERDUE, 6)]
    corrected = call(database, where, 2, follow_up_on=date(2026, 11, 8), amends_id=first)
    assert waiting(database, 7) == [(corrected, None, Standing.AHEAD, 8)]
    call(database, where, 9)
    assert waiting(database, 9) == []
    assert waiting(database, 8) == [(corrected, None, Standing.TODAY, 8)]


def test_money_for_a_promise_settles_its_follow_up_too(database):
    where = make.office(database)
    promise = call(database, where, 2, promised_on=date(2026, 11, 6), follow_up_on=date(2026, 11, 7))
    assert waiting(database, 8) == [(promise, Standing.OVERDUE, Standing.OVERDUE, 6)]
    make.payment(database, where, date(2026, 11, 8), 100)
    assert waiting(database, 8) == []


def test_the_longest_overdue_comes_first_and_the_money_is_there(database):
    where = make.office(database)
    second = make.account(database, where["site_id"], make.vendor(database, "Halden"), "H-2")
    soon = call(database, where, 2, follow_up_on=date(2026, 11, 9))
    old = call(database, where | {"account_id": second}, 3, follow_up_on=date(2026, 11, 5))
    make.payment(database, where | {"account_id": second}, date(2026, 11, 3), 4200, call_id=old)
    with database.reading(Scope.all_sites()) as connection:
        found = follow_ups(connection, ALL, Filters(as_of=date(2026, 11, 9)))
    assert [(end.call.id, end.call.paid) for end in found] == [(old, 4200), (soon, 0)]


def endings(database, day, scope=ALL):
    with database.reading(Scope.all_sites()) as connection:
        found = ended(connection, scope, Filters(as_of=date(2026, 11, day)))
    return [(end.call.id, end.is_promise, end.standing, end.ended_on and end.ended_on.day) for end in found]


def test_what_became_of_promises_and_follow_ups_is_told(database):
    where = make.office(database)
    kept = call(database, where, 2, promised_on=date(2026, 11, 5), follow_up_on=date(2026, 11, 6))
    assert endings(database, 3) == []
    make.payment(database, where, date(2026, 11, 4), 100)
    assert endings(database, 4) == [(kept, True, Standing.DONE, 4)]
    broken = call(database, where, 7, promised_on=date(2026, 11, 9))
    assert endings(database, 10) == [(kept, True, Standing.DONE, 4)]
    late = call(database, where, 11, promised_on=date(2026, 11, 12), follow_up_on=date(2026, 11, 12))
    make.payment(database, where, date(2026, 11, 14), 100)
    make.payment(database, where, date(2026, 11, 18), 100)  # a later one makes nothing worse
    assert endings(database, 18) == [
        (late, True, Standing.LATE, 14),
        (broken, True, Standing.OVERDUE, None),
        (kept, True, Standing.DONE, 4),
    ]
    assert endings(database, 18, Scope.of([])) == []


def test_a_follow_up_ends_with_the_next_call_or_by_being_ticked_off(database):
    where = make.office(database)
    first = call(database, where, 2, follow_up_on=date(2026, 11, 6), notes="Ask for Dana")
    second = call(database, where, 7, follow_up_on=date(2026, 11, 9), notes="Credit comes")
    assert endings(database, 8) == [(first, False, Standing.LATE, 7)]
    ticked = database.writing(
        "ana", ALL, lambda w: finish_follow_up(w, ALL, second, where["account_id"], "the credit is on the bill")
    )
    assert waiting(database, 10) == []
    assert endings(database, 10)[0] == (ticked, False, Standing.DONE, None)
    with database.reading(ALL) as connection:
        notes = connection.scalar(select(calls.c.notes).where(calls.c.id == ticked))
    assert notes == "Credit comes\nFollow-up of 2026-11-09 done: the credit is on the bill"
    for call_id, note, words in ((ticked, "again", "no follow-up is open"), (first, " ", "what came of")):
        with pytest.raises(LedgerRefusedError, match=words):
            database.writing(
                "ana", ALL, lambda w, c=call_id, n=note: finish_follow_up(w, ALL, c, where["account_id"], n)
            )
