"""The real file: 9,007 lines that a council published, whole, twice, and in any half first."""

import csv
import os
import random
from collections import Counter
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import func, select

from data_access.importers.batches import accept
from data_access.importers.report import Created, Report
from data_access.queries.balances import aging
from data_access.schema import charges, sites
from data_access.scope import Scope
from domain.filters import Filters
from tests.data_access.importers.conftest import ACTOR, Importer

FOLDER = Path(os.environ.get("REAL_DATA_DIR") or Path(__file__).resolve().parents[4] / "shared" / "real")
FILE = FOLDER / "gateshead_telecom_2010-2022.csv"
MAPS = [
    "vendor=Supplier",
    "site=StrategicGroup",
    "invoice_number=TransNo",
    "line=SeqNo",
    "issued_on=Updated",
    "amount=Amount",
    "currency==GBP",
]
# From the folder's README, which counts them from the file with decimals.
BY_YEAR = {
    2010: "65342.22", 2011: "1657748.65", 2012: "1473880.65", 2013: "994627.47", 2014: "1406410.00", 2015: "1056299.54",
    2016: "2027670.99", 2017: "2450000.18", 2018: "2076695.60", 2019: "2056708.93", 2020: "2224634.66", 2021: "2219786.17",
    2022: "1037396.14",
}  # fmt: skip

pytestmark = pytest.mark.skipif(not FILE.exists(), reason=f"no real data: {FILE} (set REAL_DATA_DIR)")


def take(importer: Importer, path: Path) -> Report:
    return accept(
        importer.database,
        ACTOR,
        "charges",
        path,
        importer.options("charges", MAPS, source="gateshead", create_missing=True, paid=True),
    )


def assert_whole(importer: Importer) -> None:
    with importer.database.reading(Scope.all_sites()) as connection:
        years = Counter[int]()
        for issued_on, amount in connection.execute(select(charges.c.issued_on, charges.c.amount)):
            years[issued_on.year] += amount
        largest = connection.execute(
            select(sites.c.code, func.sum(charges.c.amount).label("total"))
            .join(charges, charges.c.site_id == sites.c.id)
            .group_by(sites.c.code)
            .order_by(func.sum(charges.c.amount).desc())
            .limit(1)
        ).one()
        ages = aging(connection, Scope.all_sites(), Filters(as_of=date(2026, 1, 1)), by="site")
    assert {year: Decimal(minor).scaleb(-2) for year, minor in years.items()} == {
        year: Decimal(text) for year, text in BY_YEAR.items()
    }
    assert sum(years.values()) == 2_074_720_120
    assert (largest.code, int(largest.total)) == ("Corporate Resources", 1_059_749_357)
    assert all(row.outstanding == 0 and row.unapplied == 0 and not any(row.buckets) for row in ages)
    assert len(set(importer.table("invoices", "account_id", "number"))) == 3409


def test_whole_and_again(importer: Importer, check: Callable[[], None]) -> None:
    first = take(importer, FILE)
    assert (first.read, first.added, first.duplicate, first.rejected) == (9007, 9007, 0, 0)
    assert first.created == Created(sites=20, vendors=20, accounts=112, bills=3409, payments=3409, allocations=3409)
    assert importer.table("invoices", "kind").count("credit_note") == 22
    assert_whole(importer)
    again = take(importer, FILE)
    assert (again.added, again.duplicate, again.created) == (0, 9007, Created())
    check()


@pytest.mark.parametrize(
    ("dialect", "half"),
    [("sqlite", "the first"), ("postgresql", "every second line"), ("sqlite", "a shuffled one, re-encoded")],
    indirect=["dialect"],
)
def test_a_half_first_and_then_the_whole(
    importer: Importer, tmp_path: Path, check: Callable[[], None], half: str
) -> None:
    with FILE.open(newline="", encoding="utf-8") as file:
        header, *rows = csv.reader(file)
    shuffled = random.Random(7).sample(rows, 4500)
    chosen = {"the first": rows[:4503], "every second line": rows[1::2], "a shuffled one, re-encoded": shuffled}[half]
    path = tmp_path / "half.csv"
    if chosen is shuffled:
        # Another program's export: other columns first, semicolons, decimal commas, days first, UTF-16.
        order = [9, 8, 7, 5, 4, 1]
        chosen_rows = [[row[i] for i in order] for row in chosen]
        for row in chosen_rows:
            row[0] = "/".join(reversed(row[0].split("-")))
            row[1] = row[1].replace(".", ",")
        text = "\r\n".join(";".join(f'"{cell}"' for cell in row) for row in [[header[i] for i in order], *chosen_rows])
        path.write_bytes(text.encode("utf-16"))
    else:
        with path.open("w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows([header, *chosen])
    first = take(importer, path)
    # A line of nothing alone makes no bill; it comes with the rest of its bill.
    assert first.added + first.rejected == len(chosen)
    assert first.rejected <= 1
    whole = take(importer, FILE)
    assert (whole.added, whole.duplicate, whole.rejected) == (9007 - first.added, first.added, 0)
    assert take(importer, FILE).added == 0
    assert_whole(importer)
    check()
