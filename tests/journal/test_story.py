"""A story of bills, returns, refunds and credits as hledger reads it, whatever the names in it; on each database."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from data_access.queries.balances import aging
from data_access.scope import Scope, ScopeRequiredError
from domain.filters import Filters
from domain.journal import PAYABLE
from domain.money import to_decimal
from tests import factories as make
from tests.journal.conftest import ALL, written
from tests.stories import late_and_returned

LAST = date(2026, 6, 30)
pytestmark = pytest.mark.slow  # with the others that need hledger
HOSTILE = (
    "semi; colon: and  two\u3000spaces",
    "[2026-01-01] date:2020-01-01, (x) | = 5 USD",
    "\n2026-01-01 forged\n    assets:bank  1 USD\n    b",
    "\u202e\u200bZürich Wasser 株式会社 *!~%#@{}",
    "\t=1+1\r;",
    ";;",
)


def balances(hledger, path, *arguments):
    """{(account, currency): amount}."""
    printed = hledger(path, "bal", "--flat", "-N", "-O", "csv", "--layout=bare", *arguments)
    rows = [line.strip('"').split('","') for line in printed.splitlines()[1:]]
    return {(name, code): Decimal(amount) for name, code, amount in rows}


def test_every_day_of_the_story(database, hledger, tmp_path):
    late_and_returned(database)
    path = written(database, tmp_path / "l.journal", Filters(as_of=LAST), asserted=True)
    hledger(path, "check", "--strict", "ordereddates")
    for day in (date(2026, 1, 4) + timedelta(days=step) for step in range(0, 110, 6)):
        with database.reading(ALL) as connection:
            rows = aging(connection, ALL, Filters(as_of=day), "account")
        ours = {(row.labels["account_id"], row.currency): -to_decimal(row.outstanding, row.currency) for row in rows}
        theirs = balances(hledger, path, PAYABLE, "-e", str(day + timedelta(days=1)))
        assert {(name.rpartition("#")[2], code): amount for (name, code), amount in theirs.items() if amount} == {
            key: amount for key, amount in ours.items() if amount
        }


def test_where_the_money_went(database, hledger, tmp_path):
    late_and_returned(database)
    path = written(database, tmp_path / "l.journal", Filters(as_of=LAST, currencies=("USD",)))
    found = balances(hledger, path, "not:" + PAYABLE)
    # e-check: 60.00 and back. card: 100.00. ach: 70.00, of which 15.00 came back.
    assert found == {
        ("assets:bank:ach", "USD"): Decimal("-55.00"),
        ("assets:card", "USD"): Decimal("-100.00"),
        ("expenses:not itemised", "USD"): Decimal("182.00"),
    }
    assert "confirmation:CX-2" in path.read_text()
    assert hledger(path, "reg", "tag:confirmation=CX-2", "-O", "csv").count("\n") == 3


@pytest.fixture
def hostile(database):
    """An account for each of HOSTILE, which is its site, vendor, number, bill and confirmation number too; a chargeback."""
    for number, text in enumerate(HOSTILE):
        site = make.site(database, f"S{number}", name=text, region=text)
        where = {
            "account_id": make.account(database, site, make.vendor(database, text), f"{text}77310042"),
            "site_id": site,
        }
        bill = make.invoice(database, where, text, date(2026, 1, 5), None, 1000 + number)
        make.add(
            database,
            "charges",
            **where,
            invoice_id=bill,
            type="late_fee",
            amount=900,
            issued_on=date(2026, 1, 5),
            chargeback_site_id=1,
        )
        make.payment(database, where, date(2026, 2, 5), 400, method=text, channel=text, confirmation_number=text)
    make.add(
        database, "fx_rates", currency="EUR", quote="USD", on_date=date(2026, 1, 1), rate_e9=1, rate_source=HOSTILE[1]
    )


def test_names_are_names_and_nothing_else(database, hostile, hledger, tmp_path):
    path = written(database, tmp_path / "l.journal", Filters(as_of=LAST), asserted=True)
    hledger(path, "check", "--strict", "ordereddates")
    found = balances(hledger, path, PAYABLE)
    assert sorted(found.values()) == [Decimal(-600 - number) / 100 for number in reversed(range(len(HOSTILE)))]
    assert len(hledger(path, "print", "-O", "csv", "forged").splitlines()) > 1  # it is a name
    assert balances(hledger, path, "-e", "2026-01-01") == {}
    assert "P 2026-01-01 EUR 0.000000001 USD" in path.read_text()


def test_a_scope_is_held_and_numbers_are_masked(database, hostile, tmp_path):
    second = written(database, tmp_path / "l.journal", Filters(as_of=LAST), Scope.of([2])).read_text()
    assert "site:S1" in second
    assert "site:S0" not in second  # not even as the site that bears the fee
    assert "77310042" not in second
    nothing = written(database, tmp_path / "n.journal", Filters(as_of=LAST), Scope.of([]), asserted=True).read_text()
    assert "2026-01-05" not in nothing
    with pytest.raises(ScopeRequiredError):
        written(database, tmp_path / "x.journal", Filters(as_of=LAST), None)
