"""balances, aging, payments, spend: the JSON of design section 6, with figures worked out by hand."""

from datetime import date

import pytest

from tests import factories as make

DAY = ("--as-of", "2026-11-20")


def usd(amount):
    return {"currency": "USD", "amount": amount}


@pytest.fixture
def story(database):
    """HQ owes 100.00 since 1 November and 50.00 since 1 September; 30.00 is disputed; 12.34 is on account.

    70.00 were paid by card and 20.00 by ach, which came back; BR owes 5,000 yen, not due.
    """
    where = make.office(database)
    late = make.invoice(database, where, "N", date(2026, 10, 2), date(2026, 11, 1), 10000)
    make.invoice(database, where, "S", date(2026, 8, 2), date(2026, 9, 1), 5000)
    old = make.invoice(database, where, "O", date(2026, 7, 2), date(2026, 8, 1), 5766)
    make.add(database, "disputes", **where, invoice_id=late, amount=3000, opened_on=date(2026, 11, 10))
    card = make.payment(database, where, date(2026, 8, 3), 7000, method="card")
    make.allocation(database, where, 5766, date(2026, 8, 3), payment_id=card, invoice_id=old)
    ach = make.payment(database, where, date(2026, 9, 3), 2000)
    back = {"kind": "reversal", "reverses_id": ach}
    make.payment(database, where, date(2026, 9, 8), 2000, **back)
    far = make.site(database, "BR", region="Far")
    yen = make.account(database, far, make.vendor(database, "Halden"), "H", currency="JPY")
    make.invoice(database, {"account_id": yen, "site_id": far}, "Y", date(2026, 11, 2), None, 5000)


def test_aging_by_site(ask, story):
    result = ask("aging", *DAY)
    assert (result["as_of"], result["basis"], result["by"]) == ("2026-11-20", "due", "site")
    yen, dollars = result["rows"] if result["rows"][0]["currency"] == "JPY" else reversed(result["rows"])
    assert (dollars["key"], dollars["name"]) == ("HQ", "HQ site")
    # 1 November is 19 days ago, 1 September 80.
    assert {name: dollars[name]["amount"] for name in ("not_due", "d1_30", "d31_60", "d61_90", "d90_plus")} == {
        "not_due": "0.00",
        "d1_30": "100.00",
        "d31_60": "0.00",
        "d61_90": "50.00",
        "d90_plus": "0.00",
    }
    assert dollars["unapplied"] == usd("-12.34")
    assert dollars["disputed"] == usd("30.00")
    assert dollars["overdue"] == usd("150.00")
    assert dollars["outstanding"] == usd("137.66")
    assert (dollars["open_count"], dollars["missing_due_dates"]) == (2, 0)
    assert (yen["key"], yen["not_due"], yen["missing_due_dates"]) == ("BR", {"currency": "JPY", "amount": "5000"}, 1)


def test_two_currencies_have_two_totals_and_no_sum(ask, story):
    result = ask("aging", *DAY)
    assert result["total"] is None
    assert {total["currency"]: total["outstanding"]["amount"] for total in result["totals"]} == {
        "JPY": "5000",
        "USD": "137.66",
    }
    result = ask("aging", *DAY, "--currency", "USD")
    assert result["total"]["outstanding"] == usd("137.66")
    assert result["totals"] == [result["total"]]


def test_the_buckets_follow_the_edges_and_the_basis(ask, story):
    result = ask("balances", *DAY, "--edges", "7,80", "--site", "HQ")
    (row,) = result["rows"]
    assert {name for name in row if name.startswith("d") and name[1].isdigit()} == {"d1_7", "d8_80", "d80_plus"}
    assert (row["d8_80"], row["d80_plus"]) == (usd("150.00"), usd("0.00"))
    # By invoice date the bills are 49 and 110 days old.
    result = ask("aging", *DAY, "--basis", "invoice", "--site", "HQ")
    assert result["basis"] == "invoice"
    assert (result["rows"][0]["d31_60"], result["rows"][0]["d90_plus"]) == (usd("100.00"), usd("50.00"))


