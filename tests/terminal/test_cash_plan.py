"""manage.py plan and plan-scores: the JSON, the text, the files, and what is refused."""

from datetime import date

import pytest
from pypdf import PdfReader
from python_calamine import CalamineWorkbook

from data_access.commands.policies import add_policy
from data_access.scope import Scope
from domain.policies import FeeBase, LateFeeTerms, Policy, SuspensionDays
from tests import factories as make

ALL = Scope.all_sites()
TERMS = Policy(
    "Lumina", date(2025, 1, 1), "Terms of service, section 9", currency="USD", suspension=SuspensionDays(28, 30, 35),
    late_fee=LateFeeTerms(FeeBase.PAST_DUE, flat=1_000), posting_days=(("card", 0),),
)  # fmt: skip


@pytest.fixture
def story(database):
    """HQ owes Lumina 400.00 since 30 October and 90.00 from 25 November on; BR owes yen."""
    where = make.office(database)
    bill = make.invoice(database, where, "B", date(2026, 10, 9), date(2026, 10, 30), 40_000)
    later = make.invoice(database, where, "C", date(2026, 11, 4), date(2026, 11, 25), 9_000)
    site = make.site(database, "BR", region="Far")
    yen = make.account(database, site, make.vendor(database, "Halden"), "H", currency="JPY")
    make.invoice(database, {"account_id": yen, "site_id": site}, "Y", date(2026, 11, 1), date(2026, 11, 30), 5000)
    with database.reading(ALL) as connection:
        vendor = connection.exec_driver_sql("SELECT id FROM vendors WHERE name = 'Lumina'").scalar_one()
    database.writing("ana", ALL, lambda writing: add_policy(writing, ALL, vendor, TERMS))
    return {"bill": bill, "later": later, **where}


def usd(amount):
    return {"currency": "USD", "amount": amount}


def test_a_plan_in_full(ask, story):
    result = ask("plan", "--currency", "USD", "--cash", "400x1,0,50", "--weeks", "4")
    assert (result["as_of"], result["currency"], result["lost_rate"]) == ("2026-11-20", "USD", usd("5.00"))
    assert result["weeks"][0] == {
        "week": 1,
        "from": "2026-11-20",
        "cash": usd("400.00"),
        "paid": usd("400.00"),
        "left": usd("0.00"),
    }
    assert [week["left"]["amount"] for week in result["weeks"]] == ["0.00", "0.00", "50.00", "50.00"]
    assert (result["bound"], result["gap"]) == (usd("10.00"), 0.0)
    assert result["cost"] == {
        "total": usd("10.00"),
        "fees": usd("10.00"),
        "restoral": usd("0.00"),
        "lost": usd("0.00"),
        "days_off": 0,
    }
    costs = {rule["rule"]: rule["total"]["amount"] for rule in result["rules"]}
    # Left alone it is off from 27 November to 17 December: 21 days at 5.00.
    assert costs == {
        "nothing": "115.00",
        "oldest first": "10.00",
        "largest first": "10.00",
        "most saved first": "10.00",
        "proven": "10.00",
    }
    (payment,) = result["payments"]
    assert payment["invoice_id"] == story["bill"]
    assert (payment["week"], payment["pay_on"], payment["pay_by"], payment["method"]) == (
        1,
        "2026-11-20",
        "2026-11-23",
        "ach",
    )
    assert (payment["why"], payment["saves"]["days_off"]) == ("keeps_on", 21)
    (left,) = result["unpaid"]
    assert (left["invoice_id"], left["amount"], left["why"]) == (story["later"], usd("90.00"), "costs")
    assert left["reason"] == "Costs USD 10.00 late fees. The cash saves more elsewhere."
    assert payment["account_number"] == "••••00"


def test_wishes_and_a_credit_line(ask, story):
    wishes = ("--must-pay", story["later"], "--hold", story["bill"])
    result = ask("plan", "--currency", "USD", "--credit-line", "90", "--weeks", "2", "--lost-rate", "0", *wishes)
    assert [(p["invoice_id"], p["why"]) for p in result["payments"]] == [(story["later"], "must_pay")]
    assert [(p["invoice_id"], p["held"]) for p in result["unpaid"]] == [(story["bill"], True)]
    assert result["lost_rate"] == usd("0.00")


def test_the_text_and_the_files(cli, story, tmp_path):
    options = ("plan", "--currency", "USD", "--cash", "400", "--weeks", "4")
    _, out, _ = cli(*options, "--out", tmp_path / "run.csv")
    assert "no plan on this cash costs less" in out
    assert "stays unpaid" in out
    assert (tmp_path / "run.csv").read_text("utf-8-sig").count("Keeps the service on") == 1
    cli(*options, "--out", tmp_path / "run.xlsx")
    assert CalamineWorkbook.from_path(tmp_path / "run.xlsx").sheet_names == [
        "Payment run",
        "Calls to make",
        "Stays unpaid",
        "Rules compared",
        "Weeks",
    ]
    cli(*options, "--out", tmp_path / "run.pdf")
    assert "Payment run, USD" in PdfReader(tmp_path / "run.pdf").pages[0].extract_text()


@pytest.mark.parametrize(
    ("options", "code", "why"),
    [
        (("--cash", "400"), 1, "accounts here are in JPY, USD; say which by --currency"),
        (("--cash", "400", "--site", "NONE"), 1, "no account is here"),
        (("--currency", "USD"), 1, "say what there is to pay with"),
        (("--currency", "USD", "--cash", "1x5", "--weeks", "4"), 1, "5 weeks, and the plan has 4"),
        (("--currency", "USD", "--cash", "1.005"), 1, "decimals"),
        (("--currency", "USD", "--cash", "1", "--must-pay", "999"), 1, "no open bill here has the id 999"),
        (("--currency", "USD", "--cash", "1", "--must-pay", "1"), 1, "the must-pays come to"),
        (("--currency", "USD", "--cash", "1", "--out", "run.doc"), 1, "name it .csv, .xlsx or .pdf"),
        (("--cash", "much"), 2, "'much' is not an amount"),
        (("--cash", "1", "--credit-line", "-1"), 2, "is not an amount"),
        (("--cash", "1", "--weeks", "0"), 2, "is not a number of weeks"),
    ],
)
def test_what_cannot_be_planned(cli, story, options, code, why):
    found, _, err = cli("plan", *options)
    assert (found, why in err) == (code, True), err


@pytest.mark.slow
def test_the_scores_are_printed_and_good(cli):
    """A share of what the command does by itself."""
    code, out, err = cli("plan-scores", "--cases", "20", "--tenants", "1", "--size", "60")
    assert (code, err) == (0, "")
    assert "small cases: 20, as good as the best of every plan in all but 0" in out
    assert "dearer than the best simple rule: 0, over the cash: 0, median saving" in out
    assert "proven within" in out
