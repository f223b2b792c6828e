"""Opening and closing disputes."""

from datetime import date

import pytest

from data_access.commands.disputes import close_dispute, open_dispute
from data_access.commands.refusals import LedgerRefusedError, NotFoundError
from data_access.queries.balances import aging
from data_access.scope import Scope
from domain.filters import Filters
from tests import factories as make

ALL = Scope.all_sites()
OPENED, CLOSED = date(2026, 2, 10), date(2026, 3, 1)


@pytest.fixture
def opened(run, bills):
    return run(open_dispute, ALL, bills["jan"], amount=4000, reason="wrong plan", opened_on=OPENED)


def withheld(database, day):
    with database.reading(Scope.all_sites()) as connection:
        return [row.disputed for row in aging(connection, ALL, Filters(as_of=day), "currency")]


def test_a_dispute_withholds_from_its_first_day_to_its_last(run, opened, rows, told, database):
    run(close_dispute, ALL, opened, CLOSED, "credited")
    (row,) = rows("disputes")
    assert (row.amount, row.reason, row.opened_on, row.closed_on, row.outcome) == (
        4000,
        "wrong plan",
        OPENED,
        CLOSED,
        "credited",
    )
    assert told() == [("open", "disputes", opened), ("close", "disputes", opened)]
    assert withheld(database, date(2026, 2, 9)) == [0]
    assert withheld(database, OPENED) == [4000]
    assert withheld(database, date(2026, 2, 28)) == [4000]
    assert withheld(database, CLOSED) == [0]


def test_no_more_is_withheld_than_the_bill(run, refuses, opened, bills):
    def dispute(amount):
        return {"amount": amount, "reason": "again", "opened_on": OPENED}

    assert "40.00 USD withheld already" in refuses(LedgerRefusedError, open_dispute, ALL, bills["jan"], **dispute(6001))
    run(open_dispute, ALL, bills["jan"], **dispute(6000))
    refuses(LedgerRefusedError, open_dispute, ALL, bills["jan"], **dispute(1))
    run(close_dispute, ALL, opened, CLOSED, "dropped")
    run(open_dispute, ALL, bills["jan"], **dispute(4000))


@pytest.mark.parametrize("amount", [0, -1, 10001])
def test_an_amount_that_cannot_be_withheld_is_refused(refuses, bills, amount):
    refuses(LedgerRefusedError, open_dispute, ALL, bills["jan"], amount=amount, reason="", opened_on=OPENED)


def test_a_dispute_is_not_older_than_its_bill_nor_closed_before_it_opened(refuses, opened, bills):
    early = date(2026, 1, 4)
    refuses(LedgerRefusedError, open_dispute, ALL, bills["jan"], amount=1, reason="", opened_on=early)
    refuses(LedgerRefusedError, close_dispute, ALL, opened, date(2026, 2, 9), "dropped")


def test_a_dispute_closes_once(run, refuses, opened):
    run(close_dispute, ALL, opened, CLOSED, "dropped")
    assert "2026-03-01" in refuses(LedgerRefusedError, close_dispute, ALL, opened, CLOSED, "dropped")


def test_what_is_out_of_sight_is_not_there(run, refuses, bills, other, own, database, where):
    dispute = {"amount": 1, "reason": "", "opened_on": OPENED}
    foreign = run(open_dispute, ALL, other["bill"], **dispute)
    refuses(NotFoundError, open_dispute, own, other["bill"], **dispute)
    refuses(NotFoundError, open_dispute, own, 987, **dispute)
    refuses(NotFoundError, close_dispute, own, foreign, CLOSED, "")
    refuses(NotFoundError, close_dispute, own, 987, CLOSED, "")
    note = make.invoice(database, where, "C", date(2026, 1, 5), None, 500, kind="credit_note")
    refuses(NotFoundError, open_dispute, ALL, note, **dispute)
