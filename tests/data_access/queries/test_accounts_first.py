"""What accounts chosen by their service or vendor paid, and how late, by hand: two sites, two types, two currencies."""

from dataclasses import replace
from datetime import date

import pytest

from data_access.queries import counted_payments
from data_access.queries.late_ranking import late_ranking
from data_access.queries.payment_totals import PAYMENT_GROUPS, payment_totals, payments_by_month
from data_access.queries.rankings import payment_ranking
from data_access.scope import Scope
from domain.filters import Filters
from tests import factories as make

ALL = Scope.all_sites()
SPRING = Filters(as_of=date(2026, 4, 30), since=date(2026, 2, 1))
WATER = replace(SPRING, service_types=("water",))


@pytest.fixture
def towns(database):
    """At N water in dollars and voice, at S water in euros: each billed on the 1st of January to March, due a month later."""
    north, south = make.site(database, "N"), make.site(database, "S", region="South")
    services = {"NW": (north, "water", "USD"), "NV": (north, "voice", "USD"), "SW": (south, "water", "EUR")}
    found = {}
    for name, (site, service, currency) in services.items():
        account = make.account(
            database, site, make.vendor(database, name), name, service_type=service, currency=currency
        )
        found[name] = {"account_id": account, "site_id": site}
    for name, days in (("NW", (2, 2, 28)), ("NV", (3, 3, 3)), ("SW", (1, 1, 1))):
        for month, day in enumerate(days, 1):
            where, due = found[name], None if (name, month) == ("SW", 3) else date(2026, month + 1, 2)
            bill = make.invoice(database, where, f"{name}{month}", date(2026, month, 3), due, 100 * month)
            paid_on = date(2026, month + 1, day)
            card = {"method": "card"} if month == 2 else {}
            paid = make.payment(database, where, paid_on, 100 * month, **card)
            make.allocation(database, where, 100 * month, paid_on, payment_id=paid, invoice_id=bill)
    make.payment(database, found["SW"], date(2026, 1, 31), 7)  # before the period
    make.payment(database, found["SW"], date(2026, 3, 9), 40, kind="refund", method="card")
    back = make.payment(database, found["NW"], date(2026, 4, 5), 60)
    make.payment(database, found["NW"], date(2026, 4, 9), 60, kind="reversal", reverses_id=back)
    return found


def ask(database, query, filters, **arguments):
    with database.reading(ALL) as connection:
        return query(connection, ALL, filters, **arguments)


def test_sites_are_ranked_by_what_their_water_cost(database, towns):
    """N: 100 and 200 by the 2nd, 300 on 28 April, 60 that came back. S: 600 less the refund of 40; the 7 were before."""
    ranking = ask(database, payment_ranking, WATER, by="site")
    assert [(row.key, row.name, row.amounts) for row in ranking.first] == [
        ("N", "N site", (("USD", 600),)),
        ("S", "S site", (("EUR", 560),)),
    ]
    assert (ranking.number, ranking.sums) == (2, (("EUR", 560), ("USD", 600)))
    [only] = ask(database, payment_ranking, replace(WATER, methods=("card",), regions=("South",)), by="site").first
    assert (only.key, only.amounts) == ("S", (("EUR", 160),))


def test_months_and_methods_of_water(database, towns):
    parts = ask(database, payments_by_month, WATER)
    assert [(row.month, row.key, row.currency, row.net, row.count) for row in parts] == [
        ("2026-02", "ach", "EUR", 100, 1),
        ("2026-02", "ach", "USD", 100, 1),
        ("2026-03", "card", "EUR", 160, 2),
        ("2026-03", "card", "USD", 200, 1),
        ("2026-04", "ach", "EUR", 300, 1),
        ("2026-04", "ach", "USD", 300, 3),
    ]


@pytest.mark.parametrize(
    "narrowed",
    [{"service_types": ("water",)}, {"vendors": ("NW", "NV")}, {"methods": ("ach",)}, {"currencies": ("USD",)}],
    ids=str,
)
def test_totals_are_the_same_along_the_days(database, towns, narrowed, monkeypatch):
    filters = replace(SPRING, **narrowed)

    def told():
        for by in PAYMENT_GROUPS:
            yield ask(
                database,
                payment_totals,
                filters,
                by=by,
                statuses=("posted", "returned"),
                channels=("portal", "phone", "other"),
            )
            yield ask(database, payment_totals, filters, by=by)
        yield ask(database, payment_ranking, filters, by="site")
        yield ask(database, payments_by_month, filters, split="channel")

    kept = list(told())
    monkeypatch.setattr(counted_payments, "accounts_first", lambda *_, **__: False)
    assert kept == list(told())


def test_sites_are_ranked_by_what_was_late_of_their_water(database, towns):
    """At N the third is late: due on 2 April, paid on the 28th. At S none is, the last due 30 days after 3 March by its terms."""
    ranking = ask(database, late_ranking, WATER, by="site")
    assert [(row.key, row.bills, row.late, row.unpaid) for row in ranking.first] == [("N", 3, 1, 0), ("S", 3, 0, 0)]
    assert ranking.late == (1, 0)
    assert ask(database, late_ranking, replace(WATER, since=None), by="site") == ranking  # nothing was due before
    voice = ask(database, late_ranking, replace(SPRING, service_types=("voice",)), by="site")
    assert [(row.key, row.bills, row.late) for row in voice.first] == [("N", 3, 3)]
    # The thirds are due on 2 April, by the bill and by the terms: they count from the next day, that of N unpaid then.
    for day, found in (
        (date(2026, 4, 2), [("N", 2, 0, 0), ("S", 2, 0, 0)]),
        (date(2026, 4, 3), [("N", 3, 1, 1), ("S", 3, 0, 0)]),
    ):
        first = ask(database, late_ranking, replace(WATER, as_of=day), by="site").first
        assert [(row.key, row.bills, row.late, row.unpaid) for row in first] == found
    none = ask(database, late_ranking, replace(WATER, since=date(2026, 5, 1)), by="site")
    assert none.first == none.late == ()
