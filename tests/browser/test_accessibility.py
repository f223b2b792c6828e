"""axe finds nothing serious on any page, in light and dark, at desk and phone width."""

from importlib.resources import files

import pytest

from domain.what_if.actions import Action, Kind, Scenario, What
from domain.what_if.address_text import as_text
from pages import MENU
from tests.browser.conftest import PATIENCE_MS, settle

pytestmark = pytest.mark.browser
AXE = (files("axe_playwright_python") / "axe.min.js").read_text()
DESK, PHONE = {"width": 1280, "height": 800}, {"width": 390, "height": 844}
ADDRESSES = [f"/{entry.path if i else ''}?as_of=2026-11-20" for i, entry in enumerate(MENU)]
PLAN = "/what-if?as_of=2026-11-20&view=Cash+plan&cash=8000x4&money=USD"
WHAT_IF = "/what-if?as_of=2026-11-20&scenario=." + as_text(
    Scenario("Pay overdue", 90, (Action(Kind.PAY, what=What.OVERDUE),))
)
MORE = [
    "/balances?as_of=2026-11-20&view=Grid",
    "/balances?as_of=2026-11-20&open=PUB",
    "/balances?as_of=2026-11-20&view=Bills",
    "/reconcile?as_of=2026-11-20&view=Disputes",
    "/?as_of=2026-11-20&show=USD",
    "/calls?call=1200",
    "/calls?log=58",
    "/calls?prepare=58",
    "/calls?desk=Contacts",
    "/calls?desk=Follow-ups",
    "/admin?section=Vendor+terms",
    "/payments?as_of=2026-11-20&payment=2000",
    "/payments?as_of=2026-11-20&rows=Late+bills",
    "/sites?as_of=2026-11-20&site=Pueblo+Warehouse&tab=Services",
    "/sites?as_of=2026-11-20&account=42&bill=2900",
    "/sites?as_of=2026-11-20&account=42&tab=Risk",
    "/sites?account=2&tab=Usage",
    "/reconcile?as_of=2026-11-20&leg=2000",
    "/reconcile?as_of=2026-11-20&view=To+match",
    "/reconcile?as_of=2026-11-20&view=Bank+statements",
    PLAN,
    "/what-if?as_of=2026-11-20&view=Cash+forecast",
    WHAT_IF,
    "/reconcile?view=Vendor+statements&vendor-statement=2",
    "/import?kind=bank",
]


DARK = {*ADDRESSES, *MORE[::3], WHAT_IF}  # what the others are made of stands on these
COLOURS = ["color-contrast", "link-in-text-block"]  # the rules that look at colours: no other can tell dark from light


@pytest.fixture(scope="module")
def tab(visitor, server):
    """One for all addresses, each loaded anew: the browser has compiled Streamlit's own files."""
    page = visitor.new_page()
    page.set_default_timeout(PATIENCE_MS)
    yield page
    page.close()


@pytest.mark.parametrize("path", ADDRESSES + MORE)
def test_axe_finds_nothing_serious_at_a_desk_and_on_a_phone_and_in_the_dark(tab, server, path):
    tab.emulate_media(color_scheme="light")
    tab.set_viewport_size(DESK)
    tab.goto(server + path)
    settle(tab)
    assert serious(tab) == []
    if path in DARK:
        darken(tab)
        assert serious(tab, COLOURS) == []
        tab.emulate_media(color_scheme="light")
    tab.set_viewport_size(PHONE)
    settle(tab)
    assert serious(tab) == []


def test_a_table_that_scrolls_is_a_stop_for_the_keyboard_and_one_that_fits_is_not(opened):
    page = opened("/calls?as_of=2026-11-20", 390)
    stops = "[data-testid=stTable] > div:has(> table)"
    assert {each.get_attribute("tabindex") for each in page.locator(stops).all()} == {"0"}
    assert all(each.get_attribute("aria-label") for each in page.locator(stops).all())
    page.locator(stops).first.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function("() => document.activeElement.scrollLeft > 0")
    page.set_viewport_size({"width": 1280, "height": 800})
    page.wait_for_function("selector => !document.querySelector(selector).hasAttribute('tabindex')", arg=stops)


def test_what_a_plan_says_needs_no_scrolling_sideways(opened):
    page = opened(f"{PLAN}&weeks=4+weeks", 390)
    for width in (390, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        settle(page)
        boxes = page.locator("[class*=st-key-report-stack-] [data-testid=stTable] > div:has(> table)").all()
        assert len(boxes) == 3  # what is paid and what is not, with the reasons, and the rules
        assert [box.evaluate("e => e.scrollWidth - e.clientWidth") for box in boxes] == [0, 0, 0]


def test_axe_would_find_it(opened):
    page = opened(ADDRESSES[0])
    page.evaluate("document.querySelector('[data-testid=stMain]').appendChild(new Image()).src = 'data:,'")
    assert [rule for rule, *_ in serious(page)] == ["image-alt"]
    darken(page)
    assert serious(page, COLOURS) == []
    page.evaluate("document.querySelector('[data-testid=stMain] h1').style.color = '#222'")  # readable in the light
    assert [rule for rule, *_ in serious(page, COLOURS)] == ["color-contrast"]


def darken(page):
    """The system turns dark, and the page follows."""
    page.emulate_media(color_scheme="dark")
    page.wait_for_function(
        "() => getComputedStyle(document.querySelector('[data-testid=stApp]')).colorScheme === 'dark'"
    )
    settle(page)


def serious(page, rules=None):
    """(rule, impact, where, what to do) of each serious or critical violation, of all rules or of some."""
    page.evaluate(AXE)  # a script tag would be stopped by the content security policy
    options = {"resultTypes": ["violations"]} | ({} if rules is None else {"runOnly": rules})
    found = page.evaluate("options => axe.run(document, options)", options)["violations"]
    return [
        (rule["id"], rule["impact"], [node["target"] for node in rule["nodes"]][:5], rule["nodes"][0]["failureSummary"])
        for rule in found
        if rule["impact"] in ("serious", "critical")
    ]
