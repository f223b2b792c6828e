"""The largest sites, and what all come to, with figures by hand: equals at the edge go by name."""

from datetime import date, timedelta

import pytest

from data_access.database import Database
from data_access.queries.late_ranking import late_ranking
from data_access.queries.overdue_moves import overdue_moves
from data_access.queries.rankings import Ranked, payment_ranking
from data_access.queries.spend_ranking import spend_ranking
from data_access.scope import Scope
from domain.filters import Filters
from tests import factories as make

ALL = Scope.all_sites()
FEBRUARY, TODAY = date(2026, 2, 10), date(2026, 3, 10)
IN_MARCH = Filters(TODAY)
# By site: the name, what was billed in January, and what of it was paid in February. D is billed in EUR as well.
BILLED = {"A": ("Zeta", 100, 40), "B": ("Yam", 90, 40), "C": ("Xylo", 80, 40), "D": ("Wye", 70, 10)}


@pytest.fixture
def ledger(database: Database) -> Database:
    """All are due on 9 March, but E's one bill: that was due in February and paid in March, after 30 had come back from the vendor."""
    vendor_id, january = make.vendor(database, "V"), date(2026, 1, 9)
    for code, (name, billed, paid) in BILLED.items():
        site_id = make.site(database, code, name=name)
        where = {"account_id": make.account(database, site_id, vendor_id, code), "site_id": site_id}
        bill = make.invoice(database, where, "1", january, TODAY - timedelta(days=1), billed)
        payment = make.payment(database, where, FEBRUARY, paid)
        make.allocation(database, where, paid, FEBRUARY, payment_id=payment, invoice_id=bill)
    account_id = make.account(database, where["site_id"], vendor_id, "D-EUR", currency="EUR")
    euros = where | {"account_id": account_id}
    make.invoice(database, euros, "1", january, TODAY + timedelta(days=9), 20)
    make.payment(database, euros, FEBRUARY, 20)
    site_id = make.site(database, "E", name="Last")
    where = {"account_id": make.account(database, site_id, vendor_id, "E"), "site_id": site_id}
    bill = make.invoice(database, where, "1", january, FEBRUARY, 75)
    make.payment(database, where, FEBRUARY, 30, kind="refund")
    payment = make.payment(database, where, date(2026, 3, 2), 75)
    make.allocation(database, where, 75, date(2026, 3, 2), payment_id=payment, invoice_id=bill)
    return database


def _names(ranking):
    return [row.name for row in ranking.first]


def test_of_equal_sites_those_first_by_name_are_shown(ledger):
    """Three were paid 40, E 75 less 30; D 10, and 20 EUR that count for thirty times a dollar."""
    with ledger.reading(ALL) as connection:
        told = {n: payment_ranking(connection, ALL, IN_MARCH, by="site", limit=n) for n in (1, 2, 3, 9)}
        weights = (("EUR", 30), ("USD", 1))
        weighed = payment_ranking(connection, ALL, IN_MARCH, by="site", limit=1, weights=weights)
        none = payment_ranking(connection, ALL, Filters(TODAY, regions=("nowhere",)), by="site")
    assert _names(told[1]) == ["Last"]
    assert _names(told[2]) == ["Last", "Xylo"]
    assert _names(told[3]) == ["Last", "Xylo", "Yam"]
    assert _names(told[9]) == ["Last", "Xylo", "Yam", "Zeta", "Wye"]
    assert weighed.first == (Ranked("D", "Wye", (("EUR", 20), ("USD", 10))),)
    for ranking in (*told.values(), weighed):
        assert (ranking.number, ranking.sums) == (5, (("EUR", 20), ("USD", 40 + 40 + 40 + 10 + 75 - 30)))
    assert (none.first, none.number, none.sums) == ((), 0, ())


def test_what_was_billed_is_ranked_alike(ledger):
    with ledger.reading(ALL) as connection:
        told = spend_ranking(connection, ALL, IN_MARCH, by="site", limit=2)
        euros = spend_ranking(connection, ALL, Filters(TODAY, currencies=("EUR",)), by="site", limit=2)
    assert _names(told) == ["Zeta", "Wye"]  # 100; 70 and 20 are 90, as Yam has
    assert (told.number, told.sums) == (5, (("EUR", 20), ("USD", 100 + 90 + 80 + 70 + 75)))
    assert (_names(euros), euros.number) == (["Wye"], 1)


def test_past_due_that_fell_counts_as_much_as_what_rose(ledger):
    """In March 75 of E were paid, and of the others 60, 50, 40 and 60 became late."""
    with ledger.reading(ALL) as connection:
        told = {n: overdue_moves(connection, ALL, IN_MARCH, limit=n) for n in (1, 2, 3)}
    assert [(row.name, row.amounts) for row in told[1].first] == [("Last", (("USD", -75),))]
    assert _names(told[2]) == ["Last", "Wye"]  # 60, as Zeta has
    assert _names(told[3]) == ["Last", "Wye", "Zeta"]
    assert (told[1].number, told[1].sums) == (5, (("USD", 60 + 50 + 40 + 60 - 75),))


def test_of_equally_late_sites_those_with_more_bills_come_first_and_then_those_by_name(ledger):
    """A bill of each site is late, E's was paid late; C has one more, in time."""
    with ledger.reading(ALL) as connection:
        site_id, account_id = connection.exec_driver_sql(
            "SELECT site_id, id FROM accounts WHERE account_number = 'C'"
        ).one()
    where = {"site_id": site_id, "account_id": account_id}
    bill = make.invoice(ledger, where, "2", date(2026, 1, 9), FEBRUARY, 5)
    payment = make.payment(ledger, where, FEBRUARY, 5)
    make.allocation(ledger, where, 5, FEBRUARY, payment_id=payment, invoice_id=bill)
    with ledger.reading(ALL) as connection:
        told = {n: late_ranking(connection, ALL, IN_MARCH, by="site", limit=n) for n in (1, 2, 9)}
    first = [(row.labels["site_name"], row.bills, row.late) for row in told[9].first]
    assert first == [("Xylo", 2, 1), ("Last", 1, 1), ("Wye", 1, 1), ("Yam", 1, 1), ("Zeta", 1, 1)]
    assert [len(told[n].first) for n in (1, 2)] == [1, 2]
    assert told[2].first == told[9].first[:2]
    assert all(ranking.late == (1, 1, 1, 1, 1) for ranking in told.values())
    spring = Filters(date(2026, 4, 20), since=date(2026, 3, 1))
    with ledger.reading(
        ALL
    ) as connection:  # E was paid in March, but nothing of it fell due since; of D two bills are late by now
        assert late_ranking(connection, ALL, spring, by="site").late == (2, 1, 1, 1)
