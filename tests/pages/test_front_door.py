"""The front door: who comes in, as what, and that it is asked again on every run."""

import json
from pathlib import Path

import pytest
from sqlalchemy import select
from streamlit.runtime.context import ContextProxy
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from data_access.commands.people import Access, disable, enable, grant
from data_access.commands.sign_ins import let_in
from data_access.schema import audit_log
from data_access.scope import Scope
from domain.identity import identity_of
from pages import MENU
from tests import factories as make
from tests.conftest import NOW
from tests.pages.conftest import everything, texts
from ui import start

ROOT = Path(__file__).parents[2]
ON_ONE = pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)  # nothing here asks the database anything new
AUTH = {"client_id": "duewatch", "client_secret": "s", "server_metadata_url": "http://localhost:9/"}
ISSUED = 1_795_176_000  # 20 Nov 2026, noon UTC
FINANCE_PAGES = {"overview", "sites", "balances", "payments", "calls", "risk", "what-if", "reconcile", "import"}
PAGES = {"viewer": FINANCE_PAGES - {"import"}, "finance": FINANCE_PAGES, "admin": FINANCE_PAGES | {"admin"}}


@pytest.fixture
def people(database, small_ledger):
    """One person a role; the viewer and finance see Cologne. Somebody without a site."""

    def change(command, *asked):
        return database.writing("operator", Scope.all_sites(), lambda writing: command(writing, *asked))

    for role in ("viewer", "finance"):
        change(grant, f"{role}@example.org", Access(role, role.capitalize(), ["CGN"]))
    change(grant, "admin@example.org", Access("admin", "Admin"))
    change(grant, "nobody@example.org", Access("viewer"))
    return change


@pytest.fixture
def sign_in(monkeypatch):
    """With a provider set up."""
    monkeypatch.setattr(start, "settings", lambda: AUTH)


def claims(who, **changes):
    return {
        "is_logged_in": True,
        "iss": "https://id.example.org",
        "sub": f"sub-{who}",
        "email": f"{who}@example.org",
        "email_verified": True,
        "iat": ISSUED,
    } | changes


def door(user=None, path="overview", **address):
    page = AppTest.from_file(str(ROOT / "pages" / "front_door.py"), default_timeout=60)
    page.user = user or {}
    for key, value in address.items():
        page.query_params[key] = value
    return turn(page, path)


def turn(page, path="overview"):
    """The same session at another address: st.navigation knows pages by the hash of their path."""
    page._page_hash = "" if path == MENU[0].path else calc_hash(path)
    page.run()
    assert not page.exception, page.exception[0].message
    return page


def told(database):
    """(who, what, why) of every denial."""
    with database.reading(Scope.all_sites()) as connection:
        found = connection.execute(
            select(audit_log.c.actor, audit_log.c.after).where(audit_log.c.action == "deny").order_by(audit_log.c.seq)
        ).all()
    return [(row.actor, json.loads(row.after)["what"], json.loads(row.after)["why"]) for row in found]


def title(page):
    return page.title[0].value


def nothing_is_shown(page):
    shown = everything(page)
    return not any(secret in shown for secret in ("Pueblo", "Cologne", "Lumina", "Halden", "195.00"))


@ON_ONE
def test_without_a_provider_the_operator_sees_it_said_on_every_page(database, people, monkeypatch):
    monkeypatch.setattr(start, "settings", lambda: None)
    page = door()
    for entry in MENU:
        assert title(turn(page, entry.path)) == entry.title
        assert "Local operator, no sign-in" in texts(page)
    assert not [button for button in page.button if button.label == "Sign out"]
    assert told(database) == []


@ON_ONE
@pytest.mark.parametrize("path", [entry.path for entry in MENU])
def test_nobody_sees_anything_before_signing_in(people, sign_in, path):
    page = door({"is_logged_in": False}, path, account="1", section="Health")
    assert title(page) == "Sign in to Duewatch"
    assert [button.label for button in page.button] == ["Sign in"]
    assert nothing_is_shown(page)


@pytest.mark.parametrize("role", list(PAGES))
def test_each_role_has_its_pages_and_the_others_say_so(database, people, sign_in, role):
    page = door(claims(role))
    allowed = {"overview"}
    for entry in MENU[1:]:
        turn(page, entry.path)
        if "This is not for your role" in texts(page):
            assert not any(page.get(kind) for kind in ("table", "dataframe", "file_uploader", "plotly_chart"))
        else:
            allowed.add(entry.path)
    assert allowed == PAGES[role]
    refused = [entry.path for entry in MENU if entry.path not in allowed]
    assert told(database) == [(f"{role}@example.org", f"page {path}", f"role {role}") for path in refused]
    assert role.capitalize() in [text.value for text in page.text]


def test_the_scope_is_the_granted_sites(people, sign_in):
    shown = everything(door(claims("viewer")))
    assert "Cologne Office" in shown
    assert "Pueblo" not in shown
    assert "Pueblo Warehouse" in everything(door(claims("admin")))


@ON_ONE
def test_without_a_site_it_says_whom_to_ask(people, sign_in):
    page = door(claims("nobody"))
    assert "You see no site yet" in texts(page)
    assert nothing_is_shown(page)


