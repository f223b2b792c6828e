"""The Calls page: the log, one call, logging one with a payment, correcting one. Amounts are those of the small ledger."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from data_access.schema import allocations, calls, payments
from data_access.scope import Scope
from tests import factories as make
from tests.pages.conftest import findings, texts

AS_OF = "2026-11-20"


def call(database, ledger, day, **values):
    at = datetime(2026, 11, day, 15, tzinfo=UTC)
    where = {"account_id": ledger["lumina"], "site_id": ledger["pueblo"]}
    return make.add(database, "calls", **where, started_at=at, **values)


def rows(database, table):
    with database.reading(Scope.all_sites()) as connection:
        return connection.execute(select(table).order_by(table.c.id)).all()


def save(page):
    next(button for button in page.button if button.label.startswith("Save")).click().run()
    assert not page.exception
    return page


def field(kind, label):
    return next(each for each in kind if each.label == label)


def test_an_empty_log_says_what_to_do(small_ledger, draw):
    page = draw("calls", as_of=AS_OF)
    assert findings(page)[0] == "No promise or follow-up is open"
    assert "log the first call" in "\n".join(caption.value for caption in page.caption)


def test_the_log_shows_what_waits_and_what_was_paid(database, small_ledger, draw):
    call(database, small_ledger, 2, outcome="promised", promised_on=date(2026, 11, 10))
    call(database, small_ledger, 17, outcome="paid", confirmation_number="C-77", number="+13035550100")
    page = draw("calls", as_of=AS_OF)
    # The payment of 16 November kept the promise, six days late.
    assert findings(page) == [
        "No promise or follow-up is open",
        "50% of 2 calls in 13 months ended with a payment",
        "Two calls",
    ]
    assert "+1 303 555 0100" in page.table[-1].value["Agent"][0].replace("\N{NO-BREAK SPACE}", " ")
    assert findings(draw("calls", as_of="2026-11-15"))[0] == "One promise is broken"
    assert findings(draw("calls", as_of=AS_OF, outcome="paid"))[-1] == "One call"
    assert findings(draw("calls", as_of=AS_OF, q="c-77"))[-1] == "One call"


def test_a_call_and_its_card_payment_are_saved_together(database, small_ledger, draw):
    page = draw("calls", log=str(small_ledger["lumina"]))
    assert "Call sheet" in findings(page)
    field(page.toggle, "A payment was taken on this call").set_value(True).run()
    field(page.text_input, "Amount, USD").set_value("120").run()
    # 100.00 of B1 and 20.00 of the 30.00 of B2; 195.00 owed before.
    assert "B1 (\\$100.00) and B2 (\\$20.00 of \\$30.00)" in texts(page)
    assert "\\$195.00 → **\\$75.00**" in texts(page)
    field(page.text_input, "Confirmation number").set_value("LM-1")
    save(page)
    assert "card or e-check" in page.error[0].value
    assert field(page.text_input, "Confirmation number").value == "LM-1"  # nothing that was typed is lost
    page.session_state["call-1-method"] = "card"
    save(page)

    (logged,) = rows(database, calls)
    paid = rows(database, payments)[-1]
    assert (logged.purpose, logged.outcome, logged.confirmation_number) == ("payment", "paid", "LM-1")
    assert (paid.amount, paid.method, paid.channel, paid.status, paid.call_id) == (
        12000,
        "card",
        "phone",
        "pending",
        logged.id,
    )
    assert [row.amount for row in rows(database, allocations) if row.payment_id == paid.id] == [10000, 2000]
    assert page.query_params["call"] in (str(logged.id), [str(logged.id)])
    assert "\\$195.00 → **\\$75.00**" in page.success[0].value


def test_bills_can_be_chosen(database, small_ledger, draw):
    page = draw("calls", log=str(small_ledger["lumina"]))
    field(page.toggle, "A payment was taken on this call").set_value(True).run()
    field(page.text_input, "Amount, USD").set_value("70").run()
    page.session_state["call-1-method"] = "e-check"
    page.session_state["call-1-apply"] = "Choose bills"
    page.run()
    field(page.text_input, "Pay on bill B1").set_value("")
    field(page.text_input, "Pay on bill B3").set_value("70.01").run()
    assert "more than the \\$70.00 that is open" in texts(page)
    save(page)
    assert not rows(database, calls)
    field(page.text_input, "Pay on bill B3").set_value("70").run()
    save(page)
    paid = rows(database, payments)[-1]
    (applied,) = [row for row in rows(database, allocations) if row.payment_id == paid.id]
    assert (paid.method, applied.amount) == ("e-check", 7000)


def test_a_call_without_purpose_is_not_saved(database, small_ledger, draw):
    page = save(draw("calls", log=str(small_ledger["lumina"])))
    assert "purpose" in page.error[0].value
    assert not rows(database, calls)


def test_a_correction_is_a_row_of_its_own(database, small_ledger, draw):
    first = call(database, small_ledger, 12, purpose="question", outcome="answered", agent="Dan", notes="kept")
    page = draw("calls", fix=str(first))
    field(page.text_input, "Vendor's agent").set_value("Dana")
    save(page)
    old, new = rows(database, calls)
    assert (old.agent, new.agent, new.amends_id, new.notes) == ("Dan", "Dana", first, "kept")
    assert new.started_at == old.started_at
    assert [expander.label for expander in page.expander] == ["Corrected once"]


def test_a_payment_posts_and_comes_back(database, small_ledger, draw):
    made_on = call(database, small_ledger, 18, purpose="payment", outcome="paid")
    where = {"account_id": small_ledger["lumina"], "site_id": small_ledger["pueblo"]}
    paid = make.payment(
        database, where, date(2026, 11, 18), 1000, status="pending", posted_on=None, method="card", call_id=made_on
    )
    page = draw("calls", call=str(made_on))
    assert "\\$10.00 paid by card" in findings(page)
    page.button(key=f"payment-{paid}-post-it").click().run()
    assert rows(database, payments)[-1].status == "posted"
    page.text_input(key=f"payment-{paid}-why").set_value("Insufficient funds")
    page.button(key=f"payment-{paid}-return-it").click().run()
    back = rows(database, payments)[-1]
    assert (back.kind, back.reverses_id, back.note) == ("reversal", paid, "Insufficient funds")
    assert "came back" in page.success[0].value


@pytest.mark.parametrize("address", [{"call": "999"}, {"call": "x"}, {"fix": "999"}, {"log": "999"}])
def test_an_address_of_nothing_is_answered(small_ledger, draw, address):
    page = draw("calls", **address)
    assert not page.error
    assert "There is no such call" in texts(page) or "Choose the account" in texts(page)


def test_another_sites_call_is_no_call(database, small_ledger, draw):
    hidden = call(database, small_ledger, 18, outcome="paid", notes="secret")
    for address in ({"call": str(hidden)}, {"fix": str(hidden)}, {"log": str(small_ledger["lumina"])}):
        page = draw("calls", sites=[small_ledger["cologne"]], **address)
        assert "secret" not in texts(page)
        assert "Lumina" not in texts(page)