def test_an_earlier_day_and_a_filter(ask, story):
    # On 2 August the oldest bill was one day late and not paid.
    (row,) = ask("aging", "--as-of", "2026-08-02")["rows"]
    assert (row["d1_30"], row["not_due"], row["outstanding"]) == (usd("57.66"), usd("50.00"), usd("107.66"))
    for option, value in (("--region", "Far"), ("--vendor", "Halden"), ("--site", "BR"), ("--currency", "JPY")):
        assert [row["key"] for row in ask("aging", *DAY, option, value)["rows"]] == ["BR"]
    assert len(ask("aging", *DAY, "--site", "HQ", "--site", "BR")["rows"]) == 2
    assert ask("aging", *DAY, "--site", "nowhere")["rows"] == []


@pytest.mark.parametrize("by", ["site", "vendor", "account", "region", "currency", "service_type"])
def test_every_grouping_has_the_same_total(ask, story, by):
    result = ask("aging", *DAY, "--by", by)
    assert result["by"] == by
    assert {total["currency"]: total["outstanding"]["amount"] for total in result["totals"]} == {
        "JPY": "5000",
        "USD": "137.66",
    }


def test_an_account_that_owes_nothing_has_a_total_of_nothing(ask, database):
    make.office(database)
    result = ask("aging", *DAY)
    assert (result["rows"], result["total"]["outstanding"]) == ([], usd("0.00"))


def test_payments_net_of_what_came_back(ask, story):
    result = ask("payments")
    assert (result["by"], result["basis"], result["from"], result["to"]) == ("method", "paid_on", None, None)
    rows = {row["key"]: row for row in result["rows"]}
    assert (rows["card"]["paid"], rows["card"]["amount"], rows["card"]["count"]) == (usd("70.00"), usd("70.00"), 1)
    assert (rows["ach"]["paid"], rows["ach"]["returned"], rows["ach"]["amount"]) == (
        usd("20.00"),
        usd("20.00"),
        usd("0.00"),
    )
    total = result["total"]
    assert (total["amount"], total["paid"], total["returned"], total["refunded"], total["count"]) == (
        "70.00",
        usd("90.00"),
        usd("20.00"),
        usd("0.00"),
        3,
    )


def test_a_period_contains_its_last_day(ask, story):
    result = ask("payments", "--from", "2026-09-01", "--to", "2026-09-08", "--by", "month")
    assert (result["from"], result["to"], result["as_of"]) == ("2026-09-01", "2026-09-08", "2026-09-08")
    assert [(row["key"], row["amount"], row["count"]) for row in result["rows"]] == [("2026-09", usd("0.00"), 2)]
    assert ask("payments", "--from", "2026-09-01", "--to", "2026-09-07")["total"]["amount"] == "20.00"


def test_spend_by_month_and_by_site(ask, story):
    result = ask("spend", "--by", "month", "--currency", "USD")
    assert [(row["key"], row["amount"], row["bills"]) for row in result["rows"]] == [
        ("2026-07", usd("57.66"), 1),
        ("2026-08", usd("50.00"), 1),
        ("2026-10", usd("100.00"), 1),
    ]
    assert (result["total"]["currency"], result["total"]["amount"], result["total"]["bills"]) == ("USD", "207.66", 3)
    result = ask("spend")
    assert {(row["key"], row["amount"]["amount"]) for row in result["rows"]} == {("HQ", "207.66"), ("BR", "5000")}
    assert result["total"] is None


def test_the_text_says_the_same(cli, story):
    code, out, err = cli("aging", *DAY, "--site", "HQ")
    assert (code, err) == (0, "")
    lines = out.splitlines()
    assert lines[0].split()[:4] == ["site", "cur", "Not", "due"]
    # No not-due, 1-30, nothing, 61-90, nothing, unapplied, outstanding, disputed, bills.
    assert lines[2].split()[3:] == ["-", "100.00", "-", "50.00", "-", "-12.34", "137.66", "30.00", "2"]
    assert lines[-1] == "as of 2026-11-20, by due date"
    lines = cli("aging", *DAY, "--site", "HQ", "--basis", "invoice")[1].splitlines()
    assert lines[0].split()[2:5] == ["Same", "day", "1–30"]
    assert lines[-1] == "as of 2026-11-20, by invoice date"
    assert cli("spend")[1].splitlines()[-1] == "total JPY 5000 and USD 207.66"
    assert cli("payments", "--to", "2020-01-01")[1].splitlines()[-1] == "nothing"
