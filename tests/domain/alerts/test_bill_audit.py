"""R14 to R19: an account's bills against its own earlier ones, and a bill against its lines."""

from dataclasses import replace
from datetime import date

import pytest

from domain.alerts.bill_audit import AuditedBill, ItemisedBill, bill_findings, missing_bill, wrong_sum
from domain.periods import Period, add_months
from tests.domain.alerts.cases import SUBJECT, USUAL, keys

ALWAYS = date(2000, 1, 1)


def monthly(count=7, amount=10_000, first=date(2026, 1, 5)):
    """Bills 1, 2, ... on the 5th of each month from January on, each for the month from then."""
    days = [add_months(first, n) for n in range(count + 1)]
    return [AuditedBill(n + 1, f"B{n + 1}", days[n], amount, Period(days[n], days[n + 1])) for n in range(count)]


def found(bills, subject=SUBJECT, judged_from=ALWAYS):
    return keys(bill_findings(subject, bills, judged_from, USUAL))


def test_a_regular_account_is_silent():
    assert found(monthly()) == []


def test_the_same_period_and_amount_again_is_a_duplicate():
    bills = monthly()
    again = replace(bills[-1], id=99, number="X", issued_on=date(2026, 7, 9))
    assert found([again, *bills]) == [("R15", "invoices:99")]  # the later one, whatever the order
    assert found([*bills, replace(again, amount=10_001)]) == []
    assert found([*bills, replace(again, period=None)]) == []
    assert found([*bills, again], judged_from=date(2026, 7, 10)) == []


@pytest.mark.parametrize(("amount", "fires"), [(14_000, False), (14_001, True), (6_000, False), (5_999, True)])
def test_an_amount_far_from_usual_is_told(amount, fires):
    bills = [replace(bill, period=None) for bill in monthly()]
    bills[-1] = replace(bills[-1], amount=amount)
    assert found(bills) == ([("R16", "invoices:7")] if fires else [])


def test_an_account_that_varies_may_vary():
    bills = [replace(b, amount=a) for b, a in zip(monthly(), (70, 125, 90, 140, 75, 120, 155), strict=True)]
    assert found(bills) == []  # middle 105, spread 27.5: six spreads reach 270
    steady = [replace(b, amount=a) for b, a in zip(monthly(), (100, 101, 99, 100, 102, 100, 155), strict=True)]
    assert found(steady) == [("R16", "invoices:7")]


def test_half_a_month_for_half_the_price_is_no_surprise():
    bills = monthly()
    half = Period(bills[-1].period.start, date(2026, 7, 20))
    bills[-1] = replace(bills[-1], amount=4_800, period=half)
    assert found(bills) == []
    bills[-1] = replace(bills[-1], amount=1_500)
    assert found(bills) == [("R16", "invoices:7")]


def test_three_earlier_bills_are_too_few_to_compare_with():
    bills = monthly(4)
    assert found([*bills[:3], replace(bills[3], amount=90_000)]) == []
    bills = monthly(5)
    assert found([*bills[:4], replace(bills[4], amount=90_000)]) == [("R16", "invoices:5")]


def test_a_bill_for_days_after_the_closure():
    bills = monthly()
    assert found(bills, replace(SUBJECT, closed_on=date(2026, 7, 5))) == [("R17", "invoices:7")]
    assert found(bills, replace(SUBJECT, closed_on=date(2026, 7, 6))) == []  # its period begins before it
    undated = [replace(bill, period=None) for bill in bills]
    assert found(undated, replace(SUBJECT, closed_on=date(2026, 7, 5))) == []


@pytest.mark.parametrize(("start", "what"), [(12, "days not billed"), (1, "days billed twice")])
def test_a_period_that_does_not_join_the_one_before(start, what):
    bills = monthly()
    bills[-1] = replace(bills[-1], period=Period(date(2026, 7, start), date(2026, 8, 5)))
    (finding,) = bill_findings(SUBJECT, bills, ALWAYS, USUAL)
    assert finding.key == ("R18", "invoices:7")
    assert (what, str(abs(start - 5))) in finding.facts


