"""The chip of a list too long for pills: what it offers comes when it is opened, and what was chosen stays when it is closed."""

import re
import shutil
from datetime import date
from urllib.parse import parse_qs, urlsplit

import pytest
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from data_access.database import Database
from tests import factories
from tests.browser.conftest import serving, settle
from ui.filter_bar import PILLS_AT_MOST

pytestmark = pytest.mark.browser

OWED = 100_00


@pytest.fixture(scope="module")
def many(sqlite_ledger, tmp_path_factory):
    """Sites S01 to S50, each with a bill of one hundred; the URL of a server on it."""
    address = f"sqlite:///{shutil.copy(sqlite_ledger, tmp_path_factory.mktemp('many') / 'ledger.db')}"
    database = Database(address)
    vendor = factories.vendor(database)
    for number in range(1, PILLS_AT_MOST + 11):
        site_id = factories.site(database, f"S{number:02}")
        where = {"site_id": site_id, "account_id": factories.account(database, site_id, vendor, f"A-{number}")}
        factories.invoice(database, where, f"B-{number}", date(2026, 10, 1), date(2026, 10, 31), OWED)
    database.close()
    with serving(address) as url:
        yield url


@pytest.fixture
def page(browser, many):
    context = browser.new_context(viewport={"width": 1280, "height": 1600}, timezone_id="UTC", base_url=many)
    yield context.new_page()
    context.close()


def chosen(page):
    return parse_qs(urlsplit(page.url).query).get("site", [])


def owes(page, hundreds):
    amounts = set(re.findall(r"(?<![\d,])[1-9]00\.00\b", page.inner_text("[data-testid=stMain]")))
    assert max(amounts, default="") == f"{hundreds}00.00", page.inner_text("[data-testid=stMain]")


def choose(page, name):
    page.locator(".st-key-chip-site button").first.click()
    settle(page)
    box = page.locator("[data-testid=stPopoverBody] [data-testid=stMultiSelect] input")
    box.click()
    box.fill(name)
    page.get_by_role("option", name=name).click()
    settle(page)


def close(page):
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    settle(page)


def test_sites_are_found_in_an_opened_chip_and_stay_when_it_is_closed(page):
    page.goto("/?as_of=2026-11-20&site=S07+site")
    settle(page)
    assert page.locator(".st-key-chip-site").inner_text().startswith("Site: S07 site")
    owes(page, 1)

    choose(page, "S42 site")
    assert chosen(page) == ["S07 site", "S42 site"]
    owes(page, 2)
    close(page)
    assert chosen(page) == ["S07 site", "S42 site"]
    owes(page, 2)

    page.locator("[data-testid=stTopNavLink]", has_text="Balances").click()
    settle(page)
    assert chosen(page) == ["S07 site", "S42 site"]
    assert "S07 site +1" in page.locator(".st-key-chip-site").inner_text()
    page.reload()
    settle(page)
    assert chosen(page) == ["S07 site", "S42 site"]

    choose(page, "S11 site")
    assert chosen(page) == ["S07 site", "S42 site", "S11 site"]
    close(page)
    page.get_by_role("button", name="Clear", exact=True).click()
    settle(page)
    assert chosen(page) == []


def follow(page, address):
    """As a click on a link does, see ui/links.py."""
    page.evaluate(
        """address => {
      history.pushState({}, '', address);
      dispatchEvent(new PopStateEvent('popstate', {state: {}}));
    }""",
        address,
    )
    settle(page)


@pytest.mark.parametrize("to", ["", "balances"], ids=["the page itself", "another page"])
def test_an_address_is_followed_while_the_chip_is_closed(page, to):
    """A link brings another choice than the session holds: it is among what the closed chip offers."""
    page.goto("/?as_of=2026-11-20&site=S07+site")
    settle(page)
    follow(page, f"/{to}?as_of=2026-11-20&site=S08+site&site=S09+site")
    assert page.locator(".st-key-chip-site").inner_text().startswith("Site: S08 site +1")
    assert chosen(page) == ["S08 site", "S09 site"]
    owes(page, 2)
    page.go_back()
    settle(page)
    assert page.locator(".st-key-chip-site").inner_text().startswith("Site: S07 site")
    assert chosen(page) == ["S07 site"]
    owes(page, 1)


@pytest.mark.parametrize("to", ["", "balances"], ids=["the page itself", "another page"])
def test_a_link_is_followed_in_one_run(page, to):
    """The chips say at once what the address asks for: of one value, of several, of a date, and of nothing any more."""
    finished = []
    page.on("websocket", lambda socket: socket.on("framereceived", lambda frame: finished.extend(runs_of(frame))))
    page.goto("/?as_of=2026-11-20&site=S07+site&period=This+month")
    settle(page)
    finished.clear()
    follow(page, f"/{to}?as_of=2026-11-19&site=S08+site&site=S09+site&currency=USD")
    assert len(finished) == 1
    chips = page.locator(".st-key-filter-bar").inner_text()
    for label in ("Site: S08 site +1", "Currency: USD", "As of: 19 Nov 2026"):
        assert label in chips
    assert "Period:" not in chips
    owes(page, 2)
    assert page.url.endswith("?as_of=2026-11-19&site=S08+site&site=S09+site&currency=USD")

    finished.clear()
    page.locator("[data-testid=stTopNavLink]", has_text="Sites").click()
    settle(page)
    assert len(finished) == 1
    assert chosen(page) == ["S08 site", "S09 site"]
    finished.clear()
    page.locator("[data-testid=stTopNavLink]", has_text="Calls").click()
    settle(page)
    assert len(finished) == 1
    assert chosen(page) == ["S08 site", "S09 site"]


def runs_of(frame):
    message = ForwardMsg.FromString(frame) if isinstance(frame, bytes) else None
    return [message] if message is not None and message.WhichOneof("type") == "script_finished" else []
