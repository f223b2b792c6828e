"""The bills to come from the ledger: what was known on the day and nothing else, within scope and filters."""

from dataclasses import replace
from datetime import date

import pytest

from data_access.queries.expected_bills import bills_to_come
from data_access.scope import Scope, ScopeRequiredError
from domain.filters import Filters
from domain.periods import add_months, shifted
from tests.factories import account, invoice, office, site, vendor

AS_OF, UNTIL = date(2026, 11, 20), date(2026, 12, 31)
ALL, FILTERS = Scope.all_sites(), Filters(as_of=AS_OF)


def monthly(database, where, amount, *, prefix="B"):
    for n in range(6):
        day = date(2026, 6 + n, 5)
        period = {"period_start": add_months(day, -1), "period_end": day}
        invoice(database, where, f"{prefix}{n}", day, shifted(day, 21), amount, **period)


def read(database, scope=ALL, filters=FILTERS):
    with database.reading(scope, "somebody") as connection:
        return bills_to_come(connection, scope, filters, UNTIL)


def test_the_next_bill_of_each_open_account_in_scope_and_filters(database):
    where = office(database)
    monthly(database, where, 10_000)
    second = site(database, "SO")
    other = {"account_id": account(database, second, vendor(database, "Volt"), "V-1"), "site_id": second}
    monthly(database, other, 7_000)
    closed = account(database, second, vendor(database, "Aqua"), "W-1", closed_on=AS_OF)
    monthly(database, {"account_id": closed, "site_id": second}, 3_000)
    found = read(database)
    assert [(b.account_id, b.issued_on, b.due_on, b.amount) for b in found] == [
        (where["account_id"], date(2026, 12, 5), date(2026, 12, 26), 10_000),
        (other["account_id"], date(2026, 12, 5), date(2026, 12, 26), 7_000),
    ]
    assert [b.amount for b in read(database, filters=replace(FILTERS, sites=("SO",)))] == [7_000]
    assert [b.amount for b in read(database, Scope.of([where["site_id"]]))] == [10_000]


def test_what_came_after_the_day_is_not_known(database):
    where = office(database)
    monthly(database, where, 10_000)
    wrong = invoice(database, where, "X", date(2026, 11, 12), None, 30_000)
    before = read(database)
    invoice(database, where, "X-C", date(2026, 11, 21), None, 30_000, kind="credit_note", reverses_id=wrong)
    invoice(database, where, "L1", date(2026, 11, 28), None, 90_000)
    last = invoice(database, where, "L2", date(2026, 12, 5), date(2026, 12, 6), 90_000)
    invoice(database, where, "C1", date(2026, 12, 6), None, 90_000, kind="credit_note", reverses_id=last)
    assert read(database) == before
    assert read(database, filters=Filters(as_of=date(2026, 11, 30))) != before  # and then it is


def test_a_bill_that_was_withdrawn_and_a_part_are_none(database):
    where = office(database)
    monthly(database, where, 10_000)
    before = read(database)
    wrong = invoice(database, where, "X", date(2026, 11, 10), None, 90_000)
    assert read(database) != before
    invoice(database, where, "X-C", date(2026, 11, 12), None, 90_000, kind="credit_note", reverses_id=wrong)
    invoice(database, where, "B5", date(2026, 11, 8), None, 500, part=2)
    assert read(database) == before


def test_no_scope_no_read(database):
    with database.reading(ALL) as connection, pytest.raises(ScopeRequiredError):
        bills_to_come(connection, None, FILTERS, UNTIL)
