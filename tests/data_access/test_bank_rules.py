"""What the database holds true of bank statements, their lines and matches, and who may see them."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from data_access.schema import bank_lines, bank_statements, matches, payments
from data_access.scope import Scope
from tests import factories as make

DECIDED = {"decided_by": "ana", "decided_at": datetime(2026, 3, 9, 12, tzinfo=UTC)}


def _statement(database, **values):
    row = {"bank_account": "Operating", "kind": "bank", "currency": "USD", "opening": 0, "closing": -5_000}
    period = {"period_start": date(2026, 3, 1), "period_end": date(2026, 4, 1), "source": "bank"}
    return make.add(database, "bank_statements", **row | period | values)


def _line(database, statement, **values):
    row = {"booked_on": date(2026, 3, 6), "amount": -5_000, "currency": "USD", "import_key": "id:1"}
    row["bank_account"] = "Operating"
    return make.add(database, "bank_lines", **row | {"statement_id": statement} | values)


@pytest.fixture
def matched(database):
    """An office with a payment, the line that shows it, and the match of the two."""
    where = make.office(database)
    payment = make.payment(database, where, date(2026, 3, 5), 5_000)
    line = _line(database, _statement(database))
    match = make.add(database, "matches", **where, payment_id=payment, bank_line_id=line, amount=5_000, **DECIDED)
    return {"where": where, "payment": payment, "line": line, "match": match}


def _refused(database, statement, **values):
    with pytest.raises(DBAPIError) as caught, database.writer.begin() as connection:
        connection.execute(text(statement), values)
    return str(caught.value)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ("UPDATE bank_statements SET closing = 1", "what the bank said is not edited"),
        ("UPDATE bank_statements SET movements = 1", "what the bank said is not edited"),
        ("UPDATE bank_lines SET counterparty = 'x'", "what the bank said is not edited"),
        ("UPDATE bank_lines SET amount = -1", "what the bank said is not edited"),
        ("UPDATE matches SET amount = 1", "a match is not edited"),
        ("DELETE FROM matches", "rows are kept"),
        ("DELETE FROM bank_lines", "rows are kept"),
        ("DELETE FROM bank_statements", "rows are kept"),
    ],
)
def test_nothing_is_edited_or_deleted(database, matched, change, why):
    assert why in _refused(database, change)


def test_a_line_comes_once_and_in_the_currency_of_its_statement(database, matched):
    with pytest.raises(DBAPIError):
        _line(database, 1)
    with pytest.raises(DBAPIError, match="in the currency of its statement"):
        _line(database, 1, currency="EUR", import_key="id:2")


def test_a_line_comes_once_in_its_bank_account_whatever_statement_lists_it(database, matched):
    again = _statement(database, period_end=date(2026, 4, 2))
    with pytest.raises(DBAPIError):
        _line(database, again)
    other = _statement(database, bank_account="Payroll")
    with pytest.raises(DBAPIError, match="belongs to the bank account of its statement"):
        _line(database, other)
    _line(database, other, bank_account="Payroll")


def test_a_statement_comes_once_and_may_lack_balances(database):
    plain = {"opening": None, "closing": None, "import_key": "row:1"}
    _statement(database, **plain)
    with pytest.raises(DBAPIError):
        _statement(database, **plain)


def test_a_match_is_of_one_currency(database, matched):
    foreign = _line(database, _statement(database, currency="EUR"), currency="EUR", import_key="id:2")
    row = {"payment_id": matched["payment"], "bank_line_id": foreign, "amount": 5_000}
    with pytest.raises(DBAPIError, match="a payment matches a line of the same currency"):
        make.add(database, "matches", **matched["where"], **row, **DECIDED)


def test_a_match_is_undone_once_by_a_row_that_repeats_it(database, matched):
    undo = {"payment_id": matched["payment"], "bank_line_id": matched["line"], "undoes_id": matched["match"]}
    with pytest.raises(DBAPIError, match="repeats the live one"):
        make.add(database, "matches", **matched["where"], **undo, amount=4_999, **DECIDED)
    undone = make.add(database, "matches", **matched["where"], **undo, amount=5_000, **DECIDED)
    for named in (matched["match"], undone):  # neither a second time, nor an undoing
        with pytest.raises(DBAPIError):
            make.add(database, "matches", **matched["where"], **undo | {"undoes_id": named}, amount=5_000, **DECIDED)


def test_a_payment_knows_when_something_of_it_was_matched_last(database, matched):
    """An undoing counts as well; what somebody enters late, of a moment before, takes nothing back."""

    def known():
        with database.reading(Scope.all_sites()) as connection:
            return connection.scalar(select(payments.c.matched_at).where(payments.c.id == matched["payment"]))

    row = {"payment_id": matched["payment"], "bank_line_id": matched["line"], "amount": 5_000, "decided_by": "ana"}
    assert known() == DECIDED["decided_at"]
    undone, before = datetime(2026, 4, 2, 9, tzinfo=UTC), datetime(2026, 3, 8, 9, tzinfo=UTC)
    make.add(database, "matches", **matched["where"], **row, undoes_id=matched["match"], decided_at=undone)
    assert known() == undone
    make.add(database, "matches", **matched["where"], **row, decided_at=before)
    assert known() == undone
    other = make.payment(database, matched["where"], date(2026, 3, 5), 700)
    for value in ("NULL", "'2026-03-08 09:00:00.000000'"):
        change = f"UPDATE payments SET matched_at = {value} WHERE id = :id"
        assert "matched last" in _refused(database, change, id=matched["payment"])
    assert "matched last" in _refused(database, change, id=other)
    with pytest.raises(DBAPIError, match="matched last"):
        make.payment(database, matched["where"], date(2026, 3, 5), 700, matched_at=undone)


def test_a_match_moves_house_with_its_account(database, matched):
    far = make.site(database, "FAR")
    with database.writer.begin() as connection:
        connection.execute(text("UPDATE accounts SET site_id = :far"), {"far": far})
    with database.reading(Scope.all_sites()) as connection:
        assert connection.scalar(select(matches.c.site_id)) == far


@pytest.mark.parametrize("dialect", ["postgresql"], indirect=True)
def test_only_who_sees_every_site_sees_statements(database, matched):
    own = Scope.of({matched["where"]["site_id"]})
    for scope, seen in ((Scope.all_sites(), (1, 1, 1)), (own, (0, 0, 1)), (Scope.of({999}), (0, 0, 0))):
        with database.reading(scope) as connection:
            found = tuple(len(connection.execute(select(t)).all()) for t in (bank_statements, bank_lines, matches))
        assert found == seen
    with pytest.raises(DBAPIError, match="permission denied"):
        database.writing("vera", own, lambda w: w.connection.execute(text("INSERT INTO matches DEFAULT VALUES")))
