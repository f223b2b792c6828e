"""The Payments page, drawn without a browser on a story worked out by hand (tests/stories.py), as of 31 March 2026.

Dollars: 230.00 paid, 15.00 refunded, 60.00 returned; 155.00 net in five rows. J was late, F on time. 10.00 is unapplied.
"""

import re
from datetime import date

import pytest

from data_access.queries.payment_sheets import payments_sheet
from data_access.scope import Scope
from domain.filters import Filters
from tests.stories import late_and_returned


@pytest.fixture
def story(database, ledger_address, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", ledger_address)
    return late_and_returned(database)


@pytest.fixture
def page_of(draw):
    def _page_of(sites=None, **address):
        return draw("payments", sites, **({"as_of": "2026-03-31"} | address))

    return _page_of


def tiles(page):
    return {metric.label: metric.value for metric in page.metric}


def findings(page):
    return [heading.value.replace("\\", "") for heading in page.header]


def rows(page, alt="payments"):
    shown = page.table[-1].value
    return shown.rename(columns={head: re.sub(r"^\[(\w+).*", r"\1", head) for head in shown})  # what sorts is a link


def test_the_tiles_are_the_period_in_one_currency(page_of, story):
    page = page_of()
    assert tiles(page) == {
        "Paid": "$155",
        "Bills paid on time": "50%",
        "Came back": "$60",
        "Pending": "$0",
        "Unapplied": "$10",
    }
    assert tiles(page_of(money="EUR €"))["Paid"] == "€9"


def test_findings_are_computed_from_the_data(page_of, story):
    said = findings(page_of())
    assert "50% of bills were paid on time" in said
    assert "Five payments, $155.00" in said
    assert "All of it went to HQ site" in said


@pytest.mark.parametrize(
    ("address", "title"),
    [
        ({"status": "Came back"}, "One payment, $60.00"),
        ({"status": "Pending"}, "No payments, $0.00"),
        ({"step": "2026-02"}, "Three payments, $100.00"),
        ({"step": "2026-02", "part": "method:card"}, "One payment, $100.00"),
        ({"part": "channel:portal"}, "Two payments, $0.00"),
        ({"at": "vendor:Lumina"}, "Five payments, $155.00"),
        ({"q": "cx-3"}, "One payment, $70.00"),
        ({"rows": "Late bills"}, "One bill was late, 0 still unpaid"),
        ({"rows": "Unapplied"}, "$10.00 is not applied to a bill"),
        ({"step": "nonsense", "part": "colour:red"}, "Five payments, $155.00"),
        ({"as_of": "2026-02-26"}, "Three payments, $100.00"),
    ],
)
def test_the_address_says_which_rows(page_of, story, address, title):
    page = page_of(**address)
    assert title in findings(page)


def test_the_rows_and_the_export_are_the_total_to_the_cent(page_of, story, database):
    shown = rows(page_of())
    assert shown["Amount"].tolist() == ["**-15.00**", "**70.00**", "**100.00**", "**-60.00**", "**60.00**"]
    with database.reading(Scope.all_sites()) as connection:
        sheet = payments_sheet(connection, Scope.all_sites(), Filters(as_of=date(2026, 3, 31), currencies=("USD",)))
    assert sum(cell.minor for row in sheet.rows for cell in row[-2:-1]) == 15500


def test_a_drawer_says_where_a_payment_went(page_of, story):
    page = page_of(payment=str(story["P1"]))
    text = "\n".join(markdown.value for markdown in page.markdown)
    assert "Came back 20 Feb 2026" in text
    assert "insufficient funds" in text


@pytest.mark.parametrize("address", [{"payment": "999999"}, {"payment": "x"}, {"bill": "-1"}, {"bill": "9" * 40}])
def test_an_unknown_id_is_said_and_ignored(page_of, story, address):
    assert "There is no such" in page_of(**address).toast[0].value


def test_an_empty_period_says_where_the_data_lies(page_of, story):
    page = page_of(**{"as_of": "2031-01-15", "period": "Custom", "from": "2030-01-01", "to": "2030-12-31"})
    text = "\n".join(markdown.value for markdown in page.markdown)
    assert "No payments from Jan 2030 to Dec 2030" in text
    assert "Show it as of 12 Mar 2026" in text
    assert not page.metric


def test_a_history_that_ended_is_shown_whole(page_of, story):
    page = page_of(as_of="2031-01-15")
    assert page.metric[0].label == "Paid"
    assert any("to 12 Mar 2026" in caption.value for caption in page.caption)


def test_a_viewer_sees_only_their_sites(page_of, story):
    page = page_of(sites=[story["depot"]])
    assert tiles(page)["Paid"] == "€9"
    assert "One payment, €9.00" in findings(page)
    assert "There is no such" in page_of(sites=[story["depot"]], payment=str(story["P1"])).toast[0].value
