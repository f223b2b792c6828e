"""The Overview of the ledger in conftest.py, figure by figure."""

from datetime import date

import pytest
from sqlalchemy import text

from data_access.commands.calendar_tokens import opened_by
from data_access.scope import Scope
from tests import factories as make
from tests.conftest import NOW
from tests.pages.conftest import AS_OF, findings, texts


def tiles(page):
    return {metric.label: (metric.value, metric.delta) for metric in page.metric}


def test_dollars_come_first_and_stand_alone(small_ledger, draw):
    page = draw("overview", as_of=AS_OF)
    # On 31 Oct: 150.00 owed, 100.00 of it late, one late bill; nothing was paid in October.
    assert tiles(page) == {
        "Outstanding": ("$195", "$45"),
        "Past due": ("$130", "$30"),
        "Overdue bills": ("2", "1"),
        "Paid this month": ("$25", "$25"),
    }
    said = findings(page)
    assert "65% of what we owe is past due" in said  # 130 of the 200 of open bills
    assert "One bill, $70, falls due in the next 14 days" in said
    assert "The only site carries all of the past due" in said
    assert "We owe $45 more than on 31 Oct 2026" in said


def test_the_other_currency_by_its_switch(small_ledger, draw):
    page = draw("overview", as_of=AS_OF, money="EUR €")
    assert tiles(page)["Outstanding"] == ("€90", "")
    assert "Everything we owe is past due" in findings(page)


def test_converted_at_a_dated_rate_that_is_shown(small_ledger, draw):
    page = draw("overview", as_of=AS_OF, show="USD")
    assert tiles(page)["Outstanding"][0] == "$294"  # 195.00 + 90.00 x 1.10
    assert tiles(page)["Past due"][0] == "$229"
    assert any("1 EUR = 1.1 USD on 31 Oct 2026" in caption.value for caption in page.caption)
    assert any("USD converted at rates of 31 Oct 2026" in caption.value for caption in page.caption)


def test_a_currency_without_a_rate_is_left_out_and_said(small_ledger, draw):
    page = draw("overview", as_of="2026-10-30", show="USD")
    assert tiles(page)["Outstanding"][0] == "$150"  # the rate is of 31 Oct
    assert any("no rate from EUR into USD" in warning.value for warning in page.warning)


def test_filters_in_the_address_narrow_the_figures(small_ledger, draw):
    page = draw("overview", as_of=AS_OF, region="Rhine")
    assert tiles(page)["Outstanding"][0] == "€90"
    page = draw("overview", as_of=AS_OF, site="Pueblo Warehouse", type="internet")
    assert tiles(page)["Outstanding"][0] == "$195"


def test_an_unknown_filter_is_said_and_ignored(small_ledger, draw):
    page = draw("overview", as_of=AS_OF, site="Atlantis")
    assert [warning.value for warning in page.warning] == [
        "The address asks for site Atlantis, which is not here. It was ignored."
    ]
    assert tiles(page)["Outstanding"][0] == "$195"


def test_what_moved_the_balance_adds_up(small_ledger, draw):
    moved = next(table for table in draw("overview", as_of=AS_OF).table if "Since then" in table.value.columns)
    assert moved.value.to_numpy().tolist() == [
        ["Owed on 31 Oct 2026", "150.00"],
        ["Billed", "70.00"],
        ["Paid", "-25.00"],
        ["Owed on 20 Nov 2026", "195.00"],
    ]


def test_before_anything_was_billed_nothing_is_shown(small_ledger, draw):
    page = draw("overview", as_of="2026-01-01")
    assert not page.metric
    assert any("Nothing matches" in markdown.value for markdown in page.markdown)


def test_what_stops_next_what_keeps_it_on_and_the_way_there(small_ledger, draw, database):
    place = {"account_id": small_ledger["lumina"], "site_id": small_ledger["pueblo"]}
    make.add(database, "notices", **place, kind="suspension", dated=date(2026, 11, 16), acts_on=date(2026, 11, 24))
    page = draw("overview", as_of=AS_OF)
    assert "Pueblo Warehouse loses internet on Tuesday" in findings(page)
    assert "1 critical, within 7 days" in texts(page)
    (row,) = next(table.value for table in page.table if table.value.columns[0] == "Stops").to_numpy().tolist()
    assert "4 days" in row[0]
    assert f"account={small_ledger['lumina']}" in row[1]
    assert row[2] == "**\\$130**"  # past due by then: 100.00 and 30.00
    assert "All 2 accounts at risk" in texts(page)  # Halden's bill is late, too, though its terms name no day
    assert "(/risk" in texts(page)
    assert "loses" not in " ".join(findings(draw("overview", as_of=AS_OF, region="Rhine")))


def test_where_nothing_stops_that_is_said(small_ledger, draw):
    assert "No service is about to be switched off" in findings(draw("overview", as_of=AS_OF))


@pytest.fixture
def links(database):
    def fetch():
        with database.reading(Scope.all_sites()) as connection:
            return connection.execute(text("SELECT revoked_at IS NULL AS live FROM calendar_tokens ORDER BY id")).all()

    return fetch


def test_a_calendar_link_is_made_shown_once_renewed_and_revoked(small_ledger, draw, database, links):
    page = draw("overview", as_of=AS_OF)
    assert not page.code
    page.button(key="calendar-make").click().run()
    address = page.code[0].value
    token = address.rpartition("/")[2].removesuffix(".ics")
    assert opened_by(database, token, NOW, operator=True).name == "operator"
    page.run()
    assert not page.code  # once
    page.button(key="calendar-renew").click().run()
    assert page.code[0].value != address
    assert opened_by(database, token, NOW, operator=True) is None
    page.button(key="calendar-revoke").click().run()
    assert [bool(row.live) for row in links()] == [False, False]
    assert not page.code
    assert page.button(key="calendar-make")
