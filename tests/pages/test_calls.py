"""The Calls page: the log, one call, logging one with a payment, correcting one. Amounts are those of the small ledger."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select
from streamlit.testing.v1 import AppTest

from data_access.schema import accounts, allocations, calls, notices, payment_contacts, payments
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


# Preparing a call


def contact(database, ledger, number, state="verified", **values):
    at = datetime(2026, 1, 5, tzinfo=UTC)
    with database.reading(Scope.all_sites()) as connection:
        account = connection.execute(select(accounts).where(accounts.c.id == ledger["lumina"])).one()
    entered = {
        "vendor_id": account.vendor_id,
        "kind": "phone",
        "address": number,
        "proposed_by": "x",
        "proposed_at": at,
    }
    checked = (
        {"verified_by": "y", "verified_at": at, "verified_in": "printed on the bill"} if state == "verified" else {}
    )
    ended = {"ended_at": at, "ended_by": "y", "ended_because": "gift cards"} if state == "reported" else {}
    return make.add(database, "payment_contacts", **entered, state=state, **checked, **ended, **values)


def plain(page):
    return texts(page).replace("\N{NO-BREAK SPACE}", " ").replace("\\", "")


def test_a_call_is_prepared_on_the_verified_number(database, small_ledger, draw):
    hours = {"hours": "Mo-Fr 08:00-20:00", "timezone": "America/New_York", "menu_path": "1, then 2", "asks_for": "PIN"}
    contact(database, small_ledger, "+18005550142", country="US", **hours)
    contact(database, small_ledger, "+18005550124", "reported")
    contact(database, small_ledger, "+353209105217", country="IE")
    call(database, small_ledger, 2, outcome="promised", promised_on=date(2026, 11, 30), agent="Dana")
    page = draw("calls", prepare=str(small_ledger["lumina"]))
    said = plain(page)
    # 12:00 UTC is 07:00 in New York: not open yet.
    for words in (
        "+1 800 555 0142", "Closed now, opens 08:00 EST", "1, then 2", "PIN", "printed on the bill",
        "+1 800 555 0124", "do not ring: gift cards", "$195.00",
    ):  # fmt: skip
        assert words in said
    assert "for 30 Nov" in page.table[-1].value.to_csv()
    assert "353" not in said + "".join(caption.value for caption in page.caption)
    assert "L-1234567" not in said
    page.button(key="prepare-log").click().run()
    assert field(page.selectbox, "Number").value == "+18005550142"
    assert "Verified" in texts(page)


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_without_a_verified_number_that_is_said_first(database, small_ledger, draw):
    contact(database, small_ledger, "+18005550142", "unverified")
    page = draw("calls", prepare=str(small_ledger["lumina"]))
    assert "Do not pay by telephone until one is" in page.warning[0].value
    assert "not for paying" in texts(page)


@pytest.mark.parametrize("asked", ["999", "x", ""])
@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_preparing_for_no_account_is_answered(small_ledger, draw, asked):
    assert "There is no such account" in texts(draw("calls", prepare=asked))


def test_a_number_is_checked_at_once_and_a_look_alike_takes_no_payment(database, small_ledger, draw):
    contact(database, small_ledger, "+18005550142")
    call(database, small_ledger, 3, number="+18005550124")
    page = draw("calls", log=str(small_ledger["lumina"]))
    field(page.selectbox, "Number").set_value("+18005550124").run()
    assert "Look-alike" in texts(page)
    assert "two digits swapped: +1 800 555 0142" in plain(page)
    field(page.toggle, "A payment was taken on this call").set_value(True).run()
    field(page.text_input, "Amount, USD").set_value("10").run()
    page.session_state["call-1-method"] = "card"
    save(page)
    assert "The directory warns of this number" in page.error[0].value
    assert len(rows(database, calls)) == 1
    field(page.checkbox, "I paid through this number all the same").set_value(True).run()
    field(page.text_input, "Why it was trusted").set_value("asked the account manager")
    save(page)
    assert "asked the account manager" in rows(database, calls)[-1].notes
    assert rows(database, payments)[-1].amount == 1000


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_who_rang_us_is_not_paid(database, small_ledger, draw):
    contact(database, small_ledger, "+18005550142")
    page = draw("calls", log=str(small_ledger["lumina"]))
    page.session_state["call-1-direction"] = "inbound"
    page.session_state["call-1-pays"] = True
    page.run()
    assert "hang up, ring a verified number" in texts(page)


def test_a_notice_told_on_the_telephone_is_recorded_and_withdrawn(database, small_ledger, draw):
    page = draw("calls", prepare=str(small_ledger["lumina"]))
    prefix = f"notice-{small_ledger['lumina']}-0-"
    page.button(key=f"{prefix}save").click().run()
    assert "names the day on which the vendor acts" in page.error[0].value
    page.date_input(key=f"{prefix}acts").set_value(date(2026, 12, 1))
    page.text_input(key=f"{prefix}amount").set_value("100").run()
    page.button(key=f"{prefix}save").click().run()
    assert not page.exception
    (notice,) = rows(database, notices)
    assert (notice.kind, notice.acts_on, notice.amount) == ("suspension", date(2026, 12, 1), 10000)
    assert "Suspension announced for **1 Dec**" in texts(page)
    assert "which amount meets it by 1 Dec 2026" in texts(page)
    page.button(key=f"notice-{notice.id}-withdraw-save").click().run()
    assert rows(database, notices)[0].withdrawn_on == date(2026, 11, 20)


# Follow-ups and contacts


def test_a_follow_up_is_ticked_off(database, small_ledger, draw):
    waits = call(database, small_ledger, 10, outcome="credit promised", follow_up_on=date(2026, 11, 19))
    page = draw("calls", desk="Follow-ups", as_of=AS_OF)
    assert findings(page)[0] == "One follow-up is overdue"
    page.selectbox(key="follow-up-0-which").set_value(waits).run()
    page.button(key="follow-up-0-save").click().run()
    assert "what came of the follow-up" in page.error[0].value
    page.text_input(key="follow-up-0-note").set_value("the credit is there")
    page.button(key="follow-up-0-save").click().run()
    assert findings(page)[0] == "No promise or follow-up is open"
    assert page.table[-1].value["By"][0] == "ticked off"
    assert rows(database, calls)[-1].amends_id == waits


def test_the_directory_lists_contacts_and_what_the_log_holds_beside_it(database, small_ledger, draw):
    contact(database, small_ledger, "+18005550142")
    contact(database, small_ledger, "+13035550177", "reported")
    call(database, small_ledger, 3, number="+18005550142", notes="They gave another line, 800-555-0124.")
    call(database, small_ledger, 4, number="+13035550177", direction="inbound")
    page = draw("calls", desk="Contacts")
    assert findings(page) == [
        "Two payment contacts: 1 verified and 1 reported",
        "Two numbers of the call log are not verified",
    ]
    seen = page.table[-1].value
    assert [cell.split(" ")[1].rstrip("]") for cell in seen["It is"]] == ["Look-alike", "Reported"]
    assert ["in a note" in cell or "rang us" in cell for cell in seen["Seen"]] == [True, True]
    assert "800 555 0124" in seen["Number"][0].replace("\N{NO-BREAK SPACE}", " ")


def _drawer(contact_id, name, site_ids):
    from datetime import UTC, datetime

    import streamlit as st

    from data_access.scope import Scope
    from ui import contacts_drawer, reads
    from ui.viewer import Viewer

    scope = Scope.all_sites() if site_ids is None else Scope.of(site_ids)
    viewer = Viewer(name, "admin" if site_ids is None else "finance", scope, datetime(2026, 11, 20, 12, tzinfo=UTC))
    every = reads.plain("contact_rows", viewer)
    contacts_drawer.draw(viewer, next(one for one in every if one.id == contact_id), every)
    st.caption(st.session_state.get(contacts_drawer.DONE, ""))


def drawer(contact_id, name="ana", site_ids=None):
    kwargs = {"contact_id": contact_id, "name": name, "site_ids": site_ids}
    page = AppTest.from_function(_drawer, default_timeout=60, kwargs=kwargs).run()
    assert not page.exception
    return page


def test_a_further_number_is_verified_by_a_second_person_and_a_look_alike_by_nobody(database, small_ledger):
    contact(database, small_ledger, "+18005550142")
    further = contact(database, small_ledger, "+13035550199", "unverified")
    like = contact(database, small_ledger, "+18005550124", "unverified")
    page = drawer(further, "x")  # who proposed it
    page.text_input(key=f"contact-{further}-0-verified-in").set_value("bill 7")
    page.button(key=f"contact-{further}-0-verify").click().run()
    assert "somebody else must verify it" in page.error[0].value
    page = drawer(further)
    page.text_input(key=f"contact-{further}-0-verified-in").set_value("bill 7")
    page.button(key=f"contact-{further}-0-verify").click().run()
    assert "is verified" in page.caption[-1].value
    page = drawer(like)
    assert "It cannot be verified" in page.warning[0].value
    page.text_input(key=f"contact-{like}-0-verified-in").set_value("bill 7")
    page.button(key=f"contact-{like}-0-verify").click().run()
    assert "it is not verified" in page.error[0].value
    assert [row.state for row in rows(database, payment_contacts)] == ["verified", "verified", "unverified"]


def test_who_sees_some_sites_reports_and_does_no_more(database, small_ledger):
    number = contact(database, small_ledger, "+18005550142")
    page = drawer(number, site_ids=[small_ledger["pueblo"]])
    assert [button.label for button in page.button] == ["Report it"]
    page.button(key=f"contact-{number}-0-report").click().run()
    assert "say why" in page.error[0].value.lower()
    page.text_input(key=f"contact-{number}-0-why").set_value("asks for gift cards")
    page.button(key=f"contact-{number}-0-report").click().run()
    assert rows(database, payment_contacts)[0].state == "reported"
    page = drawer(number)
    page.button(key=f"contact-{number}-0-clear").click().run()
    assert rows(database, payment_contacts)[0].state == "unverified"


def _form():
    from datetime import UTC, datetime

    import streamlit as st

    from data_access.scope import Scope
    from ui import contacts_form
    from ui.viewer import Viewer

    viewer = Viewer("ana", "admin", Scope.all_sites(), datetime(2026, 11, 20, 12, tzinfo=UTC))
    contacts_form.draw(viewer, [], st.caption)


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_a_contact_is_proposed_unverified_and_its_hours_are_read(database, small_ledger):
    contact(database, small_ledger, "+18005550142")
    page = AppTest.from_function(_form, default_timeout=60).run()
    key = "contact-new-0-"
    page.button(key=f"{key}save").click().run()
    assert page.error[0].value == "Choose the vendor."
    page.selectbox(key=f"{key}vendor").set_value("Lumina")
    page.text_input(key=f"{key}country").set_value("us")
    page.text_input(key=f"{key}address").set_value("800 555 0124").run()
    assert "Look-alike" in texts(page)
    page.text_input(key=f"{key}hours").set_value("weekdays")
    page.button(key=f"{key}save").click().run()
    assert "write them like Mo-Fr" in page.error[0].value
    page.text_input(key=f"{key}hours").set_value("Mo-Fr 08:00-18:00")
    page.text_input(key=f"{key}address").set_value("303 555 0199")
    page.button(key=f"{key}save").click().run()
    assert "is proposed" in page.caption[-1].value
    made = rows(database, payment_contacts)[-1]
    assert (made.address, made.country, made.state, made.hours) == (
        "+13035550199",
        "US",
        "unverified",
        "Mo-Fr 08:00-18:00",
    )
