"""Alerts on pages, on the small ledger: the list and its filters, one alert with what people do, and what others see of it.

The rules are given: the bill B1 of Pueblo is overdue, a payment of Cologne came back, and a contact waits.
"""

from dataclasses import replace
from datetime import date

import pytest

from data_access.commands.alerts import Target, acknowledge, refresh
from data_access.exporting import as_csv
from data_access.queries.alert_sheet import alerts_sheet
from data_access.scope import Scope
from domain.alerts.findings import Finding
from domain.alerts.watch import Watch
from domain.filters import Filters
from tests.pages.conftest import everything, findings, texts
from ui import reads

AS_OF, TODAY = "2026-11-20", date(2026, 11, 20)
ALL, WATCH = Scope.all_sites(), Watch()
on_sqlite = pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)  # the reads are tested on both elsewhere
pytestmark = on_sqlite


@pytest.fixture
def found(monkeypatch, small_ledger):
    here = {"account_id": small_ledger["lumina"], "site_id": small_ledger["pueblo"]}
    there = {"account_id": small_ledger["halden"], "site_id": small_ledger["cologne"]}
    facts = (("Bill", "B1"), ("Note", "for L-1234567"))
    rows = [
        Finding(
            "R03", "invoices:1", date(2026, 9, 26), "invoices", 1, amount=100_00, currency="USD", facts=facts, **here
        ),
        Finding(
            "R07", "payments:9", date(2026, 11, 1), "payments", 9, amount=90_00, currency="EUR", act_by=TODAY, **there
        ),
        Finding("R25", "payment_contacts:4", date(2026, 10, 1), "payment_contacts", 4, vendor_id=1),
    ]

    def given(_connection, scope, _as_of, _thresholds, only=None, **_more):
        return [f for f in rows if (f.site_id is None or scope.allows(f.site_id)) and (only is None or f.rule in only)]

    monkeypatch.setattr("data_access.queries.found_alerts.findings", given)
    return rows


def table(page, number=0):
    return page.table[number].value


def test_the_list_is_in_order_and_leads_on(found, draw):
    page = draw("risk", as_of=AS_OF)
    assert findings(page)[0] == "1 critical, 1 warning and 1 note"
    shown = table(page)
    assert [cell.split("[")[2].split("]")[0] for cell in shown["Alert"]] == [
        "Payment returned",
        "Overdue",
        "Payment contact unverified too long",
    ]
    assert "today" in shown["Act by"][0]
    assert "••••4567" in shown["Account"][1]
    assert "log=" in shown.iloc[1, -1]
    assert "L-1234567" not in everything(page)


def test_severities_and_rules_narrow_it(found, draw):
    assert len(table(draw("risk", as_of=AS_OF, severity="critical"))) == 1
    assert len(table(draw("risk", as_of=AS_OF, rule=["R03 Overdue", "R25 Payment contact unverified too long"]))) == 2
    assert "No alert matches" in texts(draw("risk", as_of=AS_OF, severity="critical", rule="R03 Overdue"))
    assert "Nothing is snoozed" in texts(draw("risk", as_of=AS_OF, alerts="Snoozed"))


def test_somebody_takes_acknowledges_snoozes_and_comments(found, draw):
    page = draw("risk", as_of=AS_OF, alert="R03 invoices:1")
    assert "R03 Overdue" in findings(page)
    assert any("its history begins when somebody acts on it" in caption.value for caption in page.caption)
    for key, said in (
        ("alert-take", "It is yours now."),
        ("alert-acknowledge", "Acknowledged: it stays in the list, marked as known."),
        ("alert-snooze-it", "Out of sight until 27 Nov 2026."),
        ("alert-wake", "It is back in sight."),
    ):
        page.button(key=key).click().run()
        assert [message.value for message in page.success] == [said]
    page.text_area(key="alert-said").set_value("They will call back.").run()
    page.button(key="alert-comment-it").click().run()
    assert list(table(page)["What"]) == ["Opened", "Owner", "Acknowledged", "Snoozed", "Back in sight", "Comment"]
    assert "tester" in table(page, 1)["Owner"][1]
    page.text_area(key="alert-said").set_value("card 4111 1111 1111 1111").run()
    page.button(key="alert-comment-it").click().run()
    assert "card number" in page.error[0].value
    assert len(table(draw("risk", as_of=AS_OF, alerts="Mine"))) == 1


