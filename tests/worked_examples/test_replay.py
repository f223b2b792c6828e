"""The demo's past, played again: on 200 days and as many filters (60 in a quick run) the query says what a slow reckoning says."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any

import pytest

from data_access.database import Database
from data_access.queries.balances import aging, ledger_totals
from data_access.queries.open_bills import open_bills
from data_access.queries.trends import history
from data_access.scope import Scope
from domain.filters import Basis, Filters
from seed.writing import generate, write
from tests.soak import share
from tests.worked_examples.reckoning import Ledger, comparable, read

TODAY = date(2026, 11, 20)
FIRST = date(2024, 6, 1)
ALL = Scope.all_sites()
GROUPS = ("site", "vendor", "account", "region", "currency", "service_type")


@dataclass
class Demo:
    database: Database
    ledger: Ledger


@pytest.fixture(scope="module")
def demo(shared_database) -> Demo:
    """The demo on each database, written once for all tests here."""
    write(shared_database, generate("demo", 1, TODAY), "operator")
    return Demo(shared_database, Ledger(read(shared_database)))


def past_days(count: int, random_seed: int) -> list[date]:
    rng = Random(random_seed)
    return sorted(FIRST + timedelta(days=rng.randrange((TODAY - FIRST).days + 1)) for _ in range(count))


def draw_filters(rng: Random, ledger: Ledger, as_of: date) -> tuple[Filters, dict[str, tuple[str, ...]]]:
    """A filter bar at random: none to three of its filters, one or two values each."""
    names = {
        "regions": "region",
        "sites": "site",
        "vendors": "vendor",
        "service_types": "service_type",
        "currencies": "currency",
    }
    wanted = {}
    for name in rng.sample(sorted(names), rng.randrange(4)):
        values = sorted({account[names[name]] for account in ledger.accounts.values()})
        wanted[name] = tuple(rng.sample(values, min(len(values), rng.randrange(1, 3))))
    edges = rng.choice(((30, 60, 90), (30, 60, 90), (15, 45), (7,), (10, 20, 30, 40)))
    basis = rng.choice(tuple(Basis))
    chosen: dict[str, Any] = {"edges": edges, "basis": basis} | wanted
    return Filters(as_of=as_of, **chosen), {names[name]: values for name, values in wanted.items()}


@pytest.mark.slow
@pytest.mark.soak
def test_past_days_by_site(demo):
    with demo.database.reading(Scope.all_sites()) as connection:
        for day in past_days(share(200, 60), random_seed=1):
            found = comparable(aging(connection, ALL, Filters(as_of=day), "site"))
            assert found == demo.ledger.aging(day, "site"), day


@pytest.mark.slow
@pytest.mark.soak
def test_filters_groups_bases_and_edges(demo):
    rng = Random(2)
    looked_at = 0
    with demo.database.reading(Scope.all_sites()) as connection:
        for day in past_days(share(200, 60), random_seed=3):
            filters, wanted = draw_filters(rng, demo.ledger, day)
            by = rng.choice(GROUPS)
            found = comparable(aging(connection, ALL, filters, by))
            expected = demo.ledger.aging(
                day,
                by,
                by_invoice_date=filters.basis is Basis.INVOICE,
                edges=filters.edges,
                keeps=lambda account, wanted=wanted: all(account[name] in values for name, values in wanted.items()),
            )
            assert found == expected, (filters, by)
            looked_at += len(expected)
    assert looked_at > share(1_000, 300)


def test_groups_tie_out_to_the_ledger(demo):
    """Whatever the grouping, its rows sum to the ledger; buckets and unapplied money sum to what is owed."""
    with demo.database.reading(Scope.all_sites()) as connection:
        for day in (TODAY, *past_days(3, random_seed=4)):
            totals = ledger_totals(connection, ALL, day)
            for by in GROUPS:
                sums = defaultdict(int)
                for row in aging(connection, ALL, Filters(as_of=day), by):
                    assert sum(row.buckets) + row.unapplied == row.outstanding
                    assert min(row.buckets) >= 0
                    assert row.unapplied <= 0
                    assert 0 <= row.disputed_overdue <= row.disputed <= sum(row.buckets)
                    sums[row.currency] += row.outstanding
                assert dict(sums) == totals, (day, by)


def test_what_is_shown_and_what_is_hidden_make_the_whole(demo):
    """Each region's sites alone, and each scope alone, sum to everything."""
    regions = sorted({account["region"] for account in demo.ledger.accounts.values()})
    site_ids = [row["id"] for row in demo.ledger.rows["sites"]]
    with demo.database.reading(Scope.all_sites()) as connection:
        for day in past_days(6, random_seed=5):
            whole = ledger_totals(connection, ALL, day)
            by_region, by_scope = defaultdict(int), defaultdict(int)
            for region in regions:
                for row in aging(connection, ALL, Filters(as_of=day, regions=(region,)), "account"):
                    by_region[row.currency] += row.outstanding
            for part in (site_ids[::2], site_ids[1::2]):
                for currency, amount in ledger_totals(connection, Scope.of(part), day).items():
                    by_scope[currency] += amount
            assert dict(by_region) == dict(by_scope) == whole


def test_the_bills_behind_each_bucket_add_up_to_it(demo):
    with demo.database.reading(Scope.all_sites()) as connection:
        for day in (TODAY, *past_days(4, random_seed=6)):
            filters = Filters(as_of=day)
            buckets = defaultdict(int)
            for row in aging(connection, ALL, filters, "currency"):
                for index, amount in enumerate(row.buckets):
                    buckets[row.currency, index] += amount
            behind = defaultdict(int)
            for index in range(5):
                for bill in open_bills(connection, ALL, filters, bucket_index=index, limit=100_000):
                    behind[bill.currency, index] += bill.open_amount
            assert behind == {key: amount for key, amount in buckets.items() if amount}


def test_the_trend_passes_through_the_past_as_it_was(demo):
    days = past_days(40, random_seed=7)
    days = sorted(set(days))
    with demo.database.reading(Scope.all_sites()) as connection:
        trend = defaultdict(dict)
        for position in history(connection, ALL, Filters(as_of=TODAY), days, by="site"):
            trend[position.day][position.key, position.currency] = (position.outstanding, position.overdue)
    for day in days:
        expected = {
            key: (sum(buckets) + unapplied, sum(buckets[1:]))
            for key, (buckets, unapplied, *_) in demo.ledger.aging(day, "site").items()
        }
        assert trend[day] == {key: both for key, both in expected.items() if any(both)}, day
