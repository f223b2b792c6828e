"""What is written in the browser: a payment taken on a call moves the balance; a file with bad rows is taken once."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from sqlalchemy import select

from data_access.database import Database
from data_access.migrate import upgrade
from data_access.queries.balances import aging
from data_access.queries.open_bills import open_bills
from data_access.schema import allocations, calls, payments
from data_access.scope import Scope
from domain.filters import Filters
from seed.writing import generate, write
from tests.browser.conftest import PATIENCE_MS, serving, settle

pytestmark = pytest.mark.browser


@pytest.fixture
def ledger(tmp_path):
    """A demo organisation up to the real day, which is the day that the form and its balances are of."""
    database = Database(f"sqlite:///{tmp_path / 'ledger.db'}")
    upgrade(database)
    write(database, generate("demo", 1, datetime.now(UTC).date()), "operator")
    yield database
    database.close()


@pytest.fixture
def page(browser, ledger, tmp_path):
    with serving(f"sqlite:///{tmp_path / 'ledger.db'}") as url:
        context = browser.new_context(viewport={"width": 1280, "height": 900}, timezone_id="UTC", base_url=url)
        page = context.new_page()
        page.set_default_timeout(PATIENCE_MS)
        yield page
        context.close()


def goto(page, address):
    page.goto(address)
    settle(page)


def total_of(page, site):
    goto(page, "/balances?currency=USD")
    report = page.locator("[class*=st-key-report][class*=aging]").first
    column = report.locator("thead th").all_inner_texts().index("Total")
    row = report.locator("tbody tr", has=page.get_by_text(site, exact=True))
    return Decimal(row.locator("td").nth(column).inner_text().replace(",", ""))


def test_a_card_payment_taken_on_a_call_moves_the_balance(ledger, page):
    with ledger.reading(Scope.all_sites()) as connection:
        today = Filters(as_of=datetime.now(UTC).date(), currencies=("USD",))
        owing = max(aging(connection, Scope.all_sites(), today, "account"), key=lambda row: row.overdue)
        account_id = int(owing.labels["account_id"])
        oldest = open_bills(connection, Scope.all_sites(), today, account_id=account_id)[0]
    site = owing.labels["site_name"]
    before = total_of(page, site)

    goto(page, f"/calls?log={account_id}")
    assert page.get_by_role("heading", name="Call sheet").is_visible()
    page.get_by_text("A payment was taken on this call").click()
    settle(page)
    page.get_by_text("Card", exact=True).click()
    settle(page)
    page.get_by_label("Amount, USD").fill("10.00")
    page.get_by_label("Vendor's agent").fill("Dana")
    # The last field is still being typed in when Save is clicked: it must be saved all the same.
    page.get_by_label("Confirmation number").fill("JOURNEY-1")
    page.get_by_role("button", name="Save the call and the payment").click()
    page.wait_for_url("**/calls?*call=*")
    settle(page)
    assert "JOURNEY-1" in page.locator("[class*=st-key-report-call]").first.inner_text()
    assert "is logged" in page.locator("[data-testid=stAlert]").inner_text()

    assert total_of(page, site) == before - 10
    goto(page, "/calls")
    assert "JOURNEY-1" in page.locator("[class*=st-key-report-dense-calls] tbody").inner_text()
    with ledger.reading(Scope.all_sites()) as connection:
        logged = connection.execute(select(calls).where(calls.c.confirmation_number == "JOURNEY-1")).one()
        paid = connection.execute(select(payments).where(payments.c.call_id == logged.id)).one()
        applied = connection.execute(select(allocations).where(allocations.c.payment_id == paid.id)).one()
    assert (logged.agent, paid.amount, paid.method, paid.status) == ("Dana", 1000, "card", "pending")
    assert (applied.invoice_id, applied.amount) == (oldest.invoice_id, 1000)


BILLS = """vendor;account_number;invoice_number;issued_on;amount
{vendor};{number};JOURNEY-1;31.01.2026;1.234,50
{vendor};{number};JOURNEY-2;31.02.2026;20,00
{vendor};{number};JOURNEY-3;05.02.2026;many
"""


def test_a_file_with_bad_rows_is_previewed_accepted_and_taken_once(ledger, page, tmp_path):
    with ledger.reading(Scope.all_sites()) as connection:
        today = Filters(as_of=datetime.now(UTC).date(), currencies=("USD",))
        account = aging(connection, Scope.all_sites(), today, "account")[0].labels
    file = tmp_path / "bills.csv"
    file.write_text(BILLS.format(vendor=account["vendor"], number=account["account_number"]), encoding="cp1252")
    before = total_of(page, account["site_name"])

    def drop():
        goto(page, "/import?kind=invoices")
        page.locator("input[type=file]").set_input_files(file)
        page.get_by_role("heading", name="as they are understood").wait_for()
        settle(page)

    drop()
    assert page.get_by_role("heading", name="1 of 3 rows can be imported, 2 are rejected").is_visible()
    rejected = page.locator("[class*=st-key-report-rejects]").inner_text()
    assert "31.02.2026" in rejected
    assert "many" in rejected
    assert account["account_number"] not in page.locator("[data-testid=stMain]").inner_text()
    page.get_by_role("button", name="Import 1 row").click()
    page.get_by_role("heading", name="1 of 3 rows were imported").wait_for()
    settle(page)
    assert "bills.csv" in page.locator("[class*=st-key-report-dense-rows-imports] tbody").inner_text()
    assert total_of(page, account["site_name"]) == before + Decimal("1234.50")

    drop()
    assert page.get_by_role("heading", name="Nothing new in this file").is_visible()
    assert not page.get_by_role("button", name="Import 1 row").is_visible()
    assert "1 there already" in page.locator("[data-testid=stMain]").inner_text()
