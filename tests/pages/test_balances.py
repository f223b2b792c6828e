"""The Balances page of the ledger in conftest.py: rows, total, tie-out, and the bills behind a row."""

import re
from datetime import date

import pytest

from tests import factories as make
from tests.pages.conftest import AS_OF, everything, findings, texts


def report(page, first):
    """The rows of the report whose first head is `first`, without pictures and link targets."""
    clean = re.compile(r"!\[[^\]]*\]\([^)]*\)|\]\([^)]*\)|[\[*]|\\")
    heads = [clean.sub("", table.value.columns[0]).strip(" ↑↓") for table in page.table]
    frame = page.table[heads.index(first)].value
    return [[clean.sub("", str(cell)) for cell in row] for row in frame.to_numpy().tolist()]


def test_a_row_a_site_and_a_total(small_ledger, draw):
    page = draw("balances", as_of=AS_OF)
    row = ["Pueblo Warehouse", "West", "70.00", "30.00", "100.00", "–", "–", "", "130.00", "-5.00", "195.00", "", ""]
    assert report(page, "Site") == [row, ["1 site", "", *row[2:]]]


def test_it_ties_out_with_and_without_filters(small_ledger, draw):
    shown = texts(draw("balances", as_of=AS_OF))
    assert "Shown **195.00** + hidden by filters **0.00** = ledger **195.00** USD, difference **0.00**" in shown
    shown = texts(draw("balances", as_of=AS_OF, vendor="Halden", money="EUR €"))
    assert "Shown **90.00** + hidden by filters **0.00** = ledger **90.00** EUR, difference **0.00**" in shown
    shown = texts(draw("balances", as_of=AS_OF, q="nothing like it"))
    assert "Shown **0.00** + hidden by filters **195.00** = ledger **195.00** USD" in shown


def test_converted_it_ties_out_currency_by_currency(small_ledger, draw):
    page = draw("balances", as_of=AS_OF, show="USD")
    assert report(page, "Site")[-1][-3] == "294.00"
    shown = texts(page)
    assert "ledger **90.00** EUR, difference **0.00**" in shown
    assert "ledger **195.00** USD, difference **0.00**" in shown


def test_the_bills_behind_a_row(small_ledger, draw):
    page = draw("balances", as_of=AS_OF, open="PUB")
    assert findings(page)[-1] == "Pueblo Warehouse: 3 open bills, $200.00"
    assert any("Unapplied money of -$5" in caption.value for caption in page.caption)
    assert [row[5] for row in report(page, "Due")] == ["B1", "B2", "B3"]
    assert [row[9] for row in report(page, "Due")] == ["100.00", "30.00", "70.00"]
    assert {row[4] for row in report(page, "Due")} == {"••••4567"}


def test_the_bills_of_one_age(small_ledger, draw):
    page = draw("balances", as_of=AS_OF, age="d31_60")
    assert findings(page)[-1] == "Everything in view: 1 open bill 31–60 days late, $100.00"
    page = draw("balances", as_of=AS_OF, age="soon")
    assert findings(page)[-1] == "Everything in view: 1 open bill due in 14 days, $70.00"


def test_by_account_vendor_and_region(small_ledger, draw):
    assert report(draw("balances", as_of=AS_OF, by="Account"), "Account")[0][:2] == [
        "••••4567 Lumina",
        "Pueblo Warehouse",
    ]
    assert report(draw("balances", as_of=AS_OF, by="Vendor"), "Vendor")[0][0] == "Lumina"
    assert report(draw("balances", as_of=AS_OF, by="Region"), "Region")[0][0] == "West"
    page = draw("balances", as_of=AS_OF, by="Account", open=str(small_ledger["lumina"]))
    assert findings(page)[-1] == "••••4567 Lumina: 3 open bills, $200.00"


def test_the_invoice_date_as_basis_and_other_edges(small_ledger, draw):
    page = draw("balances", as_of=AS_OF, basis="Invoice date", edges="10,20")
    # From the invoice dates: B1 80 days, B2 31 days, B3 15 days.
    assert report(page, "Site")[0][2:6] == ["–", "–", "70.00", "130.00"]


