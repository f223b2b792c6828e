"""Balances as of any day, on both databases, with figures worked out by hand."""

from datetime import date

import pytest

from data_access.queries import balances
from data_access.queries.balances import aging, hidden_totals, ledger_totals
from data_access.queries.dimensions import UnknownGroupError, filter_options
from data_access.queries.open_bills import open_bills
from data_access.queries.sheets import balances_sheet, open_bills_sheet
from data_access.scope import Scope, ScopeRequiredError
from domain.filters import Basis, Filters
from tests import factories as make

ALL = Scope.all_sites()
JAN, FEB, MAR = date(2026, 1, 5), date(2026, 2, 5), date(2026, 3, 5)


@pytest.fixture
def office(database):
    """January's bill of 100.00 is due on 4 February; 60.00 is paid on 10 February and returned on 20 February."""
    where = make.office(database)
    january = make.invoice(database, where, "J", JAN, date(2026, 2, 4), 10000)
    paid = make.payment(database, where, date(2026, 2, 10), 6000)
    first = make.allocation(database, where, 6000, date(2026, 2, 10), payment_id=paid, invoice_id=january)
    make.allocation(database, where, 6000, date(2026, 2, 20), payment_id=paid, invoice_id=january, reverses_id=first)
    make.add(
        database,
        "payments",
        **where,
        kind="reversal",
        reverses_id=paid,
        paid_on=date(2026, 2, 20),
        amount=6000,
        status="posted",
    )
    return where | {"january": january, "paid": paid}


def on(database, day, by="site", **filters):
    with database.reading(Scope.all_sites()) as connection:
        return aging(connection, ALL, Filters(as_of=day, **filters), by)


def test_the_story_of_a_returned_payment(database, office):
    assert on(database, date(2026, 1, 4)) == []
    # The due day itself is not late.
    assert [r.buckets for r in on(database, date(2026, 2, 4))] == [(10000, 0, 0, 0, 0)]
    assert [r.buckets for r in on(database, date(2026, 2, 9))] == [(0, 10000, 0, 0, 0)]
    assert [r.buckets for r in on(database, date(2026, 2, 10))] == [(0, 4000, 0, 0, 0)]
    assert [r.buckets for r in on(database, date(2026, 2, 19))] == [(0, 4000, 0, 0, 0)]
    assert [r.buckets for r in on(database, date(2026, 2, 20))] == [(0, 10000, 0, 0, 0)]
    # 4 February + 90 days is 5 May: the last day of 61-90.
    assert [r.buckets for r in on(database, date(2026, 5, 5))] == [(0, 0, 0, 10000, 0)]
    assert [r.buckets for r in on(database, date(2026, 5, 6))] == [(0, 0, 0, 0, 10000)]
    assert on(database, date(2026, 5, 6), basis=Basis.INVOICE)[0].buckets == (0, 0, 0, 0, 10000)
    assert on(database, date(2026, 2, 4), basis=Basis.INVOICE)[0].buckets == (0, 10000, 0, 0, 0)


@pytest.mark.parametrize(
    ("basis", "first", "age"), [(Basis.DUE, "Not due", "Days late"), (Basis.INVOICE, "Same day", "Days old")]
)
def test_files_say_what_an_age_counts_from(database, office, basis, first, age):
    """On 9 February the bill is five days late, and was issued 35 days before."""
    filters = Filters(as_of=date(2026, 2, 9), basis=basis)
    with database.reading(ALL) as connection:
        aged = balances_sheet(connection, ALL, filters)
        bills = open_bills_sheet(connection, ALL, filters)
    assert aged.columns[2:4] == (first, "1–30")
    told = [dict(zip(bills.columns, row, strict=True)) for row in bills.rows]
    assert [(row["Bill"], row[age]) for row in told] == [("J", 5 if basis is Basis.DUE else 35)]


def test_unapplied_money_and_credit_notes_are_a_negative_column(database, office):
    where = {"account_id": office["account_id"], "site_id": office["site_id"]}
    make.payment(database, where, date(2026, 3, 1), 2500)
    note = make.invoice(database, where, "C", date(2026, 3, 2), None, 1500, kind="credit_note")
    row = on(database, date(2026, 3, 2))[0]
    assert (row.unapplied, row.outstanding) == (-4000, 6000)
    make.allocation(database, where, 1000, date(2026, 3, 3), credit_note_id=note, invoice_id=office["january"])
    row = on(database, date(2026, 3, 3))[0]
    assert (row.buckets, row.unapplied, row.outstanding) == ((0, 9000, 0, 0, 0), -3000, 6000)
    # What was applied on the 3rd does not change the 2nd.
    row = on(database, date(2026, 3, 2))[0]
    assert (row.buckets, row.unapplied) == ((0, 10000, 0, 0, 0), -4000)


