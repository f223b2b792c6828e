"""What a cash plan starts from, read from the ledger, and the plan as files."""

from dataclasses import replace
from datetime import date

import pytest

from data_access.cash_plan_run import calls_sheet, left_sheet, payments_sheet, plan_run, plan_sheets
from data_access.commands.contacts import ContactDraft, propose_contact, verify_contact
from data_access.commands.policies import add_policy
from data_access.exporting import as_csv
from data_access.printed.document import as_pdf
from data_access.printed.payment_run import payment_run_document
from data_access.queries.cash_plan import plan_facts
from data_access.scope import Scope
from domain.cash_plan.payables import Choices
from domain.cash_plan.planner import plan_at_once, proven
from domain.cash_plan.problem import CashPlanError
from domain.filters import Filters
from domain.policies import FeeBase, LateFeeTerms, Policy, RestoralTerms, SuspensionDays
from tests import factories as make

ALL = Scope.all_sites()
AS_OF = date(2026, 11, 20)
TERMS = Policy(
    "Lumina",
    date(2025, 1, 1),
    "Terms of service, section 9",
    currency="USD",
    late_fee=LateFeeTerms(FeeBase.PAST_DUE, 150, minimum=500),
    suspension=SuspensionDays(28, 30, 35),
    restoral=RestoralTerms(3_500),
    posting_days=(("card", 0),),
)


@pytest.fixture
def ledger(database):
    """HQ owes Lumina (terms, a verified number, paid by ach) B1 of 400.00 due 30 October and B2 of 100.00, of which 40.00 disputed.

    DEP owes Halden, without terms, 70.00; and yen to somebody else.
    """
    hq, dep = make.site(database, headcount=10), make.site(database, "DEP", region="South")
    lumina = make.vendor(database)
    account = make.account(database, hq, lumina, opened_on=date(2020, 1, 1))
    where = {"account_id": account, "site_id": hq}
    other = make.account(database, dep, make.vendor(database, "Halden"), "H-1")
    there = {"account_id": other, "site_id": dep}
    yen = make.account(database, dep, make.vendor(database, "Yama"), "Y-1", currency="JPY")
    make.invoice(database, {"account_id": yen, "site_id": dep}, "Y", date(2026, 11, 1), date(2026, 11, 30), 5_000)
    first = make.invoice(database, where, "B1", date(2026, 10, 9), date(2026, 10, 30), 40_000)
    second = make.invoice(database, where, "B2", date(2026, 11, 4), date(2026, 11, 25), 10_000)
    make.add(database, "disputes", **where, invoice_id=second, amount=4_000, opened_on=date(2026, 11, 6))
    third = make.invoice(database, there, "B3", date(2026, 11, 4), date(2026, 11, 25), 7_000)
    make.add(database, "services", **where, identifier="1", criticality=5, started_on=date(2020, 1, 1))
    make.payment(database, where, date(2026, 9, 2), 100, method="card")
    make.payment(database, where, date(2026, 10, 2), 100, method="ach")

    def work(writing):
        add_policy(writing, ALL, lumina, TERMS)
        draft = ContactDraft(lumina, "phone", "+18005550142", "Billing")
        verify_contact(writing, ALL, propose_contact(writing, ALL, draft), "bill of October")

    database.writing("ana", ALL, work)
    return {"first": first, "second": second, "third": third, "account": account, "other": other, "hq": hq}


def read(database, scope=ALL, **more):
    with database.reading(scope) as connection:
        return plan_facts(connection, scope, Filters(as_of=AS_OF), **({"currency": "USD"} | more))


def run_of(facts, cash, choices=None):
    choices = choices or Choices()
    problem = facts.problem(cash, 0, choices)
    return plan_run(facts, choices, problem, proven(problem, plan_at_once(problem), lambda _: 60.0))


def test_what_is_known_of_each_account(database, ledger):
    facts = read(database)
    assert {entry.vendor for entry in facts.entries} == {"Lumina", "Halden"}
    assert facts.usual == {ledger["account"]: "ach"}
    assert facts.numbers == {ledger["account"]: "+18005550142", ledger["other"]: ""}
    one = next(a for a in facts.problem((0,) * 13, 0, Choices()).accounts if a.id == ledger["account"])
    # 2.00 on account have gone to the oldest bill.
    assert [(p.bill, p.amount) for p in one.payables] == [(ledger["first"], 39_800), (ledger["second"], 6_000)]
    assert (one.lost_per_day, one.restoral) == (500 * 5 * 10, 3_500)
    assert date.fromordinal(one.payables[0].stops_on) == date(2026, 11, 27)


def test_only_what_is_in_scope_and_in_the_currency(database, ledger):
    assert [entry.account_id for entry in read(database, Scope.of([ledger["hq"]])).entries] == [ledger["account"]]
    assert [entry.vendor for entry in read(database, currency="JPY").entries] == ["Yama"]
    assert read(database, Scope.of([])).entries == ()


def test_expected_bills_take_part_also_of_accounts_where_nothing_is_open(database, ledger):
    site = ledger["hq"]
    quiet = make.account(database, site, make.vendor(database, "Quiet"), "Q-1", opened_on=date(2020, 1, 1))
    where = {"account_id": quiet, "site_id": site}
    for month in range(1, 12):
        bill = make.invoice(database, where, f"Q{month}", date(2026, month, 10), date(2026, month, 28), 9_000)
        paid = make.payment(database, where, date(2026, month, 15), 9_000)
        make.allocation(database, where, 9_000, date(2026, month, 15), payment_id=paid, invoice_id=bill)
    assert quiet not in {entry.account_id for entry in read(database).entries}
    facts = read(database, expected=True)
    assert {bill.issued_on.month for bill in facts.expected[quiet]} == {12, 1, 2}
    problem = facts.problem((10**6,) * 13, 0, Choices())
    one = next(a for a in problem.accounts if a.id == quiet)
    assert all(p.expected and p.bill < 0 and p.first_week > 0 for p in one.payables)
    run = run_of(facts, (10**6,) * 13)
    assert {p.account.id for p in run.payments} >= {quiet}
    assert not any(payment.payable.expected for call in run.calls for payment in call.payments)


