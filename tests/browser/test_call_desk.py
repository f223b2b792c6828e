"""The call desk in two browsers: prepared and paid by telephone in one, seen in the other, and proven on paper."""

import io
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from pypdf import PdfReader
from sqlalchemy import select

from data_access.database import Database
from data_access.migrate import upgrade
from data_access.queries.call_sheet import call_sheet
from data_access.queries.risk import account_risks
from data_access.schema import calls, payments, sites
from data_access.scope import Scope
from domain.filters import Filters
from domain.masking import masked
from domain.money import to_decimal
from domain.risk import Stage
from seed.writing import generate, write
from tests.browser.conftest import PATIENCE_MS, serving, settle

pytestmark = [pytest.mark.browser, pytest.mark.slow]
ALL = Scope.all_sites()


@pytest.fixture
def ledger(tmp_path):
    """Three sites up to the real day, which is the day that the form and its balances are of."""
    path = tmp_path / "ledger.db"
    database = Database(f"sqlite:///{path}")
    upgrade(database)
    write(database, generate("tiny", 1, datetime.now(UTC).date()), "operator")
    yield database
    database.close()


@pytest.fixture
def browsers(browser, ledger, zone):
    """Two people at the same ledger, where the site is."""
    with serving(str(ledger.url)) as url:
        contexts = [
            browser.new_context(
                viewport={"width": 1280, "height": 900}, timezone_id=zone, base_url=url, accept_downloads=True
            )
            for _ in range(2)
        ]
        pages = [context.new_page() for context in contexts]
        for page in pages:
            page.set_default_timeout(PATIENCE_MS)
        yield pages
        for context in contexts:
            context.close()


@pytest.fixture
def near(ledger):
    """The account that the vendor has warned, or is about to suspend; late, with a verified number."""
    with ledger.reading(ALL) as connection:
        found = account_risks(connection, ALL, Filters(as_of=datetime.now(UTC).date()))
    return next(entry for entry in found if entry.risk.firm.stage in (Stage.NOTICE, Stage.NEAR))


@pytest.fixture
def zone(ledger, near):
    """Its site's: a call and its payment are of the day there, which late in a day of Greenwich is the next one."""
    with ledger.reading(ALL) as connection:
        return connection.scalar(select(sites.c.timezone).where(sites.c.code == near.site))


@pytest.fixture
def owing(ledger, near, zone):
    """What is told of it there on this day."""
    with ledger.reading(ALL) as connection:
        return call_sheet(connection, ALL, near.account_id, as_of=datetime.now(ZoneInfo(zone)).date())


def goto(page, address):
    page.goto(address)
    settle(page)


def shown(page):
    return page.locator("[data-testid=stMain]").inner_text()


def risk_of(page, sheet):
    """The row of the account among the risks, which stand below the alerts; '' where it is not at risk."""
    goto(page, f"/risk?site={sheet.account.site_name}&vendor={sheet.account.vendor}")
    found = page.locator("[class*=st-key-report] tbody tr").filter(has_text=masked(sheet.account.account_number))
    return found.last.inner_text() if found.count() else ""


def needs_action(page):
    """What the summary of alerts says, '' where there is none."""
    return "".join(page.locator(".st-key-needs-action").all_inner_texts())


def test_from_an_alert_to_the_evidence(browsers, ledger, owing, zone):
    mine, other = browsers
    account = owing.account
    amount = f"{to_decimal(owing.overdue, account.currency):,}"
    before = risk_of(other, owing)
    assert amount in before
    assert "under way" not in before
    goto(other, f"/balances?site={account.site_name}&vendor={account.vendor}&currency={account.currency}")
    assert amount in shown(other)

    there = f"site={account.site_name}&vendor={account.vendor}"
    goto(other, f"/?{there}")
    assert "Overdue" in needs_action(other)

    goto(mine, f"/risk?{there}")
    mine.locator("tr").filter(has_text=masked(account.account_number)).get_by_role("link", name="Overdue").click()
    mine.get_by_role("link", name="Prepare a call").click()
    mine.get_by_role("heading", name="Whom to ring").wait_for()
    settle(mine)
    assert mine.get_by_role("heading", name="Whom to ring").is_visible()
    assert "Verified" in shown(mine)
    assert amount in shown(mine)
    mine.get_by_role("button", name="Log the call").click()
    mine.get_by_role("heading", name="Log a call").wait_for()
    settle(mine)
    mine.get_by_text("A payment was taken on this call").click()
    settle(mine)
    mine.get_by_text("Card", exact=True).click()
    settle(mine)
    mine.get_by_label(f"Amount, {account.currency}").fill(amount)
    mine.get_by_label("Vendor's agent").fill("Dana, 4411")
    mine.get_by_role("spinbutton", name="year, Follow up on").click()
    mine.keyboard.type(datetime.now(ZoneInfo(zone)).strftime("%Y%m%d"))
    mine.keyboard.press("Tab")
    mine.get_by_label("Confirmation number").fill("DESK-77")
    mine.get_by_role("button", name="Save the call and the payment").click()
    mine.wait_for_url("**/calls?*call=*")
    settle(mine)
    assert "DESK-77" in shown(mine)

    # The other browser, which stood on Overview all the while: the alert is gone, nothing is owed, and money is under way.
    goto(other, f"/?{there}")
    assert "Overdue" not in needs_action(other)
    goto(other, f"/balances?site={account.site_name}&vendor={account.vendor}&currency={account.currency}")
    assert amount not in shown(other)
    assert "under way" in risk_of(other, owing)

    goto(mine, "/calls?desk=Follow-ups")
    mine.get_by_label("Done without another call").click()
    mine.get_by_role("option").filter(has_text=account.site_name).filter(has_text="paid").click()
    settle(mine)
    mine.get_by_label("What came of it").fill("the service stays on")
    mine.get_by_role("button", name="Done", exact=True).click()
    mine.get_by_text("is done.").wait_for()
    settle(mine)
    with ledger.reading(ALL) as connection:
        last = connection.execute(select(calls).order_by(calls.c.id.desc()).limit(1)).one()
        paid = connection.execute(select(payments).order_by(payments.c.id.desc()).limit(1)).one()
    assert (last.follow_up_on, last.confirmation_number, last.account_id) == (None, "DESK-77", account.id)
    assert paid.amount == owing.overdue

    goto(mine, f"/payments?payment={paid.id}")
    mine.get_by_role("button", name="Evidence").click()
    with mine.expect_download() as download:
        mine.get_by_role("button", name="PDF").click()
    with open(download.value.path(), "rb") as file:
        text = "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(file.read())).pages)
    for said in (
        "DESK-77",
        "Dana, 4411",
        "verified when the call was logged",
        "No line of a bank statement is matched to it.",
    ):
        assert said in text
    assert account.account_number not in text