def test_disputes_stay_in_their_bucket_and_are_told_apart(database, office):
    where = {"account_id": office["account_id"], "site_id": office["site_id"]}
    make.add(database, "disputes", **where, invoice_id=office["january"], amount=7000, opened_on=MAR)
    row = on(database, MAR)[0]
    assert (row.disputed, row.disputed_overdue, row.outstanding) == (7000, 7000, 10000)
    assert on(database, date(2026, 2, 15))[0].disputed == 0


def test_what_is_owed_is_told_without_looking_at_disputes(database, office, monkeypatch):
    where = {"account_id": office["account_id"], "site_id": office["site_id"]}
    make.add(database, "disputes", **where, invoice_id=office["january"], amount=7000, opened_on=MAR)
    monkeypatch.setattr(balances, "_of_disputes", None)
    with database.reading(ALL) as connection:
        assert ledger_totals(connection, ALL, MAR) == {"USD": 10000}
        filters = Filters(MAR, vendors=("somebody else",))
        assert hidden_totals(connection, ALL, filters) == {"USD": 10000}


def test_a_missing_due_date_counts_from_terms_and_is_flagged(database, office):
    where = {"account_id": office["account_id"], "site_id": office["site_id"]}
    make.invoice(database, where, "N", date(2026, 4, 1), None, 700)
    row = on(database, date(2026, 5, 1))[0]
    assert row.buckets[0] == 700
    assert row.flagged == 1
    assert on(database, date(2026, 5, 2))[0].buckets[1] == 700


def test_currencies_are_kept_apart(database, office):
    vendor_id = make.vendor(database, "Halden")
    other = make.account(database, office["site_id"], vendor_id, "H-1", currency="EUR")
    make.invoice(database, {"account_id": other, "site_id": office["site_id"]}, "E", MAR, MAR, 999)
    rows = on(database, date(2026, 3, 10))
    assert {(r.key, r.currency, r.outstanding) for r in rows} == {("HQ", "USD", 10000), ("HQ", "EUR", 999)}
    with database.reading(Scope.all_sites()) as connection:
        assert ledger_totals(connection, ALL, date(2026, 3, 10)) == {"USD": 10000, "EUR": 999}
    assert [r.key for r in on(database, date(2026, 3, 10), by="vendor", vendors=("Halden",))] == ["Halden"]


def test_the_bills_behind_a_number_add_up_to_it_page_by_page(database, office):
    where = {"account_id": office["account_id"], "site_id": office["site_id"]}
    for n in range(7):
        make.invoice(database, where, f"B{n}", date(2026, 3, 1), date(2026, 3, 20 + n % 2), 100 + n)
    filters = Filters(as_of=date(2026, 3, 25))
    with database.reading(Scope.all_sites()) as connection:
        seen, after = [], None
        while page := open_bills(connection, ALL, filters, after=after, limit=3):
            seen += page
            after = (page[-1].due_on, page[-1].invoice_id)
        assert len(seen) == len({b.invoice_id for b in seen}) == 8
        assert sum(b.open_amount for b in seen) == aging(connection, ALL, filters, "site")[0].outstanding
        late = open_bills(connection, ALL, filters, bucket_index=2)
        assert [(b.number, b.days_late) for b in late] == [("J", 49)]


def test_scope_and_groups_are_required(database, office):
    with database.reading(Scope.all_sites()) as connection:
        filters = Filters(as_of=MAR)
        with pytest.raises(ScopeRequiredError):
            aging(connection, None, filters, "site")
        assert aging(connection, Scope.of([]), filters, "site") == []
        assert len(aging(connection, Scope.of([office["site_id"]]), filters, "site")) == 1
        assert aging(connection, Scope.of([office["site_id"] + 1]), filters, "site") == []
        with pytest.raises(UnknownGroupError, match="colour"):
            aging(connection, ALL, filters, "colour")
        assert filter_options(connection, ALL).vendors == ("Lumina",)
