"""What the vendor answered to a dispute and credited for it: recorded, audited, kept."""

from datetime import date

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from data_access.commands.disputes import close_dispute, open_dispute, record_credit, record_reply
from data_access.commands.refusals import LedgerRefusedError, NotFoundError
from data_access.confinement import confine
from data_access.queries.alert_findings import findings
from data_access.queries.balances import aging
from data_access.queries.bills import dispute_rows
from data_access.queries.disputes import dispute_cases
from data_access.scope import Scope
from domain.alerts.thresholds import Thresholds
from domain.filters import Filters
from tests import factories as make

ALL = Scope.all_sites()
OPENED, DAY = date(2026, 2, 10), date(2026, 3, 25)


@pytest.fixture
def withheld(database):
    """100.00 was billed on 1 February and 20.00 of it withheld; the window is open until 2 April."""
    where = make.office(database)
    bill = make.invoice(database, where, "B1", date(2026, 2, 1), date(2026, 3, 1), 10_000)
    note = make.invoice(database, where, "C1", date(2026, 3, 20), None, 1_500, kind="credit_note")
    dispute = database.writing(
        "pat", ALL, lambda w: open_dispute(w, ALL, bill, amount=2_000, reason="Rate", opened_on=OPENED)
    )
    return {"dispute": dispute, "note": note, "where": where}


def case(database, as_of=DAY):
    with database.reading(ALL) as connection:
        return dispute_cases(connection, ALL, Filters(as_of=as_of))[0]


def by_hand(database, statement):
    """Another program, with every right that the application has."""
    with database.writer.begin() as connection:
        confine(connection, ALL)
        connection.execute(text(statement))


def closing(database, as_of):
    with database.reading(ALL) as connection:
        return [(f.since, f.act_by) for f in findings(connection, ALL, as_of, Thresholds(), frozenset({"R20"}))]


def test_what_was_credited_is_no_longer_withheld_from_its_day_on(database, withheld):
    """20.00 are withheld of 100.00; 15.00 of them are credited on 20 March. What is owed changes only by the credit note's use."""
    credit = {"dated": date(2026, 3, 20), "amount": 1_500, "credit_note_id": withheld["note"]}
    database.writing("pat", ALL, lambda w: record_credit(w, ALL, withheld["dispute"], **credit))

    def told(day):
        with database.reading(ALL) as connection:
            (owed,) = aging(connection, ALL, Filters(as_of=day), "account")
            (row,) = dispute_rows(connection, ALL, Filters(as_of=day))
        assert row.withheld == owed.disputed == owed.disputed_overdue
        return sum(owed.buckets), owed.disputed

    assert told(date(2026, 3, 19)) == (10_000, 2_000)
    assert told(date(2026, 3, 20)) == (10_000, 500)
    assert case(database).events[-1].credit_note == "C1"
    assert case(database).withheld == 500
    database.writing("pat", ALL, lambda w: close_dispute(w, ALL, withheld["dispute"], date(2026, 3, 24), "Credited"))
    assert (case(database).withheld, case(database, date(2026, 3, 23)).withheld) == (0, 500)
    assert case(database, date(2026, 3, 19)).events == ()


def test_the_window_and_the_alert_count_from_the_bill(database, withheld):
    assert (case(database).closes_on, case(database).days_left) == (date(2026, 4, 2), 8)
    assert closing(database, date(2026, 3, 18)) == []
    assert closing(database, date(2026, 3, 19)) == [(date(2026, 3, 19), date(2026, 4, 2))]
    reply = {"dated": date(2026, 3, 22), "answer": "partly", "amount": 1_500, "text": "Half of it"}
    database.writing("pat", ALL, lambda w: record_reply(w, ALL, withheld["dispute"], **reply))
    assert closing(database, date(2026, 3, 21)) != []  # not known yet
    assert closing(database, date(2026, 3, 22)) == []
    assert (case(database).answer, case(database, date(2026, 3, 21)).answer) == ("partly", "")


def test_credits_are_no_more_than_what_is_withheld(database, withheld):
    def credit(amount, **more):
        return database.writing(
            "pat", ALL, lambda w: record_credit(w, ALL, withheld["dispute"], dated=DAY, amount=amount, **more)
        )

    for amount, note, why in (
        (0, None, "more than nothing"),
        (2_001, None, "no more than"),
        (1_501, withheld["note"], r"15\.00 USD, less than 15\.01 USD"),
    ):
        with pytest.raises(LedgerRefusedError, match=why):
            credit(amount, credit_note_id=note)
    with pytest.raises(NotFoundError, match="no credit note 999"):
        credit(5, credit_note_id=999)
    credit(1_500, credit_note_id=withheld["note"])
    with pytest.raises(LedgerRefusedError, match=r"15\.00 USD credited already"):
        credit(501)
    assert case(database).credited == 1_500


def test_a_closed_dispute_takes_nothing_more(database, withheld):
    dispute = withheld["dispute"]
    database.writing("pat", ALL, lambda w: close_dispute(w, ALL, dispute, DAY, "credited"))
    with pytest.raises(LedgerRefusedError, match="was closed on 2026-03-25"):
        database.writing("pat", ALL, lambda w: record_reply(w, ALL, dispute, dated=DAY, answer="accepted"))


def test_what_came_of_it_is_audited_and_not_edited_and_within_scope(database, withheld):
    work = {"dated": DAY, "answer": "refused", "text": "No"}
    event = database.writing("pat", ALL, lambda w: record_reply(w, ALL, withheld["dispute"], **work))
    with database.reading(ALL) as connection:
        told = connection.execute(text("SELECT action, entity_id FROM audit_log WHERE entity = 'dispute_events'")).all()
    assert [tuple(row) for row in told] == [("reply", event)]
    for statement in (
        "UPDATE dispute_events SET text = 'x'",
        "DELETE FROM dispute_events",
        "UPDATE disputes SET kind = 'late_fee'",
    ):
        with pytest.raises(DBAPIError):
            by_hand(database, statement)
    other = Scope.of([make.site(database, "LAB")])
    with pytest.raises(NotFoundError):
        database.writing("pat", other, lambda w: record_reply(w, other, withheld["dispute"], **work))
    with database.reading(other) as connection:
        assert dispute_cases(connection, other, Filters(as_of=DAY)) == []
