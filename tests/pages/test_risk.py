"""The Service risk page on the small ledger: what it says, what it leads to, what it hides, what it exports.

Lumina suspends 60 days after the due date (55 to 70) with a notice of 10 days; a notice of 16 November announces
24 November and asks 100.00. Halden's terms are not known. Pueblo has a fiber line of criticality 5.
"""

from datetime import date

import pytest

from data_access.commands.notices import NoticeDraft, record_notice
from data_access.commands.policies import add_policy
from data_access.exporting import as_csv
from data_access.queries.risk_sheet import risk_sheet
from data_access.scope import Scope
from domain.filters import Filters
from domain.notices import NoticeKind
from domain.policies import Policy, SuspensionDays
from tests import factories as make
from tests.pages.conftest import everything, findings, texts

AS_OF = "2026-11-20"
ALL = Scope.all_sites()
TERMS = Policy("Lumina", date(2025, 1, 1), "Terms, section 9", notice_days=10, suspension=SuspensionDays(55, 60, 70))


@pytest.fixture
def threatened(database, small_ledger):
    place = {"account_id": small_ledger["lumina"], "site_id": small_ledger["pueblo"]}
    make.add(database, "services", **place, identifier="F-1", description="Fiber", criticality=5)
    with database.reading(ALL) as connection:
        vendor = connection.exec_driver_sql("SELECT id FROM vendors WHERE name = 'Lumina'").scalar_one()

    def work(writing):
        add_policy(writing, ALL, vendor, TERMS)
        draft = NoticeDraft(
            small_ledger["lumina"], NoticeKind.SUSPENSION, date(2026, 11, 16), date(2026, 11, 24), 100_00
        )
        record_notice(writing, ALL, draft)

    database.writing("ana", ALL, work)
    return small_ledger


def tables(page):
    """Those of risk; the alerts above them have tests of their own."""
    return [table.value for table in page.table if table.value.columns[0] != "Alert"]


def test_who_loses_what_when_and_what_prevents_it(threatened, draw):
    page = draw("risk", as_of=AS_OF)
    assert findings(page)[1:] == [
        "Pueblo Warehouse loses internet on Tuesday",
        "$100 keeps 1 site on",
        "Two accounts at risk; $100 keeps all of them on",
    ]
    shown = texts(page)
    assert "1 critical, within 7 days" in shown
    assert "1 low, later or never" in shown
    sites, critical, low = tables(page)
    assert "24 Nov" in sites.iloc[0, 1]
    assert critical["To keep on"][0].startswith("**\\$100.00**")
    assert "of \\$130.00 past due" in critical["To keep on"][0]
    why = critical["Why"][0]
    assert "Suspension announced for 24 Nov (notice of 16 Nov, \\$100.00)" in why
    assert "bill=" in why  # a way to the bill
    assert "card 20 Nov" in critical["Pay by"][0]  # shown by Monday the 23rd, one working day
    assert "past due for 20 days" in low["Why"][0]
    assert "The vendor's terms are not known" in low["Why"][0]
    assert page.get("plotly_chart")


def test_all_reasons_are_told_on_demand(threatened, draw):
    page = draw("risk", as_of=AS_OF)
    assert "on account" not in tables(page)[1]["Why"][0]
    page.toggle(key="risk-why").set_value(True).run()
    why = tables(page)[1]["Why"][0]
    assert "B1" in why
    assert "B2" in why
    assert "on account" in why


def test_on_another_day_it_was_not_yet_known(threatened, draw):
    page = draw("risk", as_of="2026-11-15")
    assert findings(page)[1] == "Pueblo Warehouse loses internet on 24 Nov"  # by its terms, 19 November at the earliest
    why = tables(page)[1]["Why"][0]
    assert "announced" not in why
    assert "Terms: suspends about 60 days after the due date" in why


def test_nothing_past_due_is_said_kindly(threatened, draw):
    page = draw("risk", as_of="2026-09-10")
    assert findings(page)[1:] == [
        "No service is about to be switched off",
        "Every site stays on",
        "No account is past due",
    ]
    assert "1 account clear" in texts(page)


def test_a_viewer_logs_no_call(threatened, draw, monkeypatch):
    assert "Log\N{NO-BREAK SPACE}call" in everything(draw("risk", as_of=AS_OF))
    monkeypatch.setattr("ui.viewer.Viewer.may_write", lambda _self: False)
    assert "Log\N{NO-BREAK SPACE}call" not in everything(draw("risk", as_of=AS_OF))


def test_the_export_has_every_account_and_says_its_day(database, threatened):
    with database.reading(ALL) as connection:
        sheet = risk_sheet(connection, ALL, Filters(as_of=date(2026, 11, 20)))
    text = as_csv(sheet).decode("utf-8-sig")
    assert "As of 2026-11-20" in text
    head = next(line for line in text.splitlines() if line.startswith("Stage,"))
    rows = [line for line in text.splitlines() if line.startswith(("suspension near,", "late,"))]
    assert len(rows) == 2
    cells = dict(zip(head.split(","), rows[0].split(","), strict=False))
    assert (cells["Likely stop"], cells["To keep on"], cells["Past due"]) == ("2026-11-24", "100.00", "130.00")
    assert "4567" in rows[0]
    assert "L-1234567" not in text
