"""What accounts have in common: the same whatever is asked, the same as from all rows while there are few, and never of rows before."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select

from data_access.queries import habits
from data_access.queries.cash_forecast import cash_forecasts
from data_access.queries.dimensions import ledger_accounts
from data_access.queries.expected_bills import billings, bills_to_come
from data_access.queries.outlook import known_bills, outlooks
from data_access.scope import Scope
from domain.expected_bills import expected_bills
from domain.filters import Filters
from domain.outlook import foresee
from domain.periods import shifted
from seed.large.tenant import Tenant
from seed.large.writing import write_large
from tests import factories as make

TODAY, EARLIER = date(2026, 11, 20), date(2026, 8, 10)
ALL = Scope.all_sites()


@pytest.fixture(scope="module")
def large(shared_database):
    write_large(shared_database, Tenant(1, TODAY, scale=0.001), "operator")
    with shared_database.reading(ALL) as connection:
        a = ledger_accounts(ALL, Filters(as_of=TODAY))
        places = connection.execute(select(a.c.account_id, a.c.site_id, a.c.site).order_by(a.c.account_id)).all()
    return shared_database, places


def asked(places):
    """Everybody on a day before, and who sees half of the sites today."""
    ids = sorted({place.site_id for place in places})
    return (ALL, EARLIER), (Scope.of(ids[::2]), TODAY)


def test_few_accounts_are_learned_from_whole(large):
    database, places = large
    for scope, day in asked(places):
        until, whole = shifted(day, 120), Filters(as_of=day)
        with database.reading(scope) as connection:
            found = outlooks(connection, scope, whole)
            assert found == foresee(known_bills(connection, scope, day), day, found.keys())
            assert len(found) > 20
            coming = bills_to_come(connection, scope, whole, until)
            assert coming == expected_bills(billings(connection, scope, whole), day, until)
            assert len(coming) > 50


def test_a_bill_is_foreseen_the_same_whatever_is_asked(large, monkeypatch):
    database, places = large
    monkeypatch.setattr(habits, "ENOUGH", 12)
    for scope, day in asked(places):
        whole, until = Filters(as_of=day), shifted(day, 120)
        with database.reading(scope) as connection:
            found = outlooks(connection, scope, whole)
            coming = bills_to_come(connection, scope, whole, until)
            own = {place.account_id: place.site for place in places if place.site_id in scope.site_ids or scope is ALL}
            for account_id in [*own][5::40]:
                filters = replace(whole, sites=(own[account_id],))
                of_site = {each for each, site in own.items() if site == own[account_id]}
                alone = outlooks(connection, scope, whole, account_ids=(account_id,))
                assert found.items() >= alone.items()
                assert found.items() >= outlooks(connection, scope, filters).items() >= alone.items()
                assert bills_to_come(connection, scope, filters, until) == [
                    b for b in coming if b.account_id in of_site
                ]


def test_a_bill_is_forecast_the_same_whatever_is_asked(large, monkeypatch):
    database, places = large
    monkeypatch.setattr(habits, "ENOUGH", 12)
    whole, last = Filters(as_of=EARLIER), places[-1]
    with database.reading(ALL) as connection:
        every, own = (
            [flow for one in cash_forecasts(connection, ALL, filters) for flow in one.forecast.outflows]
            for filters in (whole, replace(whole, sites=(last.site,)))
        )
    of_site = {place.account_id for place in places if place.site == last.site}
    assert own == [flow for flow in every if flow.account_id in of_site]
    assert own


def test_some_sites_stand_for_all(large, monkeypatch):
    database, places = large
    monkeypatch.setattr(habits, "ENOUGH", 12)
    with database.reading(ALL) as connection:
        some = habits.common_to(connection, ALL, TODAY).sites
        others = Scope.of([place.site_id for place in places if place.site_id not in some])
        assert some.isdisjoint(others.site_ids)
        assert set() < habits.common_to(connection, others, TODAY).sites < others.site_ids
    assert 12 <= sum(place.site_id in some for place in places) < len(places)


def test_what_is_kept_is_of_the_rows_that_are_there(database):
    """A payment, a bill, other terms and a credit note, each at a site that stands for all."""
    where = make.office(database)
    days = [date(2026, month, 5) for month in range(1, 11)]
    bills = [make.invoice(database, where, f"B{n}", day, None, 1_000 + n) for n, day in enumerate(days)]

    def said():
        with database.reading(ALL) as connection:
            common = habits.common_to(connection, ALL, TODAY)
            found = outlooks(connection, ALL, Filters(as_of=TODAY))
            coming = bills_to_come(connection, ALL, Filters(as_of=TODAY), date(2027, 1, 31))
        return common.follows, repr((found, coming))

    def pay():
        paid = make.payment(database, where, days[3], 1_003)
        make.allocation(database, where, 1_003, days[3], payment_id=paid, invoice_id=bills[3])

    def withdraw():
        more = {"kind": "credit_note", "reverses_id": bills[9]}
        make.invoice(database, where, "B9-C", date(2026, 10, 6), None, 1_009, **more)

    def other_terms():
        with database.writer.begin() as connection:
            connection.exec_driver_sql("UPDATE accounts SET terms_days = 60")

    for change in (
        pay,
        lambda: make.invoice(database, where, "B10", date(2026, 11, 5), None, 9_000),
        withdraw,
        other_terms,
    ):
        follows, before = said()
        assert said() == (follows, before)
        change()
        now, after = said()
        assert now != follows
        assert after != before
        habits.forget()
        assert said() == (now, after)
