"""The What-if page: a scenario begun, adjusted, compared, saved, shared and grown stale. Amounts are those of the small ledger."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select

from data_access.commands.scenarios import Computed, save
from data_access.schema import scenarios
from data_access.scope import Scope
from domain.what_if.actions import Action, Kind, Scenario, Selection, What
from domain.what_if.address_text import as_text, from_text
from tests import factories as make
from tests.pages.conftest import everything, findings, texts
from ui.what_if_words import PRESETS

AS_OF = "2026-11-20"
DAY = date(2026, 11, 20)
# What a page makes of an address does not differ by database; reads and writes of scenarios are tested on both where they are.
SQLITE = pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
PAY_OVERDUE = Scenario("Pay overdue", 90, (Action(Kind.PAY, what=What.OVERDUE),))


def in_address(scenario):
    return f".{as_text(scenario)}"


def shown(page):
    """The scenarios of the address."""
    return [from_text(text.partition(".")[2]) for text in texts_in(page) if "." in text]


def texts_in(page):
    found = page.query_params.get("scenario", [])
    return [found] if isinstance(found, str) else found


def kept(database):
    with database.reading(Scope.all_sites()) as connection:
        return connection.execute(select(scenarios).order_by(scenarios.c.id)).all()


def press(page, key):
    page.button(key=key).click().run()
    assert not page.exception
    return page


def test_without_a_scenario_it_shows_how_things_go_and_begins_one(small_ledger, draw):
    page = draw("what-if", as_of=AS_OF)
    assert findings(page)[0] == "No site goes off by 18 Feb 2027"
    figures = page.table[0].value
    assert list(figures.columns) == ["On 18 Feb 2027", "Today", "As things go"]
    assert figures["Today"].tolist()[:2] == ["195.00", "130.00"]
    press(page, "what-if-first-Pay everything overdue")
    assert shown(page) == [replace(PAY_OVERDUE, name="Pay everything overdue")]
    assert findings(page)[0] == r"Pay everything overdue: \$130 less is owed on 18 Feb 2027"


@SQLITE
def test_a_shared_scenario_is_computed_within_the_readers_sites(small_ledger, draw):
    both = Scenario("Both", 90, tuple(
        Action(Kind.PAY, Selection(sites=codes), what=What.ALL) for codes in (("PUB",), ("CGN", "PUB"))
    ))  # fmt: skip
    page = draw("what-if", sites=[small_ledger["cologne"]], as_of=AS_OF, scenario=in_address(both))
    assert "Pueblo" not in everything(page)
    assert "PUB" not in everything(page)
    figures = page.table[0].value
    assert figures["Today"].tolist()[0] == "90.00"
    assert figures["Both"].tolist()[0].startswith("–")
    assert [button.label for button in page.button if str(button.key).startswith("what-if-pick")] == [
        "1. Pay everything open at Cologne Office today"
    ]


@SQLITE
def test_an_action_is_added_adjusted_and_dropped(small_ledger, draw):
    page = draw("what-if", as_of=AS_OF, scenario=in_address(PAY_OVERDUE))
    page.selectbox(key="what-if-add").select("Pay an amount, the oldest due first").run()
    page.text_input(key="what-if-1-pay-amount").input("40.50").run()
    page.multiselect(key="what-if-1-pay-sites").select("PUB").run()
    page.select_slider(key="what-if-1-pay-on").set_value(date(2026, 12, 1)).run()
    assert not page.exception
    (scenario,) = shown(page)
    assert scenario.currency == "USD"
    assert scenario.actions[1] == Action(
        Kind.PAY, Selection(sites=("PUB",)), date(2026, 12, 1), What.AMOUNT, amount=40_50
    )
    page.text_input(key="what-if-1-pay-amount").input("nothing").run()
    assert "Write the amount like" in page.toast[0].value
    assert shown(page) == [scenario]
    press(page, "what-if-drop-1")
    assert shown(page) == [PAY_OVERDUE]


@SQLITE
def test_two_stand_side_by_side_and_one_is_taken_off(small_ledger, draw):
    later = Scenario("Later", 90, (Action(Kind.DELAY, days=30),))
    page = draw("what-if", as_of=AS_OF, scenario=[in_address(PAY_OVERDUE), in_address(later)])
    assert list(page.table[0].value.columns)[2:] == ["As things go", "Pay overdue", "Later"]
    press(page, "what-if-remove")
    assert [scenario.name for scenario in shown(page)] == ["Later"]


def test_it_is_saved_changed_copied_and_deleted(database, small_ledger, draw):
    page = draw("what-if", as_of=AS_OF, scenario=in_address(PAY_OVERDUE))
    press(page, "what-if-save-new-0")
    (row,) = kept(database)
    assert (row.name, row.owner, row.as_of) == ("Pay overdue", "tester", DAY)
    assert texts_in(page) == [row.link]
    page.text_input(key="what-if-name-0").input("Pay it all").run()
    press(page, "what-if-save-0")
    assert [row.name for row in kept(database)] == ["Pay it all"]
    press(page, f"what-if-copy-{row.id}")
    assert [row.name for row in kept(database)] == ["Pay it all", "Pay it all 2"]
    press(page, f"what-if-delete-{row.id}")
    assert [row.deleted_at is None for row in kept(database)] == [False, True]
    assert [scenario.name for scenario in shown(page)] == ["Pay it all"]  # it stays on the page, not saved


def test_what_is_on_the_screen_stays_when_the_ledger_moves_until_it_is_recomputed(database, small_ledger, draw):
    page = draw("what-if", as_of=AS_OF, scenario=in_address(PAY_OVERDUE))
    before = page.table[0].value
    here = {"account_id": small_ledger["lumina"], "site_id": small_ledger["pueblo"]}
    make.invoice(database, here, "B4", date(2026, 11, 1), date(2026, 11, 10), 11_00)
    page.run()
    assert "The ledger has changed since this was computed" in page.warning[0].value
    assert page.table[0].value.equals(before)
    press(page, "what-if-recompute")
    assert not page.warning
    assert page.table[0].value["Today"].tolist()[:2] == ["206.00", "141.00"]


def test_a_saved_one_says_when_the_ledger_has_moved_and_is_kept_anew(database, small_ledger, draw):
    page = draw("what-if", as_of=AS_OF, scenario=in_address(PAY_OVERDUE))
    press(page, "what-if-save-new-0")
    (row,) = kept(database)
    assert not draw("what-if", as_of=AS_OF, scenario=row.link).warning
    assert not draw("what-if", as_of=AS_OF, money="EUR €", scenario=row.link).warning  # seen otherwise
    here = {"account_id": small_ledger["lumina"], "site_id": small_ledger["pueblo"]}
    make.invoice(database, here, "B4", date(2026, 11, 1), date(2026, 11, 10), 11_00)
    page = draw("what-if", as_of=AS_OF, scenario=row.link)
    assert "saved as of 20 Nov 2026, and the ledger has moved since" in page.warning[0].value
    press(page, "what-if-keep")
    assert not page.warning
    assert kept(database)[0].data_version != row.data_version


@SQLITE
def test_another_days_scenario_says_so(database, small_ledger, draw):
    saved = database.writing(
        "tester", Scope.all_sites(), lambda w: save(w, Scope.all_sites(), PAY_OVERDUE, Computed(date(2026, 11, 14)))
    )
    page = draw("what-if", as_of=AS_OF, scenario=saved.link)
    assert "saved as of 14 Nov 2026" in page.warning[0].value


@SQLITE
@pytest.mark.parametrize("address", ["x", "." + "A" * 40, "x" * 22, ".", f"{'x' * 22}.zz"])
def test_an_address_that_names_nothing_is_told_and_dropped(small_ledger, draw, address):
    page = draw("what-if", as_of=AS_OF, scenario=address)
    assert "scenario of the address" in page.toast[0].value
    assert not page.query_params.get("scenario")


@SQLITE
def test_amounts_of_another_currency_do_nothing_and_that_is_said(small_ledger, draw):
    euros = Scenario("Euros", 90, (Action(Kind.PAY, what=What.AMOUNT, amount=10_00),), "EUR")
    page = draw("what-if", as_of=AS_OF, scenario=in_address(euros))
    assert findings(page)[0] == "Euros changes nothing by 18 Feb 2027"
    assert "Amounts of Euros are in EUR" in texts(page) + "".join(caption.value for caption in page.caption)


@SQLITE
def test_an_action_that_selects_nothing_says_why_and_what_to_do(small_ledger, draw):
    actions = (
        Action(Kind.PAY, Selection(sites=("CGN",), vendors=("Lumina",)), what=What.ALL),
        Action(Kind.PAY, what=What.ALL),
        Action(Kind.PRICE_CHANGE, basis_points=100),
    )
    page = draw("what-if", as_of=AS_OF, scenario=in_address(Scenario("Idle", 90, actions)))
    told = [caption.value for caption in page.caption if "Does nothing" in caption.value]
    assert [said.partition(": ")[2].partition(".")[0] for said in told] == [
        "Does nothing: no account within the filters fits all of its selection",
        "Does nothing: no bill is expected on what it selects",
    ]


@SQLITE
def test_every_kind_of_action_is_begun_and_selects_accounts_from_the_page(small_ledger, draw):
    """Each of the list is added to one scenario and then adjusted: sites, regions, vendors, services, accounts and, where it pays, bills."""
    one = Selection(accounts=(small_ledger["lumina"],))
    actions = tuple(replace(action, selection=one) for action in PRESETS.values())
    page = draw("what-if", as_of=AS_OF, scenario=in_address(Scenario("All", 90, actions, "USD")))
    for number, action in enumerate(actions):
        press(page, f"what-if-pick-{number}")
        prefix = f"what-if-{number}-{action.kind}-"
        offered = {str(box.key).removeprefix(prefix) for box in page.multiselect if str(box.key).startswith(prefix)}
        bills = {"bills"} if action.kind in (Kind.PAY, Kind.DELAY, Kind.SPLIT, Kind.DISPUTE) else set()
        assert offered == {"sites", "regions", "vendors", "service_types", "accounts"} | bills, action.kind
    assert {action.kind for action in actions} == set(Kind)
