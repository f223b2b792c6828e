"""What scenarios start from, on a seeded ledger and on one small enough to work out: day 0 is what the pages say."""

from datetime import date, timedelta

import numpy as np
import pytest

from data_access.queries.balances import aging
from data_access.queries.risk import account_risks
from data_access.queries.what_if import start
from data_access.scope import Scope
from domain.filters import Basis, Filters
from domain.risk import Stage
from domain.what_if.actions import Scenario
from domain.what_if.projection import project
from seed.attribution import Tables
from seed.writing import generate, write
from tests import factories as make

ALL = Scope.all_sites()
TODAY = date(2026, 11, 20)
EVERY = 3  # of the accounts of a demo: enough of every currency, stage and notice
VIEWS = [
    Filters(TODAY),
    Filters(date(2026, 8, 10), basis=Basis.INVOICE, edges=(15, 45)),
    Filters(TODAY, service_types=("internet",)),
]


def opened(connection, filters, currency="USD", scope=ALL):
    return start(connection, scope, filters, currency, filters.as_of + timedelta(days=90))


@pytest.fixture(scope="module")
def tables():
    rows = generate("demo", 1, TODAY).rows
    return {
        name: [row for row in of_table if not row.get("account_id", row["id"] if name == "accounts" else 0) % EVERY]
        for name, of_table in rows.items()
    }


@pytest.fixture(scope="module")
def seeded(shared_database, tables):
    """A third of the accounts of a demo."""
    write(shared_database, Tables(tables, []), "operator")
    return shared_database


@pytest.mark.parametrize("filters", VIEWS, ids=["today", "a past day by invoice date", "one service type"])
def test_day_0_is_what_balances_says(seeded, filters):
    with seeded.reading(ALL) as connection:
        rows = aging(connection, ALL, filters, "site")
        totals = {row.currency: row for row in aging(connection, ALL, filters, "currency")}
        assert len(totals) > 1
        for currency, total in totals.items():
            projection = project(opened(connection, filters, currency), Scenario(""))
            assert _aging(projection.total) == _told(total)
            by_code = {site.code: index for index, site in enumerate(projection.sites)}
            for row in (row for row in rows if row.currency == currency):
                assert _aging(projection.by_site, by_code[row.key]) == _told(row), row.key


def _aging(measures, *site):
    at = (*site, 0)
    names = ("unapplied", "outstanding", "disputed", "overdue")
    return measures.buckets[:, *at].tolist(), *(int(getattr(measures, name)[at]) for name in names)


def _told(row):
    return list(row.buckets), row.unapplied, row.outstanding, row.disputed, row.overdue - row.disputed_overdue


def test_day_0_is_at_risk_where_service_risk_says_so(seeded):
    with seeded.reading(ALL) as connection:
        found = account_risks(connection, ALL, Filters(TODAY, currencies=("USD",)))
        total = project(opened(connection, Filters(TODAY)), Scenario("")).total
    firm = [entry.risk.firm for entry in found]
    begun = [f for f in firm if f.stage >= Stage.LATE and f.window and f.window.earliest <= TODAY]
    assert total.accounts_at_risk[0] == len(begun)
    assert total.accounts_suspended[0] == sum(f.stage is Stage.SUSPENDED for f in firm)
    assert begun


def test_a_viewer_starts_from_own_sites_only(seeded, tables):
    sites = {row["id"]: row["code"] for row in tables["sites"]}
    one = tables["accounts"][0]["site_id"]
    with seeded.reading(Scope.of([one])) as connection:
        own = opened(connection, Filters(TODAY), scope=Scope.of([one]))
    with seeded.reading(Scope.of(())) as connection:
        nothing = opened(connection, Filters(TODAY), scope=Scope.of(()))
    assert [site.code for site in own.sites] == [sites[one]]
    assert set(own.accounts.ids.tolist()) == {
        row["id"] for row in tables["accounts"] if row["site_id"] == one and row["currency"] == "USD"
    }
    assert (len(nothing.accounts.ids), len(nothing.bills.ids), nothing.sites) == (0, 0, ())


def test_a_payment_under_way_is_off_the_bill_and_arrives(database):
    """Paid by ach on Thursday, 12 November 2026, in two payments to one bill: shown on Monday; by cheque on the 23rd."""
    where = make.office(database, autopay_method="card", autopay_expires_on=date(2026, 12, 31))
    bill = make.invoice(database, where, "B", date(2026, 10, 20), date(2026, 11, 20), 10_000)
    for method, amount in (("ach", 2_000), ("ach", 1_000), ("cheque", 500)):
        sent = {"status": "pending", "posted_on": None, "method": method}
        paid = make.payment(database, where, date(2026, 11, 12), amount, **sent)
        make.allocation(database, where, amount, date(2026, 11, 12), payment_id=paid, invoice_id=bill)
    with database.reading(ALL) as connection:
        begin = opened(connection, Filters(date(2026, 11, 13)))
        later = opened(connection, Filters(date(2026, 11, 18)))
    assert (begin.bills.amount.tolist(), begin.bills.pending.tolist()) == ([6_500], [3_500])
    assert begin.accounts.autopay_until.tolist() == [48]
    arrivals = zip(
        begin.arrivals.bill.tolist(), begin.arrivals.day.tolist(), begin.arrivals.amount.tolist(), strict=True
    )
    assert list(arrivals) == [(0, 3, 3_000), (0, 10, 500)]
    assert later.arrivals.day.tolist() == [1, 5]  # the ach should have been there: it comes tomorrow


def test_what_comes_later_does_not_change_the_start(database):
    where = make.office(database)
    for month in range(1, 11):
        make.invoice(database, where, f"B{month}", date(2026, month, 5), date(2026, month, 25), 1_000 * month)
    day = date(2026, 10, 15)
    with database.reading(ALL) as connection:
        begin = opened(connection, Filters(day))
    paid = make.payment(database, where, date(2026, 10, 16), 3_000)
    make.allocation(database, where, 1_000, date(2026, 10, 16), payment_id=paid, invoice_id=1)
    make.invoice(database, where, "B11", date(2026, 11, 5), date(2026, 11, 25), 9_000)
    with database.reading(ALL) as connection:
        assert opened(connection, Filters(day)).fingerprint == begin.fingerprint
        assert opened(connection, Filters(date(2026, 10, 16))).fingerprint != begin.fingerprint
    assert np.count_nonzero(begin.bills.ids == 0) == 3  # November to January
