"""Vendor statements against the ledger: a worked statement, money on the wrong account, and the scope."""

from datetime import date

import pytest

from data_access.queries.alert_findings import findings
from data_access.queries.vendor_statements import misapplied_rows, statement_rows
from data_access.scope import Scope, ScopeRequiredError
from domain.alerts.thresholds import Thresholds
from domain.filters import Filters
from domain.vendor_statements import State
from tests import factories as make

DAY = date(2026, 3, 31)
FILTERS = Filters(as_of=date(2026, 4, 10))
ALL = Scope.all_sites()


def stated(database, where, *lines):
    head = make.add(database, "vendor_statements", **where, stated_on=DAY, source="file")
    for number, left in lines:
        row = {"statement_id": head, "kind": "invoice", "number": number, "open_amount": left}
        make.add(database, "vendor_statement_lines", **where, **row)


@pytest.fixture
def places(database):
    """500 was paid on A's bill; the vendor shows it on B, an account at another site."""
    vendor = make.vendor(database)
    found = []
    for code in ("HQ", "LAB"):
        site = make.site(database, code)
        found.append({"account_id": make.account(database, site, vendor, f"{code}-1"), "site_id": site})
    a, b = found
    bill = make.invoice(database, a, "INV-001", date(2026, 2, 1), date(2026, 3, 1), 500)
    paid = make.payment(database, a, date(2026, 2, 20), 500)
    make.allocation(database, a, 500, date(2026, 2, 20), payment_id=paid, invoice_id=bill)
    make.invoice(database, b, "INV-002", date(2026, 2, 1), date(2026, 3, 1), 700)
    stated(database, a, ("INV-1", 500))
    stated(database, b, ("INV-2", 200))
    return {"a": a, "b": b, "payment": paid}


def test_a_worked_statement(database, places):
    with database.reading(ALL) as connection:
        rows = {row.account_id: row for row in statement_rows(connection, ALL, FILTERS)}
        (found,) = misapplied_rows(connection, ALL, FILTERS)
        with pytest.raises(ScopeRequiredError):
            statement_rows(connection, None, FILTERS)
    a, b = rows[places["a"]["account_id"]], rows[places["b"]["account_id"]]
    assert (a.theirs, a.ours, a.difference) == (500, 0, -500)
    (row,) = a.rows  # the number differs by zeros only, and the bill is settled here
    assert (row.state, row.reason) == (State.DIFFERENT, "the vendor does not show the payment of 2026-02-20")
    assert (b.theirs, b.ours, b.difference) == (200, 700, 500)
    assert (found.short, found.amount, found.long) == (a, 500, ((b, 500),))
    assert (found.payment_id, found.paid_on) == (places["payment"], date(2026, 2, 20))


def test_a_statement_counts_from_its_day(database, places):
    before = Filters(as_of=date(2026, 3, 30))
    with database.reading(ALL) as connection:
        assert statement_rows(connection, ALL, before) == []


def test_both_accounts_are_in_scope_or_neither_is_named(database, places):
    own = Scope.of([places["a"]["site_id"]])
    with database.reading(own) as connection:
        assert [row.account_id for row in statement_rows(connection, own, FILTERS)] == [places["a"]["account_id"]]
        assert misapplied_rows(connection, own, FILTERS) == []


def test_money_on_the_wrong_account_is_an_alert_for_who_sees_both(database, places):
    def told(scope, as_of=FILTERS.as_of):
        with database.reading(scope) as connection:
            return findings(connection, scope, as_of, Thresholds(), only=frozenset({"R23"}))

    (found,) = told(ALL)
    assert (found.account_id, found.entity, found.since, found.amount) == (
        places["a"]["account_id"],
        "vendor_statements",
        DAY,
        500,
    )
    assert ("paid on", "2026-02-20") in found.facts
    assert told(Scope.of([places["a"]["site_id"]])) == []
    assert told(ALL, date(2026, 9, 27)) != []
    assert told(ALL, date(2026, 9, 28)) == []  # 181 days old
