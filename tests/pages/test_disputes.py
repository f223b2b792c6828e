"""Disputes on Reconcile: opened on a bill, answered, credited and closed by those who may; told to everybody."""

from datetime import date

import pytest
from sqlalchemy import select

from data_access.commands.disputes import open_dispute
from data_access.schema import audit_log, dispute_events, disputes
from data_access.scope import Scope
from tests import factories as make
from tests.pages.conftest import AS_OF, findings, texts
from ui import viewer as viewers

ALL = Scope.all_sites()
HERE = {"as_of": AS_OF, "view": "Disputes"}


@pytest.fixture
def form(small_ledger, draw):
    """The form of a new dispute on bill B2, of 50.00."""
    bill = str(small_ledger["bill"])
    return draw("reconcile", **HERE, bill=bill), f"dispute-new-{bill}"


@pytest.fixture
def opened(small_ledger, database, draw):
    """A dispute of 20.00 on B2, open in the list."""
    told = {"amount": 20_00, "reason": "Rate", "opened_on": date(2026, 11, 1)}
    new = database.writing("pat", ALL, lambda w: open_dispute(w, ALL, small_ledger["bill"], **told))
    return draw("reconcile", **HERE, dispute=str(new)), f"dispute-{new}"


def click(page, key):
    page.button(key=f"{key}-save").click().run()
    assert not page.exception
    return [error.value for error in page.error]


def keys(page):
    return {button.key for button in page.button}


def stored(database, table):
    with database.reading(ALL) as connection:
        return connection.execute(select(table).order_by(table.c.id)).all()


def test_a_dispute_is_opened_on_a_bill(form, database):
    page, key = form
    assert page.text_input(key=f"{key}-amount").value == "30.00"  # what is open of it
    page.text_input(key=f"{key}-amount").set_value("12.50")
    page.text_input(key=f"{key}-text").set_value("Cancelled in May")
    assert click(page, key) == []
    (row,) = stored(database, disputes)
    assert (row.amount, row.reason, row.opened_on, row.kind) == (12_50, "Cancelled in May", date(2026, 11, 20), "bill")
    assert "Bill B2 is disputed" in page.success[0].value
    assert "bill" not in page.query_params
    with database.reading(ALL) as connection:
        told = connection.execute(select(audit_log.c.actor).where(audit_log.c.entity == "disputes")).scalars().all()
    assert told == ["tester"]


@pytest.mark.parametrize(
    ("amount", "reason", "said"),
    [("12.50", "", "Say why"), ("50.01", "Rate", "no more than the bill"), ("x", "Rate", "x"), ("", "Rate", "amount")],
)
def test_what_cannot_be_opened_is_said_and_kept_on_the_form(form, database, amount, reason, said):
    page, key = form
    page.text_input(key=f"{key}-amount").set_value(amount)
    page.text_input(key=f"{key}-text").set_value(reason)
    (refused,) = click(page, key)
    assert said in refused
    assert page.text_input(key=f"{key}-amount").value == amount
    assert stored(database, disputes) == []


def test_a_reply_a_credit_and_the_end(small_ledger, database, opened, draw):
    where = {"account_id": small_ledger["lumina"], "site_id": small_ledger["pueblo"]}
    note = make.invoice(database, where, "CN-7", date(2026, 11, 12), None, 16_00, kind="credit_note")
    _, key = opened
    page = draw("reconcile", **HERE, dispute=key.removeprefix("dispute-"))
    assert page.selectbox(key=f"{key}-credit-note").options == ["None, or not here yet", "CN-7, 12 Nov 2026, $16.00"]
    page.segmented_control(key=f"{key}-reply-answer").set_value("partly").run()
    page.text_input(key=f"{key}-reply-amount").set_value("15.00")
    assert click(page, f"{key}-reply") == []
    page.text_input(key=f"{key}-credit-amount").set_value("25.00")
    assert "no more than" in click(page, f"{key}-credit")[0]
    page.text_input(key=f"{key}-credit-amount").set_value("15.00")
    page.selectbox(key=f"{key}-credit-note").set_value(note)
    assert click(page, f"{key}-credit") == []
    events = [(e.kind, e.answer, e.amount, e.credit_note_id, e.recorded_by) for e in stored(database, dispute_events)]
    assert events == [("reply", "partly", 15_00, None, "tester"), ("credit", "", 15_00, note, "tester")]
    assert any("credit note CN-7" in table.value.to_csv() for table in page.table)
    assert page.button(key=f"{key}-close-save").disabled  # it has no end without an outcome
    page.text_input(key=f"{key}-close-text").set_value("Credited in part").run()
    assert click(page, f"{key}-close") == []
    assert stored(database, disputes)[0].outcome == "Credited in part"
    assert f"{key}-close-save" not in keys(page)