def heads(page):
    return [re.sub(r"\]\([^)]*\)|[\[↑↓]", "", head).strip() for head in page.table[0].value.columns]


def test_by_due_date_bills_are_past_due(small_ledger, draw):
    page = draw("balances", as_of=AS_OF)
    assert heads(page)[2:9] == ["Not due", "1–30", "31–60", "61–90", "Over 90", "", "Past due"]
    assert findings(page)[0] == "The only site carries all of the past due"
    assert list(draw("balances", as_of=AS_OF, age="late").table[1].value.columns)[1] == "Late"


def test_by_invoice_date_bills_are_old_not_late(small_ledger, draw):
    """B3 of 70.00 was billed fifteen days before and is not due."""
    by_invoice = {"as_of": AS_OF, "basis": "Invoice date"}
    page = draw("balances", **by_invoice)
    assert heads(page)[2:9] == ["Same day", "1–30", "31–60", "61–90", "Over 90", "", "Billed earlier"]
    assert report(page, "Site")[0][8] == "200.00"
    assert findings(page)[0] == "The only site carries all of what was billed earlier"
    for age, found in (
        ("d1_30", "1 open bill 1–30 days old, $70.00"),
        ("late", "3 open bills billed earlier, $200.00"),
        ("not_due", "0 open bills billed the same day, $0.00"),
    ):
        page = draw("balances", **by_invoice, age=age)
        assert findings(page)[-1] == f"Everything in view: {found}"
        assert [list(table.value.columns)[1] for table in page.table[1:2]] == (["Age"] if age != "not_due" else [])


def test_edges_that_make_no_buckets_are_refused(small_ledger, draw):
    page = draw("balances", as_of=AS_OF, edges="30,20")
    assert [warning.value for warning in page.warning] == ["Write rising day counts such as 30,60,90."]
    assert report(page, "Site")[0][2] == "70.00"


def test_a_row_that_is_not_here_is_said(small_ledger, draw):
    page = draw("balances", as_of=AS_OF, open="CGN")
    assert any("has nothing open here" in caption.value for caption in page.caption)


def test_the_grid_has_the_same_figures(small_ledger, draw):
    page = draw("balances", as_of=AS_OF, view="Grid")
    (grid,) = page.dataframe
    assert grid.value["Total"].tolist() == [195.0]
    assert grid.value["Open bills"].tolist() == [3]


def test_a_date_long_ago_is_a_date(small_ledger, draw):
    """Streamlit's own bounds are ten years around today: a link to an old ledger would lose its day."""
    page = draw("balances", as_of="2011-03-31")
    assert "Every bill in view was settled on 31 Mar 2011" in "\n".join(caption.value for caption in page.caption)
    assert page.date_input(key="as_of").value.isoformat() == "2011-03-31"


def test_a_date_that_is_none_is_ignored(small_ledger, draw):
    for asked in ("yesterday", "0001-01-01", "2026-02-30"):
        page = draw("balances", as_of=asked)
        assert page.date_input(key="as_of").value is None
        assert report(page, "Site")[0][0] == "Pueblo Warehouse"  # as of the viewer's today


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_the_bill_grid_marks_in_words_what_the_alerts_find(small_ledger, database, draw):
    """B2 of 50.00 in October has one line of 45.00."""
    where = {
        "account_id": small_ledger["lumina"],
        "site_id": small_ledger["pueblo"],
        "invoice_id": small_ledger["bill"],
    }
    assert "marked" not in everything(draw("balances", as_of=AS_OF, view="Bills"))
    line = {"type": "recurring", "line": "", "description": "Circuit", "amount": 45_00}
    make.add(database, "charges", **where, **line, issued_on=date(2026, 10, 20))
    page = draw("balances", as_of=AS_OF, view="Bills")
    assert findings(page)[0] == "No bills missing, and 1 month marked on the 2 accounts shown"
    told = everything(page)
    assert 'there; its charges do not add up to it: B2")' in told.replace('""', '"').replace("\\", "")
    assert ":small[:orange[sum]]" in told
