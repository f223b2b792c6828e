"""The Admin page's audit trail, drawn without a browser on the small ledger."""

import json
from datetime import UTC, date, datetime
from functools import partial

import pytest

from data_access.commands.calls import CallDraft, log_call
from data_access.commands.payments import PaymentDraft, record_payment
from data_access.commands.reveals import reveal_numbers
from data_access.scope import Scope
from pages import MENU
from tests.pages.conftest import everything, findings
from ui.menu import allowed
from ui.viewer import Viewer

AS_OF = "2026-11-20"
ALL = Scope.all_sites()
DAY = date(2026, 11, 19)


@pytest.fixture
def draw(draw):
    """The section of the page."""
    return partial(draw, section="Audit trail")


@pytest.fixture
def trail(database, small_ledger):
    """Five events on 20 November: a payment at Pueblo, a call at Cologne and its correction, a number shown, a refusal."""

    def ana(w):
        draft = PaymentDraft(small_ledger["lumina"], DAY, 4250, "card", note="acct L-1234567", apply="none")
        record_payment(w, ALL, draft)

    def ben(w):
        call = CallDraft(
            small_ledger["halden"], datetime(2026, 11, 19, 9, tzinfo=UTC), outcome="promised", notes="by Friday"
        )
        call_id, _ = log_call(w, ALL, call)
        log_call(
            w, ALL, CallDraft(call.account_id, call.started_at, outcome="paid", notes="by Friday"), amends_id=call_id
        )

    database.writing("ana@example.com", ALL, ana)
    database.writing("ben", ALL, ben)
    database.writing("ben", ALL, lambda w: reveal_numbers(w, ALL, [small_ledger["halden"]], "call sheet"))
    database.writing("cleo", ALL, lambda w: w.record("deny", "pages", after={"reason": "Admin is for administrators"}))
    return small_ledger


def table(page):
    """What each row tells, newest first."""
    frame = page.table[0].value
    return [tuple(str(cell).replace("\\", "") for cell in row) for row in frame[["Who", "What", "Where"]].to_numpy()]


def test_the_menu_entry_is_for_administrators_and_needs_no_ledger():
    entry = next(entry for entry in MENU if entry.path == "admin")
    now = datetime(2026, 11, 20, tzinfo=UTC)
    for role, sees in (("admin", True), ("finance", False), ("viewer", False)):
        assert (entry in allowed(Viewer("x", role, ALL, now), MENU)) == sees
    assert not entry.needs_ledger


def test_the_trail_newest_first(draw, trail):
    page = draw("admin", as_of=AS_OF)
    assert findings(page) == ["Five events in the audit trail"]
    assert table(page) == [
        ("cleo", "Was refused: Admin is for administrators", ""),
        ("ben", "Was shown the whole account number: call sheet", "Cologne Office"),
        ("ben", "Corrected a call: paid", "Cologne Office"),
        ("ben", "Logged a call: promised", "Cologne Office"),
        ("ana:small[]:gray[@example.com]", "Recorded a payment of USD 42.50", "Pueblo Warehouse"),
    ]
    assert page.table[0].value["Account"][4] == "Lumina ••••4567"


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)  # the query is tested on both
@pytest.mark.parametrize(
    ("address", "numbers"),
    [
        ({"who": "ben"}, ["4", "3", "2"]),
        ({"change": "Reveal"}, ["4"]),
        ({"thing": "Call"}, ["3", "2"]),
        ({"trail": "friday"}, ["3", "2"]),
        ({"site": "Pueblo Warehouse"}, ["1"]),
        ({"region": "Rhine"}, ["4", "3", "2"]),
        ({"period": "Custom", "from": "2026-11-20"}, ["5", "4", "3", "2", "1"]),
        ({"who": "ben", "thing": "Account"}, ["4"]),
    ],
)
def test_it_is_searched_by_the_address(draw, trail, address, numbers):
    assert list(draw("admin", as_of=AS_OF, **address).table[0].value["No."]) == numbers


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    "address", [{"trail": "nothing like it"}, {"as_of": "2026-11-19"}, {"who": "ben", "site": "Pueblo Warehouse"}]
)
def test_a_search_that_finds_nothing_says_so(draw, trail, address):
    page = draw("admin", **{"as_of": AS_OF} | address)
    assert findings(page) == ["No events in the audit trail"]
    assert not page.table


def test_more_than_a_page_is_turned(database, draw, trail):
    for n in range(60):
        database.writing("ben", ALL, lambda w, n=n: w.record("fill", "sites", trail["pueblo"], after={"city": f"C{n}"}))
    page = draw("admin", as_of=AS_OF)
    assert (page.table[0].value["No."].iloc[0], page.table[0].value["No."].iloc[-1]) == ("65", "16")
    page.button(key="trail-older").click().run()
    assert list(page.table[0].value["No."]) == [str(n) for n in range(15, 0, -1)]
    assert page.button(key="trail-older").disabled


def test_an_event_opens_beside_the_page(draw, trail):
    page = draw("admin", as_of=AS_OF, event="3")
    assert page.code[0].value.startswith("3  ")
    assert page.table[-1].value.to_dict("list") == {
        "Field": ["Outcome", "Amends id"],
        "Before": [":gray[promised]", ":gray[–]"],
        "After": ["**paid**", "**1**"],
    }
    assert not page.toast
    gone = draw("admin", as_of=AS_OF, event="99")
    assert gone.toast[0].value == "There is no such event in the audit trail."
    foreign = draw("admin", sites=[trail["cologne"]], as_of=AS_OF, event="1")
    assert foreign.toast[0].value == "There is no such event in the audit trail."


def test_no_account_number_is_on_it(draw, trail):
    for address in ({}, {"event": "1"}, {"trail": "acct"}):
        shown = everything(draw("admin", as_of=AS_OF, **address))
        assert "1234567" not in shown
        assert "7654321" not in json.dumps(shown)
