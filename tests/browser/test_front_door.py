"""Every address comes through the front door, even the first one that a fresh server is asked for."""

import pytest

from pages import MENU
from tests.browser.conftest import free_port, serving, settle, watched

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def port():
    """One after the other on the same one: a browser fetches and compiles Streamlit's own files once."""
    return free_port()


@pytest.mark.parametrize("entry", MENU[1:], ids=lambda entry: entry.path)
def test_a_deep_link_is_the_first_thing_a_fresh_server_is_asked(visitor, demo_ledger, port, entry):
    """Beside a pages/ folder Streamlit would run pages/balances.py by itself here: without head, menu and viewer."""
    with serving(demo_ledger, port=port) as url:
        page = visitor.new_page()
        page.goto(f"{url}/{entry.path}?as_of=2026-11-20")
        settle(page)
        assert page.inner_text("[data-testid=stMain] h1") == entry.title
        assert page.locator("[data-testid=stTopNavLink]").count() == len(MENU)
        assert not page.get_by_text("Page not found").count()
        page.close()


def test_nothing_comes_from_outside_and_the_policy_has_nothing_to_stop(browser, server):
    page = browser.new_page()
    wrong = watched(page, server)
    for entry in MENU:
        page.goto(f"{server}/{'' if entry is MENU[0] else entry.path}?as_of=2026-11-20")
        settle(page)
    assert wrong == []
    # Both would be seen.
    page.evaluate("document.body.append(Object.assign(new Image(), {src: 'https://outside.invalid/'}))")
    page.evaluate("document.body.append(Object.assign(document.createElement('script'), {text: 'alert(1)'}))")
    page.wait_for_timeout(500)
    page.close()
    outside = "https://outside.invalid/"
    assert {f"asked {outside}", f"violated img-src by {outside}", "violated script-src-elem by inline"} <= set(wrong)


def test_the_bundled_font_is_used(opened):
    page = opened("/?as_of=2026-11-20")
    assert page.evaluate("[400, 600, 700].every(weight => document.fonts.check(`${weight} 14px Plex`))")
    loaded = page.evaluate("[...document.fonts].filter(f => f.family === 'Plex' && f.status === 'loaded').length")
    assert loaded >= 2  # regular and semibold are on every page


def test_an_empty_ledger_says_what_to_do(browser, sqlite_ledger):
    with serving(f"sqlite:///{sqlite_ledger}") as url:
        page = browser.new_page()
        page.goto(url)
        settle(page)
        assert page.get_by_text("The ledger is empty").is_visible()
        page.close()


def test_a_database_without_schema_says_what_to_do(browser, tmp_path):
    with serving(f"sqlite:///{tmp_path / 'none.db'}") as url:
        page = browser.new_page()
        page.goto(url)
        settle(page)
        assert page.get_by_text("python manage.py init").is_visible()
        assert not page.get_by_text("Traceback").count()
        page.close()
