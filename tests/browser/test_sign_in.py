"""Signing in at a real OpenID provider: in, out, unknown, and disabled in the middle of it; by keyboard and on a phone."""

import json
import shutil
import sys

import pytest
from sqlalchemy import select

from data_access.commands.people import Access, disable, grant
from data_access.database import Database
from data_access.queries.people import person_by_email
from data_access.schema import audit_log
from data_access.scope import Scope
from tests.browser.conftest import PATIENCE_MS, free_port, running, serving, settle
from tests.browser.test_accessibility import serious

pytestmark = pytest.mark.browser
LINK = "/payments?as_of=2026-11-20&site=Pueblo+Warehouse"
SECRETS = """[auth]
redirect_uri = "http://localhost:{{port}}/oauth2callback"
cookie_secret = "5b1f0c93a7d84e62f8e1d7c604b3925a"
client_id = "duewatch"
client_secret = "not checked by this provider"
server_metadata_url = "{provider}/.well-known/openid-configuration"
"""


@pytest.fixture
def provider():
    """The address of a provider that knows three people."""
    port = free_port()
    command = [sys.executable, "-u", "-m", "oidc_provider_mock", "--port", str(port)]
    for name in ("vera", "ada", "stranger"):
        claims = {"sub": f"sub-{name}", "email": f"{name}@example.org", "email_verified": True}
        command += ["--user-claims", json.dumps(claims)]
    with running(command, {}, "Uvicorn running"):
        yield f"http://localhost:{port}"


@pytest.fixture
def ledger(demo_ledger, tmp_path):
    """A copy of the demo organisation, with an admin and a viewer of one site."""
    shutil.copyfile(demo_ledger.removeprefix("sqlite:///"), tmp_path / "ledger.db")
    database = Database(f"sqlite:///{tmp_path / 'ledger.db'}")
    change(database, grant, "ada@example.org", Access("admin", "Ada Lovelace"))
    change(database, grant, "vera@example.org", Access("viewer", "Vera Rubin", ["PUB"]))
    yield database
    database.close()


@pytest.fixture
def base(ledger, provider, tmp_path):
    """The address of a fresh server with sign-in."""
    secrets = tmp_path / "secrets.toml"
    secrets.write_text(SECRETS.format(provider=provider))
    with serving(f"sqlite:///{tmp_path / 'ledger.db'}", secrets) as url:
        yield url


@pytest.fixture
def visit(browser, base):
    """visit(path, width=1280): a page in a browser of its own, which nobody has signed in with."""
    contexts = []

    def _visit(path, width=1280):
        context = browser.new_context(viewport={"width": width, "height": 844}, timezone_id="America/Denver")
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(PATIENCE_MS)
        page.goto(base + path)
        settle(page)
        return page

    yield _visit
    for context in contexts:
        context.close()


def change(database, command, *asked):
    return database.writing("operator", Scope.all_sites(), lambda writing: command(writing, *asked))


def at(page, heading):
    """Wait until the page has this title."""
    page.get_by_role("heading", level=1, name=heading, exact=True).wait_for()


def sign_in(page, name):
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/oauth2/authorize**")
    page.get_by_role("button", name=f"sub-{name}").first.click()


def sign_out(page):
    """The provider asks whether to end its session too."""
    page.wait_for_url("**/oauth2/end_session**")
    page.get_by_role("button", name="End session").click()
    at(page, "Sign in to Duewatch")


def told(ledger):
    """(who, what was done, what was refused) by the people of these tests, in order."""
    with ledger.reading(Scope.all_sites()) as connection:
        events = connection.execute(select(audit_log).order_by(audit_log.c.seq)).all()
    return [
        (event.actor, event.action, json.loads(event.after).get("what"))
        for event in events
        if event.actor != "operator"
    ]


def test_in_by_a_deep_link_out_by_a_click_of_the_admin(visit, base, ledger):
    page = visit(LINK)  # the first thing that this server is asked
    at(page, "Sign in to Duewatch")
    assert not page.get_by_text("Pueblo").count()
    assert not page.get_by_text("Page not found").count()
    assert serious(page) == []

    sign_in(page, "vera")
    at(page, "Payments")
    assert page.url == f"{base}{LINK}"
    settle(page)
    assert page.get_by_text("Vera Rubin").is_visible()
    menu = page.locator("[data-testid=stTopNavLink]").all_inner_texts()
    assert [name.split("\n")[-1] for name in menu] == [
        "Overview",
        "Sites",
        "Balances",
        "Payments",
        "Calls",
        "Service risk",
        "What-if",
        "Reconcile",
    ]

    change(ledger, disable, "vera@example.org")
    page.get_by_role("link", name="Balances").click()
    at(page, "Your access is switched off")
    settle(page)
    assert not page.get_by_text("Pueblo").count()
    assert not page.locator("[data-testid=stTopNavLink]").count()
    assert serious(page) == []

    page.get_by_role("button", name="Sign out").click()
    sign_out(page)
    assert told(ledger) == [
        ("vera@example.org", "bind", None),
        ("vera@example.org", "sign in", None),
        ("vera@example.org", "deny", "sign-in as vera@example.org"),
    ]


def test_somebody_unknown_is_refused_and_an_admin_adds_them_on_a_phone(visit, base, ledger):
    page = visit("/", width=390)
    sign_in(page, "stranger")
    at(page, "You are signed in, but not known here")
    assert page.get_by_text("Signed in as stranger@example.org").is_visible()
    page.reload()
    at(page, "You are signed in, but not known here")
    page.get_by_role("button", name="Sign out").click()
    sign_out(page)

    sign_in(page, "ada")
    at(page, "Overview")
    settle(page)
    # An address that was asked for before the sign-in, and not yet followed, leads away from the front page alone.
    page.evaluate("sessionStorage.setItem('duewatch-asked', '/')")
    page.goto(f"{base}/admin?person=new")
    settle(page)
    assert serious(page) == []
    page.get_by_label("E-mail address").fill("stranger@example.org")
    page.get_by_role("radio", name="Finance").click()
    page.get_by_role("dialog").get_by_role("button", name="Save").click()
    page.get_by_text("has the role finance").wait_for()
    with ledger.reading(Scope.all_sites()) as connection:
        assert person_by_email(connection, "stranger@example.org").role == "finance"

    # The way out is on the screen, and the keyboard gets there.
    settle(page)
    way_out = page.get_by_role("button", name="Sign out")
    box = way_out.bounding_box()
    assert box["x"] + box["width"] <= 390
    for _ in range(20):
        page.keyboard.press("Tab")
        if way_out.evaluate("e => e === document.activeElement"):
            break
    page.keyboard.press("Enter")
    sign_out(page)
    sign_in(page, "stranger")
    at(page, "Overview")
    page.get_by_text("You see no site yet").wait_for()
    assert told(ledger) == [
        ("sub-stranger", "deny", "sign-in as stranger@example.org"),  # once, for all the reloads
        ("ada@example.org", "bind", None),
        ("ada@example.org", "sign in", None),
        ("ada@example.org", "grant", None),
        ("stranger@example.org", "bind", None),
        ("stranger@example.org", "sign in", None),
    ]