def test_the_bill_leads_to_the_form(small_ledger, draw):
    page = draw("sites", account=str(small_ledger["account"]), bill=str(small_ledger["bill"]), as_of=AS_OF)
    assert f"view=Disputes&bill={small_ledger['bill']}" in texts(page)
    earlier = draw("sites", account=str(small_ledger["account"]), bill=str(small_ledger["bill"]), as_of="2026-11-01")
    assert "view=Disputes" not in texts(earlier)


@pytest.fixture
def fined(small_ledger, database):
    """Cologne paid F1 in time, and its next bill carries a late fee of 5.00; the id of that bill."""
    cologne = small_ledger["cologne"]
    account = make.account(database, cologne, make.vendor(database, "Rhenus"), "R-5550001", currency="EUR")
    there = {"account_id": account, "site_id": cologne}
    first = make.invoice(database, there, "F1", date(2026, 10, 1), date(2026, 10, 30), 40_00)
    paid = make.payment(database, there, date(2026, 10, 29), 40_00)
    make.allocation(database, there, 40_00, date(2026, 10, 29), payment_id=paid, invoice_id=first)
    second = make.invoice(database, there, "F2", date(2026, 11, 10), date(2026, 12, 10), 45_00)
    line = {"invoice_id": second, "type": "late_fee", "line": "", "description": "Late charge", "amount": 5_00}
    make.add(database, "charges", **there, **line, issued_on=date(2026, 11, 10))
    return second


@pytest.mark.parametrize("place", ["reconcile", "risk"])
def test_one_click_asks_for_a_late_fee_back(fined, draw, database, place):
    address = HERE if place == "reconcile" else {"as_of": AS_OF, "alert": f"R24 invoices:{fined}"}
    page = draw(place, **address)
    page.button(key=f"refund-{fined}").click().run()
    assert not page.exception
    (row,) = stored(database, disputes)
    assert (row.amount, row.kind, row.opened_on, row.invoice_id) == (5_00, "late_fee", date(2026, 11, 20), fined)
    assert "last of them F1" in row.reason
    assert f"refund-{fined}" not in keys(page)
    seen = draw("reconcile", **HERE, dispute=str(row.id))
    assert f"print-refund-{row.id}-pdf" in repr([button.proto.id for button in seen.get("download_button")])


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_a_viewer_and_another_day_have_no_forms(opened, small_ledger, draw, monkeypatch):
    page, key = opened
    earlier = draw("reconcile", **(HERE | {"as_of": "2026-11-19"}), dispute=key.removeprefix("dispute-"))
    monkeypatch.setattr(viewers.Viewer, "may_write", lambda self: False)
    seen = draw("reconcile", **HERE, dispute=key.removeprefix("dispute-"))
    for drawn in (earlier, seen):
        assert "Dispute of bill B2" in findings(drawn)
        assert f"{key}-reply-save" not in keys(drawn)
    new = draw("reconcile", **HERE, bill=str(small_ledger["bill"]))
    assert f"dispute-new-{small_ledger['bill']}-save" not in keys(new)
    assert f"{key}-reply-save" in keys(page)


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_a_bill_of_another_site_has_no_form(small_ledger, draw):
    page = draw("reconcile", [small_ledger["cologne"]], **HERE, bill=str(small_ledger["bill"]))
    assert not any("B2" in said for said in findings(page))
    assert f"dispute-new-{small_ledger['bill']}-save" not in keys(page)
    assert "no such bill" in page.toast[0].value
