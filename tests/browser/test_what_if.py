"""What-if in the browser: built, compared, saved, shared; and the link opened by a viewer of one site, who sees that site alone."""

import re
import shutil

import pytest
from sqlalchemy import select

from data_access.commands.people import Access, grant
from data_access.database import Database
from data_access.schema import scenarios
from data_access.scope import Scope
from tests.browser.conftest import PATIENCE_MS, serving, settle
from tests.browser.test_sign_in import SECRETS, at, provider, sign_in  # noqa: F401 - a fixture

pytestmark = [pytest.mark.browser, pytest.mark.slow]
AS_OF = "as_of=2026-11-20"


@pytest.fixture
def ledger(demo_ledger, tmp_path):
    """A copy of the demo organisation, with somebody of finance for every region and a viewer of one site."""
    shutil.copyfile(demo_ledger.removeprefix("sqlite:///"), tmp_path / "ledger.db")
    database = Database(f"sqlite:///{tmp_path / 'ledger.db'}")
    for email, access in (("ada", Access("admin", "Ada Lovelace")), ("vera", Access("viewer", "Vera Rubin", ["PUB"]))):
        database.writing("operator", Scope.all_sites(), lambda w, e=email, a=access: grant(w, f"{e}@example.org", a))
    yield database
    database.close()


@pytest.fixture
def base(ledger, provider, tmp_path):  # noqa: F811
    secrets = tmp_path / "secrets.toml"
    secrets.write_text(SECRETS.format(provider=provider))
    with serving(f"sqlite:///{tmp_path / 'ledger.db'}", secrets) as url:
        yield url


@pytest.fixture
def visit(browser, base):
    """visit(name, path): a page in a browser of its own, signed in with."""
    contexts = []

    def _visit(name, path):
        context = browser.new_context(viewport={"width": 1280, "height": 1600}, timezone_id="America/Denver")
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(PATIENCE_MS)
        page.goto(base + path)
        settle(page)
        sign_in(page, name)
        page.locator("[data-testid=stTopNavLink]").first.wait_for()
        return page

    yield _visit
    for context in contexts:
        context.close()


def test_a_scenario_is_built_compared_saved_and_shared(visit, base, ledger):
    page = visit("ada", f"/?{AS_OF}")

    # The quick check answers in place, and carries over.
    box = page.locator(".st-key-quick-check")
    said = box.get_by_text("services on that would be off").inner_text()
    paid = box.locator("td strong").count()
    box.get_by_role("slider").focus()
    for _ in range(8):
        page.keyboard.press("ArrowRight")
    page.wait_for_function("said => !document.querySelector('.st-key-quick-check').innerText.includes(said)", arg=said)
    assert page.url.startswith(f"{base}/?")
    assert box.locator("table").count() == 1  # drawn anew in its place by what runs when the slider moves
    assert box.locator("td strong").count() >= paid
    box.get_by_role("link", name="Open in What-if").click()
    at(page, "What-if")
    figures = page.locator("[class*=st-key-report-dense-what-if-figures] th")
    figures.filter(has_text="Release cash").wait_for()
    columns = figures.all_inner_texts()
    assert [text.strip() for text in columns][1:] == ["Today", "As things go", "Release cash"]

    # A second one beside it, adjusted.
    page.get_by_role("button", name="New scenario").click()
    page.get_by_role("button", name="Pay later than due").click()
    page.get_by_role("slider", name="Days after the due day").wait_for()
    page.keyboard.press("Escape")
    page.get_by_role("slider", name="Days after the due day").focus()
    page.keyboard.press("ArrowRight")
    page.get_by_role("button", name=re.compile("16 days after it is due")).wait_for()
    name = page.get_by_role("textbox", name="Name")
    name.fill("Pay late")
    name.press("Enter")
    figures.filter(has_text=re.compile("^Pay late$")).wait_for()

    # Saved, and taken back from the list after a reload without it.
    page.get_by_role("button", name="Save", exact=True).click()
    page.locator(".st-key-what-if-save-new-1 button").click()
    page.get_by_text("Pay late is saved").wait_for()
    settle(page)
    with ledger.reading(Scope.all_sites()) as connection:
        (kept,) = connection.execute(select(scenarios)).all()
    assert (kept.name, kept.owner) == ("Pay late", "ada@example.org")
    assert kept.link in page.url
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Share").click()
    shared = page.locator("[data-testid=stCode]").inner_text().strip()
    assert shared.startswith(f"{base}/what-if?")

    # The link, opened by a viewer of one site: that site, and nothing of another.
    sees = visit("vera", shared.removeprefix(base))
    at(sees, "What-if")
    sees.locator("[class*=st-key-report-dense-what-if-figures] th", has_text="Pay late").wait_for()
    settle(sees)
    columns = sees.locator("[class*=st-key-report-dense-what-if-figures] th").all_inner_texts()
    assert [text.strip() for text in columns][-1] == "Pay late"
    assert places_of(sees) == {"Pueblo Warehouse"}  # of the first, which selects accounts of several sites
    sees.locator(".st-key-what-if-build").get_by_role("radio", name="Pay late").click()
    sees.get_by_role("heading", name=re.compile("^Pay late: .* than today$")).wait_for()
    settle(sees)
    assert places_of(sees) == {"Pueblo Warehouse"}  # of the second, which selects everything
    everywhere = sees.locator("body").inner_text()
    others = [site for site in names_of(ledger) if site != "Pueblo Warehouse"]
    assert len(others) > 10
    assert [site for site in others if site in everywhere] == []
    assert not sees.get_by_role("button", name=re.compile("accounts?$")).count()


def places_of(page):
    rows = page.locator("[class*=st-key-report-dense-what-if-changes] tbody tr").all_inner_texts()
    return {row.split("\t")[0].strip() for row in rows}


def names_of(ledger):
    from data_access.schema import sites

    with ledger.reading(Scope.all_sites()) as connection:
        return connection.scalars(select(sites.c.name)).all()