def test_a_day_between_periods_is_how_some_vendors_print_them():
    bills = monthly()
    bills[-1] = replace(bills[-1], period=Period(date(2026, 7, 6), date(2026, 8, 5)))
    assert found(bills) == []
    bills[-1] = replace(bills[-1], period=Period(date(2026, 7, 7), date(2026, 8, 5)))
    assert found(bills) == [("R18", "invoices:7")]


def test_month_ends_are_rounded_as_programs_do():
    bills = monthly(first=date(2026, 1, 31))
    clipped = Period(date(2026, 2, 28), date(2026, 3, 28))
    bills[1] = replace(bills[1], period=clipped)  # the next one begins on the 31st
    assert found(bills) == []
    bills[1] = replace(bills[1], period=Period(date(2026, 2, 28), date(2026, 3, 26)))
    assert found(bills) == [("R18", "invoices:3")]


def test_a_bill_that_arrives_late_closes_the_gap():
    bills = monthly()
    gap = [bill for bill in bills if bill.id != 5]
    assert found(gap) == [("R18", "invoices:6")]
    assert found([*gap, replace(bills[4], issued_on=date(2026, 8, 20))]) == []


def test_two_series_on_one_account_overlap_as_a_rule():
    other = [replace(bill, id=bill.id + 50, number=f"V{bill.id}") for bill in monthly(first=date(2026, 1, 20))]
    assert found([*monthly(), *other]) == []


def missing(bills, on, subject=SUBJECT):
    return missing_bill(subject, bills, on, USUAL)


def test_a_bill_is_missing_a_week_after_its_rhythm():
    bills = monthly()  # the last on 5 July; months of at most 31 days, so by 5 August
    assert missing(bills, date(2026, 8, 12)) is None
    finding = missing(bills, date(2026, 8, 13))
    assert (finding.key, finding.since) == (("R14", "accounts:7"), date(2026, 8, 13))
    assert missing(bills, date(2026, 10, 1)).since == finding.since


def test_a_closed_account_misses_nothing():
    assert missing(monthly(), date(2026, 9, 1), replace(SUBJECT, closed_on=date(2026, 8, 5))) is None
    assert missing(monthly(), date(2026, 9, 1), replace(SUBJECT, closed_on=date(2026, 8, 6))) is not None


def test_a_gap_of_before_does_not_stretch_the_rhythm():
    bills = [bill for bill in monthly() if bill.id != 4]
    assert missing(bills, date(2026, 8, 13)) is not None


@pytest.mark.parametrize(
    "days",
    [[(1, 5)], [(1, 5), (2, 20)], [(1, 5), (1, 15), (5, 1), (5, 20), (9, 1)]],
    ids=["one bill", "two of no period that fits", "now and then"],
)
def test_without_a_rhythm_nothing_is_missing(days):
    bills = [AuditedBill(n, f"B{n}", date(2025, *day), 100) for n, day in enumerate(days)]
    assert missing(bills, date(2026, 8, 1)) is None


def test_two_yearly_bills_are_a_rhythm_when_their_period_says_so():
    years = [date(2024, 3, 1), date(2025, 3, 1), date(2026, 3, 1)]
    bills = [AuditedBill(n, f"Y{n}", years[n], 100, Period(years[n], years[n + 1])) for n in range(2)]
    assert missing(bills, date(2026, 3, 8)) is None
    assert missing(bills, date(2026, 3, 9)) is not None


def test_lines_that_do_not_add_up():
    bill = ItemisedBill(4, "B4", date(2026, 3, 2), 10_000, 9_900)
    assert keys([wrong_sum(SUBJECT, bill)]) == [("R19", "invoices:4")]
    assert wrong_sum(SUBJECT, bill).amount == 100
    assert wrong_sum(SUBJECT, replace(bill, lines=10_100)).amount == 100
    assert wrong_sum(SUBJECT, replace(bill, lines=10_000)) is None
    assert wrong_sum(SUBJECT, replace(bill, amount=-500, lines=-500)) is None