def test_who_reads_only_is_offered_no_action(found, draw, monkeypatch):
    monkeypatch.setattr("ui.viewer.Viewer.may_write", lambda _self: False)
    page = draw("risk", as_of=AS_OF, alert="R03 invoices:1")
    assert "R03 Overdue" in findings(page)
    assert not [
        button for button in page.button if button.key in ("alert-take", "alert-acknowledge", "alert-snooze-it")
    ]


def test_an_alert_of_another_site_is_not_there(found, draw, small_ledger):
    page = draw("risk", sites=[small_ledger["cologne"]], as_of=AS_OF, alert="R03 invoices:1")
    assert "There is no such alert" in texts(page)
    assert findings(page)[0] == "1 critical and 1 note"
    assert "Pueblo" not in everything(page)


def test_what_is_paid_is_gone_at_once_and_told_as_closed(database, found, draw):
    refresh(database, "timer", ALL, TODAY, WATCH)
    found.pop(0)
    assert findings(draw("risk", as_of=AS_OF))[0] == "1 critical and 1 note"
    page = draw("risk", as_of=AS_OF, alerts="Closed", alert="R03 invoices:1")
    assert "closed 20 Nov 2026" in texts(page)
    assert "no longer holds" in table(page, 1)["Because"][0]
    assert not [button for button in page.button if button.key == "alert-take"]


def test_another_day_is_looked_at_and_not_acted_on(found, draw):
    page = draw("risk", as_of="2026-11-10", alert="R03 invoices:1")
    assert "R03 Overdue" in findings(page)
    assert not [button for button in page.button if button.key == "alert-take"]


def test_the_overview_and_the_sites_say_what_needs_action(found, draw, small_ledger):
    assert "Needs action: 1 critical, 1 warning and 1 note" in findings(draw("overview", as_of=AS_OF))
    account = draw("sites", as_of=AS_OF, account=str(small_ledger["lumina"]))
    assert "Needs action: 1 warning" in findings(account)
    found.clear()
    reads.ANSWERS.clear()  # the ledger has not changed, only what is given here
    assert "Nothing needs action" in texts(draw("overview", as_of=AS_OF))
    assert not [said for said in findings(draw("sites", as_of=AS_OF, account="1")) if "Needs action" in said]


def test_settings_that_cannot_be_used_are_told_and_the_rest_of_the_page_stands(found, draw, monkeypatch, tmp_path):
    file = tmp_path / "alerts.toml"
    file.write_text("[thresholds]\nsuspention_days = 1\n")
    monkeypatch.setenv("DUEWATCH_ALERTS", str(file))
    page = draw("risk", as_of=AS_OF)
    assert "there is no threshold" in page.error[0].value
    assert findings(page)
    file.write_text('[rules]\noff = ["R03"]\n')
    assert findings(draw("risk", as_of=AS_OF))[0] == "1 critical and 1 note"


def test_the_export_has_them_all_and_masks(database, found):
    target = Target(found[0].key, TODAY, WATCH)
    database.writing("ana", ALL, lambda writing: acknowledge(writing, ALL, target))
    found[0] = replace(found[0], amount=99_00)
    with database.reading(ALL) as connection:
        text = as_csv(alerts_sheet(connection, ALL, Filters(as_of=TODAY), watch=WATCH, today=TODAY)).decode("utf-8-sig")
    assert text.count("\ncritical,") == text.count("\nwarning,") == text.count("\nnote,") == 1
    assert ",99.00," in text
    assert ",ana," in text
    assert "L-1234567" not in text
