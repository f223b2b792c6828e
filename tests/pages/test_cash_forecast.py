"""The cash forecast on What-if: by week, with the bills behind a week, in the filters."""

from datetime import date

import pytest

from domain.periods import add_months, shifted
from tests import factories as make
from tests.pages.conftest import AS_OF, everything, findings, texts
from ui import cash_forecast

HERE = {"as_of": AS_OF, "view": "Cash forecast"}


@pytest.fixture
def dialect():
    """The reads are tested on both databases; what is drawn is the same."""
    return "sqlite"


@pytest.fixture
def habits(small_ledger, database):
    """A year of Volt's bills of 40.00 for Pueblo, each issued on the 8th and paid on its due day, the 29th."""
    volt = make.account(database, small_ledger["pueblo"], make.vendor(database, "Volt"), "V-1")
    place = {"account_id": volt, "site_id": small_ledger["pueblo"]}
    for n in range(12):
        issued = add_months(date(2025, 12, 8), n)
        due = shifted(issued, 21)
        bill = make.invoice(database, place, f"H{n}", issued, due, 40_00)
        paid = make.payment(database, place, due, 40_00)
        make.allocation(database, place, 40_00, due, payment_id=paid, invoice_id=bill)
    return small_ledger


def test_the_weeks_and_the_bills_of_the_next_one(habits, draw):
    page = draw("what-if", **HERE)
    first, behind, _ = findings(page)
    assert "leaves in 13 weeks" in first
    assert "behind the week of 21 Nov 2026" in behind
    assert "B3" in everything(page)  # due on 25 November
    assert cash_forecast.HONEST in [caption.value for caption in page.caption]


def test_another_week_shows_its_own_bills(habits, draw):
    page = draw("what-if", **HERE, week="2026-12-26")  # December's bill, due on the 29th
    assert "behind the week of 26 Dec 2026" in findings(page)[1]
    assert "not issued yet" in everything(page)
    wrong = draw("what-if", **HERE, week="tomorrow")
    assert "behind the week of 21 Nov 2026" in findings(wrong)[1]


def test_by_vendor_and_in_the_filters(habits, draw):
    page = draw("what-if", **HERE, by="Vendor")
    assert findings(page)[2].startswith("Volt takes ")
    assert all(name in page.table[2].value.to_csv() for name in ("Volt", "Lumina", "Total"))
    none = draw("what-if", as_of="2025-01-01", view="Cash forecast")
    assert findings(none) == []
    assert "Nothing is expected to be paid" in texts(none)


def test_a_name_is_shown_as_it_stands(small_ledger, database, draw):
    vendor = make.vendor(database, "**Volt** :red[x]")
    account = make.account(database, small_ledger["pueblo"], vendor, "V-2")
    place = {"account_id": account, "site_id": small_ledger["pueblo"]}
    make.invoice(database, place, "V1", date(2026, 11, 1), date(2026, 11, 25), 900_00)
    page = draw("what-if", **HERE, by="Vendor")
    assert findings(page)[2].startswith(r"\*\*Volt\*\* \:red\[x\] takes ")
