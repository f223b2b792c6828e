"""What is known of bills on a day, by hand; and that nothing dated after the day changes what is foreseen."""

import json
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import insert

from data_access.database import Database
from data_access.queries.outlook import bill_outlooks, known_bills, outlook_forecasts, outlooks
from data_access.schema import metadata
from data_access.scope import Scope, ScopeRequiredError
from domain.filters import Filters
from seed.attribution import Tables
from seed.writing import generate, write
from terminal.outlook import outlook_json
from tests import factories as make

ALL = Scope.all_sites()
J, F, M, E = date(2026, 2, 4), date(2026, 3, 7), date(2026, 4, 4), date(2026, 2, 2)


def known(database, day, scope=ALL, **more):
    with database.reading(scope) as connection:
        return [(b.due_on, b.settled_on) for b in known_bills(connection, scope, day, **more)]


def foreseen(database, filters, scope=ALL):
    with database.reading(scope) as connection:
        return bill_outlooks(connection, scope, filters)


def test_a_bill_is_known_as_it_was_on_the_day(database, story):
    assert known(database, date(2026, 2, 2)) == [(J, None), (E, None)]
    assert known(database, date(2026, 2, 3)) == [(J, None), (E, date(2026, 2, 3))]
    assert known(database, date(2026, 2, 25)) == [(J, date(2026, 2, 25)), (E, date(2026, 2, 3)), (F, None)]
    # M names no due day: issued on 5 March, terms of 30 days. The credit note on it is no bill.
    assert known(database, date(2026, 3, 31))[3] == (M, None)
    assert known(database, date(2026, 3, 31), Scope.of([story["depot"]])) == [(E, date(2026, 2, 3))]


def test_a_return_takes_the_settlement_back_from_its_day_on(database, story):
    where = {"account_id": story["account_id"], "site_id": story["site_id"]}
    bill = make.invoice(database, where, "X", date(2026, 5, 1), date(2026, 5, 20), 2000)
    paid = make.payment(database, where, date(2026, 5, 15), 2000)
    first = make.allocation(database, where, 2000, date(2026, 5, 15), payment_id=paid, invoice_id=bill)
    make.allocation(database, where, 2000, date(2026, 6, 1), payment_id=paid, invoice_id=bill, reverses_id=first)
    x = date(2026, 5, 20)
    assert (x, date(2026, 5, 15)) in known(database, date(2026, 5, 31))
    assert (x, None) in known(database, date(2026, 6, 1))


def test_no_further_back_than_was_asked(database, story):
    assert [due for due, _ in known(database, date(2026, 3, 31), months=1)] == [M]
    assert known(database, date(2028, 3, 31)) == []


def test_every_open_bill_has_an_outlook_however_old(database, story):
    rows = foreseen(database, Filters(as_of=date(2026, 2, 10)))
    assert [r.number for r in rows] == ["J", "F"]
    assert rows[0].outlook.late_probability == 1
    assert 0 < rows[1].outlook.late_probability < 1
    (old,) = foreseen(database, Filters(as_of=date(2030, 1, 1)))
    assert (old.number, old.vendor, old.outlook.late_probability) == ("M", "Lumina", 1.0)
    with database.reading(ALL) as connection:
        assert outlooks(connection, ALL, Filters(as_of=date(2030, 1, 1))) == {story["M"]: old.outlook}


def test_filters_narrow_what_is_shown_and_not_what_is_learned(database, story):
    day = date(2026, 1, 25)
    everything = {r.number: r.outlook for r in foreseen(database, Filters(as_of=day))}
    assert set(everything) == {"J", "E"}
    (one,) = foreseen(database, Filters(as_of=day, vendors=("Halden",)))
    assert one.outlook == everything["E"]
    assert [r.number for r in foreseen(database, Filters(as_of=day), Scope.of([story["depot"]]))] == ["E"]
    with pytest.raises(ScopeRequiredError), database.reading(ALL) as connection:
        bill_outlooks(connection, None, Filters(as_of=day))


def test_what_was_said_is_compared_with_what_came_of_it(database, story):
    with database.reading(ALL) as connection:
        made = outlook_forecasts(connection, ALL, date(2026, 4, 5))
    # On 1 February J (due on the 4th) and E (on the 2nd) were open; on 1 March F (paid on the 1st) was not.
    assert {(f.day, f.bill_id, f.late) for f in made} == {
        (date(2026, 2, 1), story["J"], True),
        (date(2026, 2, 1), story["E"], True),
        (date(2026, 4, 1), story["M"], True),
    }


DAYS = {
    "invoices": "issued_on", "charges": "issued_on", "calls": "started_at", "payments": "paid_on",
    "allocations": "applied_on", "reversals": "paid_on", "disputes": "opened_on",
    "dispute_events": "dated", "matches": "decided_at", "usage": "started_at",
}  # fmt: skip
TODAY, DAY = date(2026, 11, 20), date(2026, 8, 10)
ACCOUNTS = 14


def day_of(table, row):
    value = row[DAYS[table]]
    return value.date() if isinstance(value, datetime) else value


def said(database: Database) -> str:
    return json.dumps(outlook_json(foreseen(database, Filters(as_of=DAY))))


@pytest.fixture(scope="module")
def tables():
    """The first accounts of a demo, with their whole history."""
    rows = generate("demo", 1, TODAY).rows
    return {
        name: [row for row in of_table if row.get("account_id", row["id"] if name == "accounts" else 0) <= ACCOUNTS]
        for name, of_table in rows.items()
    }


def put(database, tables):
    with database.writer.begin() as connection:
        for name, rows in tables.items():
            if rows:
                connection.execute(insert(metadata.tables["payments" if name == "reversals" else name]), rows)


def test_nothing_dated_after_the_day_changes_what_is_foreseen(database, tables):
    """A ledger that ends on the day, then with its true future, then with another one on top."""
    past = {n: [row for row in rows if n not in DAYS or day_of(n, row) <= DAY] for n, rows in tables.items()}
    future = {n: [row for row in rows if day_of(n, row) > DAY] for n, rows in tables.items() if n in DAYS}
    write(database, Tables(past, []), "operator")
    at_the_time = said(database)
    assert at_the_time.count("invoice_number") > 5
    put(database, future)
    assert len(future["allocations"]) > 20
    assert said(database) == at_the_time
    taken_back = {row["reverses_id"] for row in tables["allocations"]}
    settled = [
        r for r in past["allocations"] if r["reverses_id"] is None and r["id"] not in taken_back and r["invoice_id"]
    ]
    undone = [
        row | {"id": 1_000_000 + row["id"], "reverses_id": row["id"], "applied_on": TODAY, "import_key": None}
        for row in settled[-9:]
    ]
    place = {key: settled[0][key] for key in ("account_id", "site_id")}
    new = place | {"id": 1_000_000, "kind": "invoice", "number": "N", "issued_on": DAY + timedelta(days=1), "amount": 1}
    put(database, {"allocations": undone, "invoices": [new]})
    assert said(database) == at_the_time
    put(database, {"invoices": [new | {"id": 1_000_001, "number": "M", "issued_on": DAY}]})
    assert said(database).count("invoice_number") == at_the_time.count("invoice_number") + 1
