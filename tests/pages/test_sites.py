"""The Sites page, drawn without a browser on a story worked out by hand (tests/stories.py), as of 31 March 2026.

HQ site owes Lumina 37.00 on bill M (due 4 April) and has 10.00 on account: 27.00. DEP site owes Halden nothing.
"""

import re
from datetime import date

import pytest
from sqlalchemy import text

from data_access.queries.sites import site_currencies
from data_access.scope import Scope
from domain.filters import Filters
from tests import factories as make
from tests.pages.conftest import everything, findings, texts
from tests.stories import late_and_returned


@pytest.fixture
def story(database, ledger_address, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", ledger_address)
    return late_and_returned(database)


@pytest.fixture
def page_of(draw):
    def _page_of(sites=None, **address):
        return draw("sites", sites, **({"as_of": "2026-03-31"} | address))

    return _page_of


def said(page):
    return [title.replace("\\", "") for title in findings(page)]


def tiles(page):
    return {metric.label: metric.value for metric in page.metric}


def table(page, head):
    """The rows of the table whose first head is `head`, or a link of that name that sorts, without link targets."""
    first = re.compile(rf"\[?{head}( [↓↑])?(\]|$)")
    frame = next(table.value for table in page.table if first.match(table.value.columns[0]))
    clean = re.compile(r"!\[[^\]]*\]\([^)]*\)|\]\([^)]*\)|[\[*]|\\")
    return [[clean.sub("", str(cell)) for cell in row] for row in frame.to_numpy().tolist()]


def test_the_list_has_every_site_with_its_figures(page_of, story):
    page = page_of()
    first, second = table(page, "Site")
    assert first[:6] == ["HQ site", "North", "1", "4 Apr", "37.00", "182.00"]
    assert first[7:9] == ["–", "27.00"]
    assert second[:4] == ["DEP site", "South", "1", ":smallin EUR]"]
    assert "Nothing is past due at 1 site" in said(page)


def test_a_site_at_risk_says_when_and_comes_first_by_effect(page_of, story, database):
    """Bill M is due on 4 April; a notice of 30 April announces 8 May, so on 1 May a week is left."""
    make.add(
        database,
        "notices",
        **_place(database, "HQ"),
        kind="suspension",
        dated=date(2026, 4, 30),
        acts_on=date(2026, 5, 8),
    )
    address = {"as_of": "2026-05-01", "money": "EUR €"}
    assert table(page_of(**address), "Site")[0][0] == "DEP site"
    first, second = table(page_of(**address, order="At risk, by effect"), "Site")
    assert (first[0], second[0]) == ("HQ site", "DEP site")  # though its account is in another currency
    assert "7 days" in first[2]
    assert "8 May" in first[2]
    assert second[2] == ""


def test_the_risk_of_an_account_in_its_place(page_of, story, database):
    place = _place(database, "HQ")
    make.add(database, "notices", **place, kind="suspension", dated=date(2026, 4, 30), acts_on=date(2026, 5, 8))
    page = page_of(account=str(place["account_id"]), tab="Risk", as_of="2026-05-01")
    assert "$37.00 keeps internet on" in said(page)
    shown = texts(page)
    assert "suspension near" in shown
    assert "8 May to 12 May" in shown
    assert "Suspension announced for 8 May" in shown
    assert "too late" in shown  # by cheque
    page = page_of(site="HQ site", tab="Risk", as_of="2026-05-01")
    assert any("1 account at risk" in title or "One account at risk" in title for title in said(page))
    assert "Nothing is past due" in said(page_of(account=str(place["account_id"]), tab="Risk"))


def _place(database, code):
    with database.reading(Scope.all_sites()) as connection:
        row = connection.execute(
            text("SELECT a.id, a.site_id FROM accounts a JOIN sites s ON s.id = a.site_id WHERE s.code = :code"),
            {"code": code},
        ).one()
    return {"account_id": row.id, "site_id": row.site_id}


@pytest.mark.parametrize(("search", "found"), [("dep", ["DEP site"]), ("HQ", ["HQ site"])])
def test_a_site_is_found_by_name(page_of, story, search, found):
    assert [row[0] for row in table(page_of(q=search), "Site")] == found


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_a_long_list_is_turned_and_each_page_has_its_figures(page_of, story, database):
    for n in range(60):
        make.site(database, f"S{n:02}", name=f"A{n:02} site")
    first = page_of(order="Name")
    names = [row[0] for row in table(first, "Site")]
    assert names == [f"A{n:02} site" for n in range(50)]
    assert "1 to 50 of 62" in [caption.value for caption in first.caption]
    first.button(key="sites-older").click().run()
    second = table(first, "Site")
    assert [row[0] for row in second] == [*(f"A{n:02} site" for n in range(50, 60)), "HQ site", "DEP site"]
    assert second[-2][3:5] == ["4 Apr", "37.00"]
    by_due = table(page_of(order="Next due"), "Site")
    assert by_due[0][0] == "HQ site"


def test_who_was_billed_most_is_among_the_sites_that_were_found(page_of, story):
    """DEP site alone was billed in euros, and owes nothing."""
    assert any("DEP site took all of what was billed" in title for title in said(page_of(money="EUR €", q="dep")))
    assert not any("DEP site" in title for title in said(page_of(money="EUR €", q="hq")))


def test_nothing_found_says_so(page_of, story):
    assert "Nothing matches" in texts(page_of(q="no such place"))


def test_the_day_decides(page_of, story):
    page = page_of(as_of="2026-02-24")
    assert table(page, "Site")[0][2] == ":smalllate]"  # the vendor's terms are not known
    assert table(page, "Site")[0][8:10] == ["100.00", "150.00"]
    assert "The only site carries all of the past due" in said(page)


def test_one_site_in_the_filters_is_its_picture(page_of, story):
    page = page_of(site="HQ site")
    assert tiles(page) == {"Outstanding": "$27", "Past due": "$0", "Next due": "$37", "Paid": "$155"}
    assert table(page, "Account") == [["Lumina ••••00", "internet", "30 days", "–", "–", "-10.00", "27.00", ""]]


@pytest.mark.parametrize(
    ("tab", "title"),
    [
        ("Services", "No services, none of them critical"),
        ("Open bills", "One open bill, $37.00"),
        ("Unapplied", "$10.00 is not applied to a bill"),
        ("Disputes", "No disputes open, $0.00 withheld"),
    ],
)
def test_each_kind_of_rows_has_its_finding(page_of, story, tab, title):
    for address in ({"site": "HQ site"}, {"account": str(story["account_id"])}):
        assert title in said(page_of(tab=tab, **address))


def test_the_bills_of_an_account_as_of_a_day(page_of, story):
    account = str(story["account_id"])
    rows = table(page_of(account=account, tab="Bill history"), "Bill")
    assert [(row[0], row[-2], row[-1]) for row in rows] == [
        ("C", "-8.00", "-5.00"),
        ("M", "40.00", "37.00"),
        ("F", "50.00", "–"),
        ("J", "100.00", "–"),
    ]
    rows = table(page_of(account=account, tab="Bill history", as_of="2026-02-10"), "Bill")
    assert [(row[0], row[-1]) for row in rows] == [("F", "50.00"), ("J", "40.00")]


def test_the_payments_and_calls_of_an_account(page_of, story):
    account = str(story["account_id"])
    rows = table(page_of(account=account, tab="Payments"), "Paid")
    assert [row[-2] for row in rows] == ["-15.00", "70.00", "100.00", "-60.00", "60.00"]
    rows = table(page_of(account=account, tab="Payments", sort="amount"), "Paid")
    assert [row[-2] for row in rows] == ["-15.00", "60.00", "-60.00", "70.00", "100.00"]
    assert [row[-2] for row in table(page_of(account=account, tab="Payments", find="cx-3"), "Paid")] == ["70.00"]
    assert len(table(page_of(account=account, tab="Calls"), "Started")) == 1
    assert "Four bills, 4 payments and 1 call" in said(page_of(account=account))


def test_an_open_bill_has_its_outlook(page_of, story):
    head = ["2026-02-05", "2026-03-07", "–"]
    soon = table(page_of(account=str(story["account_id"]), tab="Open bills", as_of="2026-02-27"), "Bill")
    assert soon[0][:4] == ["F", *head]
    assert re.fullmatch(r"(:yellow-badge)?\d+%\]?", soon[0][4])
    due = table(page_of(account=str(story["account_id"]), tab="Open bills", as_of="2026-04-04"), "Bill")
    assert due[0][4] == ":yellow-badgeunless paid today]"
    late = table(page_of(account=str(story["account_id"]), tab="Open bills", as_of="2026-04-05"), "Bill")
    assert late[0][3:6] == [":orange-badge1 day]", "–", "–"]
    told = texts(page_of(account=str(story["account_id"]), bill=str(story["M"])))
    assert "likely to be paid late" in told
    assert "1 of the last 2 bills of this account was late, by 21 days" in told
    assert "likely to be paid late" not in texts(page_of(account=str(story["account_id"]), bill=str(story["J"])))


def test_a_bill_opens_with_what_settled_it(page_of, story):
    page = page_of(account=str(story["account_id"]), bill=str(story["J"]))
    settled = table(page, "Applied")
    assert [(row[0], row[2]) for row in settled] == [
        ("2026-02-02", "60.00"),
        ("2026-02-20", "-60.00"),
        ("2026-02-25", "100.00"),
        ("Total", "100.00"),
    ]
    assert "taken back" in settled[1][1]


@pytest.mark.parametrize("account", ["999999", "x", "", "9" * 40])
def test_an_unknown_account_is_said_and_the_list_shown(page_of, story, account):
    page = page_of(account=account)
    assert [row[0] for row in table(page, "Site")] == ["HQ site", "DEP site"]


def test_an_account_outside_the_filters_is_closed(page_of, story):
    page = page_of(account=str(story["account_id"]), site="DEP site")
    assert "not in these filters" in page.toast[0].value
    assert tiles(page)["Outstanding"] == "€0"


def test_a_viewer_sees_only_their_sites(page_of, story):
    page = page_of([story["depot"]])
    assert [row[0] for row in table(page, "Site")] == ["DEP site"]
    other = page_of([story["depot"]], account=str(story["account_id"]))
    assert "Lumina" not in everything(other)
    assert "HQ site" not in everything(other)


def test_an_empty_period_says_where_the_data_lies(page_of, story):
    chosen = {"period": "Custom", "from": "2030-01-01", "to": "2030-12-31"}
    page = page_of(as_of="2031-01-15", site=["HQ site", "DEP site"], vendor="Halden", **chosen)
    assert "No bills or balances from Jan 2030 to Dec 2030" in texts(page)


def test_what_was_billed_in_a_history_that_ended_is_shown_whole(page_of, story):
    page = page_of(as_of="2031-01-15", site=["HQ site", "DEP site"], vendor="Halden")
    assert "No bills or balances" not in texts(page)
    assert any("billed" in caption.value and "2030" not in caption.value for caption in page.caption)


def test_the_currencies_of_sites(database, story):
    with database.reading(Scope.all_sites()) as connection:
        everywhere = site_currencies(connection, Scope.all_sites(), Filters(as_of=date(2026, 3, 31)))
        mine = site_currencies(connection, Scope.of([story["depot"]]), Filters(as_of=date(2026, 3, 31)))
    assert everywhere == {"HQ": ("USD",), "DEP": ("EUR",)}
    assert mine == {"DEP": ("EUR",)}


@pytest.mark.parametrize("address", [{"region": "Rhine"}, {"site": "Cologne Office"}])
def test_a_line_borne_for_an_account_in_another_currency_is_shown_in_it(database, small_ledger, draw, address):
    """Pueblo's bill B1 of 100.00 dollars has a line of 40.00 that Cologne bears, which has no account in dollars."""
    with database.reading(Scope.all_sites()) as connection:
        bill = connection.execute(text("SELECT id, account_id, site_id FROM invoices WHERE number = 'B1'")).one()
    make.add(
        database, "charges", account_id=bill.account_id, site_id=bill.site_id, invoice_id=bill.id, line="1",
        type="recurring", description="Share", amount=40_00, issued_on=date(2026, 9, 1),
        chargeback_site_id=small_ledger["cologne"],
    )  # fmt: skip
    page = draw("sites", as_of="2026-11-20", **address)
    (switch,) = [control for control in page.button_group if control.key == "money"]
    assert list(switch.options) == ["EUR €", "USD $"]
    assert draw("overview", as_of="2026-11-20", **address)