@ON_ONE
@pytest.mark.parametrize(
    ("user", "heading", "why"),
    [
        (claims("stranger"), "You are signed in, but not known here", "no user has this e-mail address"),
        (
            claims("viewer", email_verified=False),
            "Your e-mail address is not verified",
            "the provider has not verified the e-mail address",
        ),
        (claims("gone"), "Your access is switched off", "the user is disabled"),
        (
            claims("viewer", sub="another"),
            "This address belongs to another sign-in",
            "the e-mail address is bound to another sign-in",
        ),
    ],
)
def test_who_is_refused_is_told_why_and_the_trail_once(database, people, sign_in, user, heading, why):
    people(grant, "gone@example.org", Access("admin"))
    people(disable, "gone@example.org")
    let_in(database, identity_of(claims("viewer")))  # binds
    for path in ("overview", "payments"):
        page = door(user, path)
        assert title(page) == heading
        assert [button.label for button in page.button] == ["Sign out"]
        assert nothing_is_shown(page)
    turn(page, "calls")
    ((_, what, reason),) = told(database)
    assert (what, reason) == (f"sign-in as {user['email']}", why)
    door(user | {"iat": ISSUED + 60})
    assert len(told(database)) == 2


@ON_ONE
def test_disabled_between_two_runs_the_next_click_is_refused(people, sign_in):
    page = door(claims("finance"))
    assert title(page) == "Overview"
    people(disable, "finance@example.org")
    assert title(turn(page, "balances")) == "Your access is switched off"
    people(enable, "finance@example.org")
    assert title(turn(page, "balances")) == "Balances"


@ON_ONE
def test_role_and_grants_change_at_the_next_click(people, sign_in):
    page = turn(door(claims("viewer")), "import")
    assert "This is not for your role" in texts(page)
    people(grant, "viewer@example.org", Access("finance", sites=["PUB"]))
    assert "This is not for your role" not in texts(turn(page, "import"))
    shown = everything(turn(page, "balances"))
    assert ("Pueblo Warehouse" in shown, "Cologne" in shown) == (True, False)


@ON_ONE
def test_sign_out(people, sign_in):
    page = door(claims("viewer"))
    next(button for button in page.button if button.label == "Sign out").click().run()
    assert page.user == {"is_logged_in": False}
    assert title(turn(page)) == "Sign in to Duewatch"


@ON_ONE
def test_a_viewer_records_nothing_by_address_either(database, people, sign_in, small_ledger):
    page = door(claims("viewer"), "calls")
    assert "Log a call" not in [button.label for button in page.button]
    for address in ({"log": str(small_ledger["halden"])}, {"fix": "1"}):
        assert "This is not for your role" in texts(door(claims("viewer"), "calls", **address))
    assert [what for _, what, _ in told(database)] == ["logging a call", "correcting a call"]


@ON_ONE
@pytest.mark.parametrize(("role", "offered"), [("viewer", False), ("finance", True)])
def test_what_can_be_done_to_a_call_and_its_payment_is_for_finance(
    database, people, sign_in, small_ledger, role, offered
):
    where = {"account_id": small_ledger["halden"], "site_id": small_ledger["cologne"]}
    call = make.add(database, "calls", **where, started_at=NOW)
    make.payment(database, where, NOW.date(), 1000, status="pending", posted_on=None, call_id=call)
    page = door(claims(role), "calls", call=str(call))
    assert "€10.00 paid by ach" in texts(page) + " ".join(heading.value for heading in page.header)
    labels = {button.label for button in page.button}
    assert ({"Correct this call", "Log another call", "Post it", "Record the return"} <= labels) is offered
    assert bool({"Correct this call", "Log another call", "Post it", "Record the return"} & labels) is offered


@ON_ONE
@pytest.mark.parametrize("kind", ["account", "bill", "payment", "call"])
def test_a_link_to_what_is_hidden_is_told_to_the_trail_and_looks_like_a_link_to_nothing(
    database, people, sign_in, small_ledger, kind
):
    where = {"account_id": small_ledger["lumina"], "site_id": small_ledger["pueblo"]}
    ids = small_ledger | {"call": make.add(database, "calls", **where, started_at=NOW)}
    hidden = ids[kind]
    path = {"account": "sites", "call": "calls"}.get(kind, "payments")
    page, nothing = (door(claims("viewer"), path, **{kind: str(number)}) for number in (hidden, 987_654))
    assert [toast.value for toast in page.toast] == [toast.value for toast in nothing.toast]
    assert texts(page) == texts(nothing)
    assert not any(secret in everything(page) for secret in ("Pueblo", "Lumina"))
    assert told(database) == [("viewer@example.org", f"{kind} {hidden}", "a site outside the grants")]
    door(claims("admin"), path, **{kind: str(hidden)})
    assert len(told(database)) == 1


@ON_ONE
def test_an_account_to_log_a_call_about_is_hidden_likewise(database, people, sign_in, small_ledger):
    page = door(claims("finance"), "calls", log=str(small_ledger["lumina"]))
    assert "Choose the account" in texts(page)
    assert told(database) == [("finance@example.org", f"account {small_ledger['lumina']}", "a site outside the grants")]


@ON_ONE
def test_a_browser_that_names_no_known_time_zone_is_let_in(small_ledger, monkeypatch):
    """Some say Etc/Unknown: the day is then that of UTC."""
    monkeypatch.setattr(ContextProxy, "timezone", property(lambda _: "Etc/Unknown"))
    monkeypatch.setattr(start, "settings", lambda: None)
    page = door(as_of="2026-11-20")
    assert not page.error
    assert page.title[0].value == "Overview"
