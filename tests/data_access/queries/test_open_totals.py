"""What is read from the sums of open items is what the rows say, for every filter, on any day."""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import timedelta
from itertools import cycle, islice
from random import Random

import pytest

from data_access.database import Database
from data_access.months import fold
from data_access.queries import balances, open_totals
from data_access.queries.balances import aging
from data_access.queries.positions import nothing_since
from data_access.queries.trends import overdue_counts
from data_access.scope import Scope
from domain.filters import Basis, Filters
from tests import factories as make
from tests.outsider import START, Outsider

ALL = Scope.all_sites()
# In the month of the newest rows, before and after their half, at a month's end, before everything and after it.
DAYS = tuple(START + timedelta(days=days) for days in (-9, 12, 26, 40, 54, 63, 80, 900))
ASKED = (
    {},
    {"regions": ("R1",)},
    {"vendors": ("V0",)},
    {"service_types": ("voice", "internet"), "currencies": ("EUR",)},
    {"regions": ("R0",), "vendors": ("V1",)},  # by both: from the rows
    {"edges": (5, 12), "basis": Basis.INVOICE},
    {"edges": (5, 12)},
)


@pytest.fixture(scope="module")
def ledger(shared_database: Database) -> Iterator[Database]:
    rng = Random(5)
    outsider = Outsider(shared_database, rng)
    for step in range(110):
        outsider.write()
        if step == 70:
            fold(shared_database)  # some of it added up, some not
    for bill in outsider.bills:
        if bill["kind"] == "invoice" and rng.random() < 0.4:
            closed = None if rng.random() < 0.5 else bill["on"] + timedelta(days=30)
            row = {"invoice_id": bill["id"], "amount": 60, "opened_on": bill["on"], "closed_on": closed}
            make.add(shared_database, "disputes", **outsider.where(bill["account"]), **row)
    return shared_database


def _everything(database: Database, filters: Filters, groups: Iterable[str] = open_totals.BY) -> dict[str, object]:
    with database.reading(ALL) as connection:
        found: dict[str, object] = {by: aging(connection, ALL, filters, by) for by in groups}
        found["overdue bills"] = overdue_counts(connection, ALL, filters, (filters.as_of,))
    return found


@pytest.mark.parametrize("few", [1, 1000], ids=["nearest month end", "few rows since"])
def test_the_sums_of_open_items_say_what_the_rows_say(ledger, few, monkeypatch):
    monkeypatch.setattr(open_totals, "_FEW", few)
    monkeypatch.setattr(balances, "nothing_since", lambda *_: False)
    ways = islice(cycle(ASKED), few % len(ASKED), None)
    asked = [Filters(as_of=as_of, **narrowed) for as_of, narrowed in zip(DAYS, ways, strict=False)]
    kept = [_everything(ledger, filters) for filters in asked]
    rows = [row for found in kept for row in found["currency"]]
    assert sum(row.open_count for row in rows) > 40
    assert sum(row.disputed for row in rows) > sum(row.disputed_overdue for row in rows) > 0
    monkeypatch.setattr(open_totals, "kept_by_due_day", lambda *_: False)
    for filters, found in zip(asked, kept, strict=True):
        assert found == _everything(ledger, filters), filters


def test_what_is_open_now_is_what_the_rows_say_after_the_last_of_them(ledger, monkeypatch):
    monkeypatch.setattr(open_totals, "kept_by_due_day", lambda *_: False)
    with ledger.reading(ALL) as connection:
        assert [nothing_since(connection, ALL, day) for day in DAYS] == [False] * (len(DAYS) - 1) + [True]
    asked = [Filters(as_of=DAYS[-1], **narrowed) for narrowed in ASKED]
    now = [_everything(ledger, filters, ("site", "account")) for filters in asked]
    monkeypatch.setattr(balances, "nothing_since", lambda *_: False)
    for filters, found in zip(asked, now, strict=True):
        assert found == _everything(ledger, filters, ("site", "account")), filters


def test_who_sees_some_sites_is_told_of_these_alone(ledger):
    filters, own = Filters(as_of=DAYS[-1]), Scope.of([1])
    with ledger.reading(own) as connection:
        found = aging(connection, own, filters, "region")
    with ledger.reading(ALL) as connection:
        assert found == aging(connection, own, filters, "region") != aging(connection, ALL, filters, "region")


@pytest.mark.parametrize("as_of", [DAYS[4], DAYS[-1]], ids=str)
def test_what_the_filters_hide_is_what_the_accounts_outside_them_owe(ledger, as_of):
    narrowed = (*ASKED, {"sites": ("S1",)}, {"search": "s0"}, {"currencies": ("USD",)})
    with ledger.reading(ALL) as connection:
        everything = aging(connection, ALL, Filters(as_of=as_of), "account")
        for choice in narrowed:
            filters = Filters(as_of=as_of, **choice)
            inside = {row.labels["account_id"] for row in aging(connection, ALL, filters, "account")}
            outside: Counter[str] = Counter()
            for row in everything:
                if row.labels["account_id"] not in inside:
                    outside[row.currency] += row.outstanding
            found = balances.hidden_totals(connection, ALL, filters)
            assert {code: sums for code, sums in found.items() if sums} == dict(outside), choice
