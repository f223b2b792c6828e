"""A secret in what breaks is never sent to the browser, wherever it breaks; the log has it all, under the reference shown."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.engine import make_url

from data_access.database import Database
from data_access.schema import invoices, payments
from data_access.scope import Scope
from seed.writing import generate, write
from tests.browser.conftest import PATIENCE_MS, SETTLED, TODAY, serving
from tests.browser.raw_http import ask

pytestmark = pytest.mark.browser

SECRET, PASSWORD = "canary-4c1d", "password-9b7e"
REFERENCE = re.compile(r"reference ([0-9a-f]{8})")


@pytest.fixture(scope="module")
def ledger(postgres_ledgers):
    """A small ledger on PostgreSQL, and the address of it with a password (which the tests' server does not ask for)."""
    with postgres_ledgers.lent() as url:
        database = Database(url)
        write(database, generate("tiny", 1, TODAY - timedelta(days=1)), "operator")
        with database.reading(Scope.all_sites()) as connection:
            bill = connection.scalar(select(invoices.c.id).limit(1))
            call = connection.scalar(
                select(payments.c.call_id).where(payments.c.call_id.is_not(None), payments.c.reversed_on.is_(None))
            )
        database.close()
        yield make_url(url).set(password=PASSWORD).render_as_string(hide_password=False), bill, call


@pytest.fixture(scope="module")
def said():
    return []


@pytest.fixture(scope="module")
def broken(ledger, said):
    sabotage = str(Path(__file__).parent / "sabotage")
    with serving(ledger[0], said=said, PYTHONPATH=sabotage, CANARY=SECRET) as url:
        yield url


@pytest.fixture(scope="module")
def page(browser, broken):
    """`page.sent`: all that the server sends, by websocket and by HTTP."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, timezone_id="UTC", base_url=broken)
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    page.sent = []
    page.on("websocket", lambda socket: socket.on("framereceived", lambda frame: page.sent.append(bytes(frame))))
    yield page
    context.close()


def assert_kept(page, said, reference=None):
    """Nothing of it went out or is shown; the log has it under `reference`, without the password."""
    sent = b"".join(page.sent) + page.content().encode()
    assert len(page.sent) > 3
    assert SECRET.encode() not in sent
    assert PASSWORD.encode() not in sent
    log = "".join(said)
    assert f"it broke: {SECRET}" in log
    assert "Traceback" in log
    assert PASSWORD not in log
    if reference:
        assert f"failed, reference {reference}" in log


def reference_on(page):
    page.get_by_text("look for reference").first.wait_for()
    return REFERENCE.search(page.inner_text("body")).group(1)


def test_a_callback(page, said):
    page.goto("/balances?as_of=2026-11-20")
    page.wait_for_function(SETTLED)
    page.get_by_role("button", name="Clear", exact=True).click()
    assert_kept(page, said, reference_on(page))


def test_a_drawer(page, said, ledger):
    page.goto(f"/payments?as_of=2026-11-20&bill={ledger[1]}")
    assert_kept(page, said, reference_on(page))


def test_a_click_that_would_write(page, said, ledger):
    page.goto(f"/calls?call={ledger[2]}")
    page.get_by_role("button", name="It came back").click()
    page.get_by_role("button", name="Record the return").click()
    assert_kept(page, said, reference_on(page))


def test_a_download(page, said):
    page.goto("/balances?as_of=2026-11-20")
    page.wait_for_function(SETTLED)
    page.locator(".st-key-export-balances button").first.click()
    page.get_by_role("button", name="CSV", exact=True).click()
    assert_kept(page, said, reference_on(page))


def test_the_front_door_itself(page, said):
    page.goto("/?broken=yes")
    assert_kept(page, said, reference_on(page))


def test_the_look_at_its_health(broken, said):
    status, _, body = ask(broken, "/healthz")
    assert (status, body) == (500, b"Internal Server Error")
    assert PASSWORD not in "".join(said)
