"""The list of sites is in the order that the reports of every site say, each site once."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from random import Random
from typing import Any

import pytest

from data_access.database import Database
from data_access.queries.balances import aging
from data_access.queries.due_dates import next_due
from data_access.queries.keyset import UnknownOrderError
from data_access.queries.site_list import ORDERS, SiteList, site_list
from data_access.queries.site_standings import site_standings
from data_access.queries.sites import site_currencies, site_rows
from data_access.queries.spend import spend
from data_access.scope import Scope
from domain.filters import Filters
from tests import factories as make

ALL = Scope.all_sites()
TODAY = date(2026, 3, 31)
WEIGHTS = (("EUR", 1_000_000), ("USD", 300_000))
# (scope, filters shown, currencies of the filter bar)
ASKED: dict[str, tuple[Scope, dict[str, Any], tuple[str, ...]]] = {
    "one currency": (ALL, {"currencies": ("USD",)}, ()),
    "one vendor": (ALL, {"currencies": ("EUR",), "vendors": ("V0",)}, ()),
    "converted": (ALL, {"currencies": ("EUR", "USD")}, ()),
    "one service": (ALL, {"currencies": ("EUR",), "service_types": ("voice",)}, ()),
    "one region": (ALL, {"currencies": ("USD",), "regions": ("R1",)}, ("USD",)),
    "searched": (ALL, {"currencies": ("EUR",), "search": "oslo"}, ("EUR", "USD")),
    "a past day": (ALL, {"currencies": ("USD",), "as_of": date(2026, 2, 10)}, ()),
    "some sites": (Scope.of(range(3, 12)), {"currencies": ("USD",)}, ()),
    "nothing owed": (ALL, {"currencies": ("GBP",)}, ()),
    "no site": (Scope.of([]), {"currencies": ("USD",)}, ()),
}


@pytest.fixture(scope="module")
def ledger(shared_database: Database) -> Iterator[Database]:
    """Sites with and without accounts and bills, in two currencies, some of them equal in all but their names."""
    rng, database = Random(11), shared_database
    vendors = [make.vendor(database, f"V{n}") for n in range(2)]
    for number in range(16):
        place = {"region": f"R{number % 2}", "city": "Oslo" if number % 5 else "Bergen"}
        site_id = make.site(database, f"S{number:02}", name=f"Site {(number * 7) % 16:02}", **place)
        for which in range(number % 3):
            kind = {"currency": rng.choice(("USD", "EUR")), "service_type": rng.choice(("voice", "internet"))}
            account_id = make.account(database, site_id, vendors[which], f"A{number}-{which}", **kind)
            where = {"account_id": account_id, "site_id": site_id}
            for bill in range(rng.randrange(4)):
                issued = date(2026, 1, 1) + timedelta(days=rng.randrange(90))
                due = issued + timedelta(days=rng.choice((10, 30, 30)))
                make.invoice(database, where, f"{bill}", issued, due, rng.choice((500, 700, 900)))
            if rng.random() < 0.3:  # money on account
                make.payment(database, where, date(2026, 1, 20), 2_000)
            if number == 4:  # more came back than was ever billed
                make.invoice(database, where, "back", date(2026, 1, 9), None, 9_000, kind="credit_note")
    return database


def _plain(database: Database, scope: Scope, filters: Filters, currencies: tuple[str, ...], order: str) -> SiteList:
    """The same from the reports of every site."""
    everywhere, shown = replace(filters, currencies=currencies), replace(filters, search="")
    weights = dict(WEIGHTS) if len(filters.currencies) > 1 else defaultdict(lambda: 1)
    late: dict[str, int] = defaultdict(int)
    owed: dict[str, int] = defaultdict(int)
    billed: dict[str, int] = defaultdict(int)
    due: dict[str, date] = defaultdict(lambda: date.max)
    with database.reading(scope) as connection:
        rows = site_rows(connection, scope, everywhere)
        held = site_currencies(connection, scope, replace(everywhere, search=""))
        groups = [row for row in aging(connection, scope, shown, "site") if row.outstanding or row.open_count]
        for row in groups:
            late[row.key] += row.overdue * weights[row.currency]
            owed[row.key] += row.outstanding * weights[row.currency]
        for spent in spend(connection, scope, shown, "site"):
            billed[spent.key] += spent.amount * weights[spent.currency]
        for first in next_due(connection, scope, shown):
            due[first.key] = min(due[first.key], first.due_on)
        standings = [site.site for site in site_standings(connection, scope, replace(everywhere, search=""))]
    codes = [row.code for row in rows]
    elsewhere = {code for code in codes if code in held and not set(held[code]) & set(filters.currencies)}
    keys = {
        "overdue": lambda code: (-late[code], -owed[code]),
        "outstanding": lambda code: -owed[code],
        "billed": lambda code: -billed[code],
        "due": lambda code: due[code],
        "risk": lambda code: standings.index(code) if code in standings else len(standings),
        "name": lambda code: 0,
    }
    last = elsewhere if order != "risk" else ()
    in_order = sorted(codes, key=lambda code: (code in last, keys[order](code)))
    listed = [code for code in {row.key: None for row in groups} if code in codes]
    return SiteList(
        tuple(in_order),
        frozenset(elsewhere),
        tuple(sorted(late[code] for code in listed)),
        any(owed[code] for code in listed),
    )


@pytest.mark.parametrize("order", ORDERS)
def test_each_site_is_listed_once_in_the_order_of_the_reports(ledger, order):
    found = {}
    for name, (scope, narrowed, currencies) in ASKED.items():
        filters = Filters(**{"as_of": TODAY, **narrowed})
        with ledger.reading(scope) as connection:
            kept = site_list(connection, scope, filters, order=order, currencies=currencies, weights=WEIGHTS)
        found[name] = replace(kept, overdue=tuple(sorted(kept.overdue)))
        assert found[name] == _plain(ledger, scope, filters, currencies, order), name
    every = found["one currency"]
    assert sorted(every.codes) == [f"S{number:02}" for number in range(16)]
    assert 0 < len(every.elsewhere) < every.in_view
    assert any(every.overdue)
    assert every.outstanding
    assert found["converted"].elsewhere == frozenset()
    assert found["no site"] == SiteList((), frozenset(), (), outstanding=False)
    assert (every.codes == tuple(sorted(every.codes))) is False


def test_what_was_billed_counts_for_the_stretch_asked_for(ledger):
    """All in one currency: in January alone others lead than in the whole time."""
    filters = Filters(as_of=TODAY, currencies=("USD",))
    january = replace(filters, until=date(2026, 2, 1))
    with ledger.reading(ALL) as connection:
        every = site_list(connection, ALL, filters, order="billed", billed=filters)
        first = site_list(connection, ALL, filters, order="billed", billed=january)
        amounts = {row.key: row.amount for row in spend(connection, ALL, january, "site")}
    assert every.codes != first.codes
    told = [amounts.get(code, 0) for code in first.codes if code not in first.elsewhere]
    assert told == sorted(told, reverse=True)


def test_another_order_is_refused(ledger):
    with ledger.reading(ALL) as connection, pytest.raises(UnknownOrderError, match="'size'; choose one of overdue"):
        site_list(connection, ALL, Filters(as_of=TODAY), order="size")
