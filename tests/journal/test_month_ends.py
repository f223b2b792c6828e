"""Every account at twelve month ends in hledger is what `balances --as-of` says, on the demo and on a council's real file."""

import csv
from datetime import date
from decimal import Decimal

import pytest

from data_access.database import Database
from data_access.importers.batches import accept
from data_access.importers.kinds import KINDS
from data_access.importers.options import Options, parse_maps
from data_access.queries.balances import aging
from domain.filters import Filters
from domain.journal import PAYABLE
from domain.money import to_decimal
from domain.periods import add_months, month_ends
from seed.writing import generate, write
from tests.data_access.importers.test_gateshead import BY_YEAR, FILE, MAPS
from tests.journal.conftest import ALL, by_month, written

DEMO_DAY = date(2026, 11, 30)
pytestmark = pytest.mark.slow


@pytest.fixture
def agree(database, hledger, tmp_path):
    """agree(last): twelve month ends up to `last`, each account to the cent; returns the file and how many were not nothing."""

    def call(last):
        path = written(database, tmp_path / "ledger.journal", Filters(as_of=last), asserted=True)
        hledger(path, "check", "--strict", "ordereddates")
        first = add_months(last.replace(day=1), -11)
        printed = hledger(
            path,
            *("bal", PAYABLE, "--historical", "-M", "-b", str(first), "-e", str(add_months(first, 12))),
            *("--flat", "-E", "-N", "-O", "csv"),
        )
        theirs = by_month(printed)
        some = 0
        for day in month_ends(last, 12):
            with database.reading(ALL) as connection:
                rows = aging(connection, ALL, Filters(as_of=day), "account")
            ours = {row.labels["account_id"]: -to_decimal(row.outstanding, row.currency) for row in rows}
            shown = {name.rpartition("#")[2]: months[f"{day:%Y-%m}"] for name, months in theirs.items()}
            assert set(ours) <= set(shown)
            assert shown == {account: ours.get(account, Decimal(0)) for account in shown}
            some += sum(amount != 0 for amount in ours.values())
        return path, some

    return call


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_the_demo(database, agree):
    write(database, generate("demo", 1, DEMO_DAY), "seed")
    _, some = agree(DEMO_DAY)
    assert some > 500


@pytest.mark.skipif(not FILE.exists(), reason=f"no real data: {FILE} (set REAL_DATA_DIR)")
@pytest.mark.parametrize("paid", [True, False], ids=["paid on their days", "none paid"])
@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_a_councils_twelve_years(database, agree, hledger, paid):
    """Paid on the day of their issue nothing is owed at any month end; the same bills unpaid add up to all of it."""
    take(database, paid=paid)
    path, some = agree(date(2022, 12, 31))
    assert (some == 0) == paid
    spent = {year: Decimal(amount) for year, amount in BY_YEAR.items()}
    printed = hledger(path, "bal", "expenses", "-Y", "--depth", "1", "-N", "-O", "csv")
    head, row = csv.reader(printed.splitlines())
    shown = {int(year): Decimal(cell.split()[0]) for year, cell in zip(head[1:], row[1:], strict=True)}
    assert shown == spent


def take(database: Database, *, paid: bool) -> None:
    columns, constants = parse_maps(KINDS["charges"], MAPS)
    options = Options(scope=ALL, columns=columns, constants=constants, create_missing=True, paid=paid)
    accept(database, "tester", "charges", FILE, options)