@pytest.mark.parametrize(
    ("chosen", "why"),
    [
        ({"must_pay": {999}}, "no open bill here has the id 999, so it cannot be must-pay"),
        ({"hold": {999}}, "no open bill here has the id 999, so it cannot be held"),
        ({"must_pay": {"first"}, "hold": {"first"}}, "cannot be a must-pay and held at once"),
    ],
)
def test_wishes_that_cannot_be(database, ledger, chosen, why):
    wishes = {kind: {ledger.get(bill, bill) for bill in bills} for kind, bills in chosen.items()}
    with pytest.raises(CashPlanError, match=why):
        read(database).problem((1,), 0, Choices(**wishes))


def test_the_payment_run_as_tables(database, ledger):
    run = run_of(read(database), (40_000, 0, 0, 0))
    sheet = payments_sheet(run)
    (row,) = sheet.rows
    told = dict(zip(sheet.columns, row, strict=True))
    assert (told["Pay on"], told["Pay by"], told["Method"], told["Shows on"]) == (
        AS_OF,
        date(2026, 11, 23),
        "ach",
        date(2026, 11, 24),
    )
    assert (told["Bill"], told["Amount"].text, told["Account"]) == ("B1", "398.00 USD", "••••00")
    assert told["Verified number"] == "+1 800-555-0142"
    assert told["Why"].startswith("Keeps the service on past 27 Nov 2026 (terms): saves ")
    left = [dict(zip(left_sheet(run).columns, row, strict=True)) for row in left_sheet(run).rows]
    assert [(row["Bill"], row["Amount"].text) for row in left] == [
        ("B2", "60.00 USD"),
        ("B3", "70.00 USD"),
        ("B2", "40.00 USD"),
    ]
    assert left[-1]["Why"] == "In dispute, so it is held."
    weeks = next(sheet for sheet in plan_sheets(run) if sheet.title == "Weeks")
    assert next([cell.text for cell in row[3:]] for row in weeks.rows) == ["400.00 USD", "398.00 USD", "2.00 USD"]
    assert b"400.00" in as_csv(weeks)


def test_one_call_for_all_that_is_paid_on_an_account_in_a_week(database, ledger):
    """Both by card on 20 November, which has the same effect until the 25th: the next day is a holiday, and B1 stops on the 27th."""
    run = run_of(replace(read(database), usual={ledger["account"]: "card"}), (46_000, 0, 0, 0))
    (call,) = run.calls
    assert [payment.payable.number for payment in call.payments] == ["B1", "B2"]
    assert (call.amount, call.by) == (45_800, date(2026, 11, 25))
    (row,) = calls_sheet(run).rows
    told = dict(zip(calls_sheet(run).columns, row, strict=True))
    assert (told["Verified number"], told["Amount"].text, told["Bills"]) == ("+1 800-555-0142", "458.00 USD", "B1, B2")


def test_a_bill_that_is_paid_in_parts_says_which_of_them(database, ledger):
    """A notice asks for 100.00 of B1's 398.00 a day before the terms ask for all of it."""
    where = {"account_id": ledger["account"], "site_id": ledger["hq"]}
    told = {"kind": "disconnection", "dated": date(2026, 11, 16), "acts_on": date(2026, 11, 26), "amount": 10_000}
    make.add(database, "notices", **where, **told)
    run = run_of(read(database), (10_000, 0, 0, 0))
    named = [row[9] for row in payments_sheet(run).rows] + [row[4] for row in left_sheet(run).rows]
    assert {name for name in named if name.startswith("B1")} == {"B1, part 1 of 2", "B1, part 2 of 2"}


def test_the_payment_run_on_paper(database, ledger):
    from io import BytesIO

    from pypdf import PdfReader

    facts = read(database)
    choices = Choices(must_pay={ledger["third"]})
    pdf = as_pdf(payment_run_document(run_of(facts, (10_000, 0, 0, 0), choices)))
    text = "\n".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages)
    for words in (
        "Payment run, USD",
        "Calls to make",
        "Stays unpaid",
        "A must-pay",
        "In dispute, so held: USD 40.00 of B2",
    ):
        assert words in text


def test_nothing_that_came_later_is_known(database, ledger):
    later = {"account_id": ledger["account"], "site_id": ledger["hq"]}
    make.invoice(database, later, "B9", date(2026, 11, 21), date(2026, 12, 12), 1_000)
    make.payment(database, later, date(2026, 11, 25), 100, method="wire")
    facts = read(database)
    assert facts.usual[ledger["account"]] == "ach"
    assert [bill.number for entry in facts.entries for bill in entry.facts.bills] == ["B1", "B2", "B3"]


def test_the_usual_method_is_that_of_the_last_payment(database, ledger):
    where = {"account_id": ledger["account"], "site_id": ledger["hq"]}
    make.payment(database, where, date(2026, 10, 2), 100, method="wire")  # of the same day, and later
    make.payment(database, where, date(2026, 10, 3), 100, method="")
    make.payment(database, where, date(2026, 10, 4), 100, kind="refund", method="card")
    assert read(database).usual == {ledger["account"]: "wire"}
