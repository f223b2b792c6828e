"""What is read from the sums of open items is what the rows say, for every filter, on any day."""

from collections.abc import Iterator
from datetime import timedelta
from random import Random

import pytest

from data_access.database import Database
from data_access.months import fold
from data_access.queries import open_totals
from data_access.queries.balances import aging
from data_access.scope import Scope
from domain.filters import Basis, Filters
from tests.outsider import START, Outsider

ALL = Scope.all_sites()
# In the month of the newest rows, before and after their half, at a month's end, before everything and after it.
DAYS = tuple(START + timedelta(days=days) for days in (-9, 12, 26, 40, 54, 63, 80, 400))
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
    outsider = Outsider(shared_database, Random(5))
    for step in range(110):
        outsider.write()
        if step == 70:
            fold(shared_database)  # some of it added up, some not
    return shared_database


def _everything(database: Database, filters: Filters) -> dict[str, object]:
    with database.reading(ALL) as connection:
        return {by: aging(connection, ALL, filters, by) for by in ("currency", "region", "vendor", "service_type")}


@pytest.mark.parametrize("few", [0, 1000], ids=["nearest month end", "few rows since"])
def test_the_sums_of_open_items_say_what_the_rows_say(ledger, few, monkeypatch):
    monkeypatch.setattr(open_totals, "_FEW", few)
    asked = [Filters(as_of=as_of, **narrowed) for as_of in DAYS for narrowed in ASKED]
    kept = [_everything(ledger, filters) for filters in asked]
    assert sum(row.open_count for found in kept for row in found["currency"]) > 100
    monkeypatch.setattr(open_totals, "kept_by_due_day", lambda *_: False)
    for filters, found in zip(asked, kept, strict=True):
        assert found == _everything(ledger, filters), filters
