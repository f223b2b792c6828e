"""L7: a total that is not the sum of its rows is found, whichever side is wrong."""

from dataclasses import replace

import pytest

from data_access.verification import totals, verify
from tests.data_access.verification.conftest import TODAY


def l7(database):
    (findings,) = (result.findings for result in verify(database, TODAY).results if result.id == "L7")
    return findings


def test_a_clean_and_busy_ledger_ties_out(database, busy):
    outcome = verify(database, TODAY)
    assert outcome.ok, outcome.results


def test_a_counter_that_lies_shows_in_every_balance(database, busy, breaks):
    breaks("UPDATE invoices SET settled = 8900 WHERE id = {jan}")
    findings = l7(database)
    # Owed in April: 10000 + 5000 + 2500 billed, 2500 + 1000 credited, 9000 + 2000 paid. The bill of January has 100 too much open.
    assert "2026-04-30: balances by site total 3100 USD (minor units), the ledger's rows 3000" in findings
    # Today's balances follow from kept sums: 1000 and 4600 past due; the bills behind them from their counters.
    behind = "buckets (0, 0, 0, 0, 5600), the open bills behind (0, 0, 0, 0, 5700)"
    assert f"2026-06-30, USD by due date: {behind}" in findings


def test_an_allocation_of_the_wrong_day_shows_on_the_days_between(database, busy, breaks):
    """Applied on paper before the bill was issued: today ties out, the end of the month between does not."""
    breaks("UPDATE invoices SET issued_on = '2026-06-10' WHERE id = {jan}")
    findings = l7(database)
    assert any(finding.startswith("2026-05-31: balances by site") for finding in findings)
    assert not any(finding.startswith("2026-06-30: balances") for finding in findings)


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
@pytest.mark.parametrize("name", ["aging", "history", "payment_totals", "spend", "billed_by_month", "open_bills"])
def test_a_read_that_loses_a_row_is_found(database, busy, monkeypatch, name):
    read = getattr(totals, name)
    monkeypatch.setattr(totals, name, lambda *args, **named: read(*args, **named)[:-1])
    assert l7(database)


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_a_bucket_that_is_off_by_a_day_is_found(database, busy, monkeypatch):
    """The totals are right, the bill stands in the wrong column."""
    read = totals.aging

    def shifted(*args, **named):
        return [replace(row, buckets=(*row.buckets[1:], row.buckets[0])) for row in read(*args, **named)]

    monkeypatch.setattr(totals, "aging", shifted)
    assert any("buckets" in finding for finding in l7(database))


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_a_filter_that_lets_everything_through_is_found(database, busy, monkeypatch):
    read = totals.aging

    def unfiltered(connection, scope, filters, by):
        return read(connection, scope, replace(filters, vendors=()), by)

    monkeypatch.setattr(totals, "aging", unfiltered)
    assert any("balances of vendor" in finding for finding in l7(database))
