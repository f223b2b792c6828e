"""Bills and disputes as they stood on a day, and all that belongs to one bill or one payment."""

from datetime import date

from data_access.queries.bills import bill_rows, dispute_rows
from data_access.queries.details import bill_detail, payment_detail
from data_access.scope import Scope
from domain.filters import Filters
from tests import factories as make

ALL = Scope.all_sites()
MARCH = date(2026, 3, 31)


def bills(database, day, **filters):
    with database.reading(Scope.all_sites()) as connection:
        return {b.number: b for b in bill_rows(connection, ALL, Filters(as_of=day, **filters))}


def test_what_is_settled_is_that_of_the_day(database, story):
    settled = [bills(database, date(2026, 2, day))["J"].settled for day in (1, 2, 19, 20, 24, 25)]
    assert settled == [0, 6000, 6000, 0, 0, 10000]
    assert [bills(database, date(2026, 3, day))["C"].settled for day in (12, 14, 15)] == [0, 0, 300]
    later = bills(database, MARCH)
    assert [later[n].open_amount for n in "JFMCE"] == [0, 0, 3700, 500, 0]
    assert (later["C"].signed, later["M"].due_on, later["M"].due_missing) == (-800, date(2026, 4, 4), True)


def test_bills_are_found_by_number(database, story):
    assert list(bills(database, MARCH, search="c")) == ["C"]
    assert list(bills(database, MARCH, search="halden")) == ["E"]


def test_a_bill_says_what_paid_it(database, story):
    with database.reading(Scope.all_sites()) as connection:
        detail = bill_detail(connection, ALL, MARCH, story["J"])
    assert [(a.applied_on.day, a.amount, a.source, a.source_name, a.method) for a in detail.applied] == [
        (2, 6000, "payment", "CX-1", "e-check"),
        (20, -6000, "payment", "CX-1", "e-check"),
        (25, 10000, "payment", "CX-2", "card"),
    ]
    with database.reading(Scope.all_sites()) as connection:
        earlier = bill_detail(connection, ALL, date(2026, 2, 19), story["J"])
        credited = bill_detail(connection, ALL, MARCH, story["M"])
        note = bill_detail(connection, ALL, MARCH, story["C"])
        assert bill_detail(connection, ALL, date(2026, 1, 4), story["J"]) is None
        assert bill_detail(connection, Scope.of([story["depot"]]), MARCH, story["J"]) is None
    assert sum(a.amount for a in earlier.applied) == earlier.parts[0].settled == 6000
    assert [(a.source, a.source_name, a.target_name, a.amount) for a in credited.applied] == [
        ("credit_note", "C", "M", 300)
    ]
    assert note.applied == credited.applied


def test_a_bill_in_parts_is_one_bill_with_all_its_lines(database, story):
    where = {"account_id": story["account_id"], "site_id": story["site_id"]}
    second = make.invoice(database, where, "J", date(2026, 2, 9), date(2026, 3, 9), 700, part=2)
    for bill, amount in ((story["J"], 10000), (second, 700)):
        make.add(database, "charges", **where, invoice_id=bill, line="1", amount=amount, issued_on=date(2026, 2, 9))
    with database.reading(Scope.all_sites()) as connection:
        detail = bill_detail(connection, ALL, MARCH, second)
    assert [p.label for p in detail.parts] == ["J", "J (2)"]
    assert [line.amount for line in detail.charges] == [10000, 700]


def test_a_payment_says_where_it_went_and_what_became_of_it(database, story):
    with database.reading(Scope.all_sites()) as connection:
        returned = payment_detail(connection, ALL, MARCH, story["P1"])
        reversal = payment_detail(connection, ALL, MARCH, story["back"])
        before = payment_detail(connection, ALL, date(2026, 2, 19), story["P1"])
        called = payment_detail(connection, ALL, MARCH, story["P2"])
        split = payment_detail(connection, ALL, MARCH, story["P3"])
        refund = payment_detail(connection, ALL, MARCH, story["R"])
        assert payment_detail(connection, Scope.of([story["depot"]]), MARCH, story["P1"]) is None
    assert (returned.reversal.id, returned.reversal.note) == (story["back"], "insufficient funds")
    assert sum(a.amount for a in returned.applied) == returned.payment.allocated == 0
    assert reversal.original.id == story["P1"]
    assert (before.reversal, before.payment.status) == (None, "posted")
    assert called.call.id == story["call"]
    assert [(a.target, a.target_name, a.amount, a.due_on) for a in split.applied] == [
        ("bill", "F", 5000, date(2026, 3, 7)),
        ("refund", "", 1500, None),
    ]
    assert [(a.source_name, a.amount) for a in refund.applied] == [("CX-3", 1500)]


def test_a_dispute_is_open_until_the_day_it_closed(database, story):
    where = {"account_id": story["account_id"], "site_id": story["site_id"]}
    make.add(
        database,
        "disputes",
        **where,
        invoice_id=story["M"],
        amount=1200,
        reason="wrong plan",
        opened_on=date(2026, 3, 10),
        closed_on=date(2026, 3, 20),
        outcome="credited",
    )
    with database.reading(Scope.all_sites()) as connection:
        seen = {
            day: [
                (d.closed_on, d.outcome)
                for d in dispute_rows(connection, ALL, Filters(as_of=date(2026, 3, day)), bill_id=story["M"])
            ]
            for day in (9, 19, 20)
        }
        assert bill_detail(connection, ALL, MARCH, story["M"]).disputes[0].amount == 1200
    assert seen == {9: [], 19: [(None, "")], 20: [(date(2026, 3, 20), "credited")]}
