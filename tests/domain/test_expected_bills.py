"""The bills to come: worked by hand from an account's own bills."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from domain.expected_bills import Billing, PastBill, expected_bills
from domain.periods import Period, add_months

AS_OF = date(2026, 11, 20)


def monthly(count, amount=lambda month: 10_000, day=5, last=date(2026, 11, 1)):
    """An account with `count` bills on `day` of each month up to `last`'s, due 21 days later."""
    days = [add_months(last, n - count + 1).replace(day=day) for n in range(count)]
    bills = [
        PastBill(n + 1, f"B{n + 1}", on, amount(on.month), Period(add_months(on, -1), on), on + timedelta(21))
        for n, on in enumerate(days)
    ]
    return Billing(1, "internet", 30, None, bills)


def test_the_same_each_month():
    until = date(2027, 2, 28)
    found = expected_bills([monthly(6)], AS_OF, until)
    assert [(b.issued_on, b.due_on, b.amount) for b in found] == [
        (date(2026, 12, 5), date(2026, 12, 26), 10_000),
        (date(2027, 1, 5), date(2027, 1, 26), 10_000),
        (date(2027, 2, 5), date(2027, 2, 26), 10_000),
    ]
    assert all(b.low <= b.amount <= b.high for b in found)


def test_bills_on_the_last_day_of_the_month_stay_there():
    days = [date(2026, 7, 31), date(2026, 8, 31), date(2026, 9, 30), date(2026, 10, 31)]
    bills = [PastBill(n, f"B{n}", day, 5_000) for n, day in enumerate(days)]
    found = expected_bills([Billing(1, "power", 30, None, bills)], date(2026, 11, 1), date(2027, 1, 31))
    assert [b.issued_on for b in found] == [date(2026, 11, 30), date(2026, 12, 31), date(2027, 1, 31)]
    assert found[0].due_on == date(2026, 12, 30)  # these bills name no due day: 30 days


def test_every_four_weeks_is_no_month():
    days = [date(2026, 8, 3) + timedelta(28 * n) for n in range(4)]  # the last on 26 October
    bills = [PastBill(n, f"B{n}", day, 5_000) for n, day in enumerate(days)]
    found = expected_bills([Billing(1, "mobile", 14, None, bills)], date(2026, 11, 1), date(2026, 12, 31))
    assert [b.issued_on for b in found] == [date(2026, 11, 23), date(2026, 12, 21)]


def test_quarterly():
    days = [add_months(date(2025, 2, 10), 3 * n) for n in range(8)]  # the last on 10 November 2026
    bills = [PastBill(n, f"B{n}", day, 30_000) for n, day in enumerate(days)]
    found = expected_bills([Billing(1, "water", 30, None, bills)], AS_OF, date(2027, 6, 1))
    assert [b.issued_on for b in found] == [date(2027, 2, 10), date(2027, 5, 10)]


def test_a_winter_that_came_twice_comes_again():
    """Bills of 100 in eight months and of 200 from December to March, two years of them."""
    cold = monthly(24, lambda month: 20_000 if month in {12, 1, 2, 3} else 10_000)
    december, january, february = expected_bills([cold], AS_OF, date(2027, 2, 28))
    assert all(17_000 < bill.amount <= 20_000 for bill in (december, january, february))
    once = expected_bills([replace(cold, bills=cold.bills[12:])], AS_OF, date(2026, 12, 31))
    assert once[0].amount == 10_000  # one year shows no season


def test_a_new_price_is_believed_when_it_came_twice():
    risen = monthly(8)
    for last, amount in ((-1, 10_000), (-2, 15_000)):
        bills = [replace(b, amount=15_000) if b in risen.bills[last:] else b for b in risen.bills]
        assert expected_bills([replace(risen, bills=bills)], AS_OF, date(2026, 12, 31))[0].amount == amount


def test_a_doubled_bill_is_counted_once():
    billing = monthly(6)
    again = replace(billing.bills[-1], id=99, number="X", issued_on=date(2026, 11, 7))
    doubled = replace(billing, bills=[*billing.bills, again])
    assert expected_bills([doubled], AS_OF, date(2027, 2, 1)) == expected_bills([billing], AS_OF, date(2027, 2, 1))


def test_the_range_is_that_of_four_bills_in_five_and_grows():
    """Bills that swing by a fifth have a wider range than bills that do not, each further one a little more."""
    swinging = monthly(24, lambda month: 10_000 if month % 2 else 12_500)
    steady = replace(monthly(24), account_id=2)
    found = expected_bills([swinging, steady], AS_OF, date(2027, 2, 28))
    wide = [b.high / b.low for b in found if b.account_id == 1]
    narrow = [b.high / b.low for b in found if b.account_id == 2]
    assert wide[0] > narrow[0]
    assert wide == sorted(wide)


@pytest.mark.parametrize(
    "billing",
    [
        replace(monthly(6), closed_on=date(2026, 11, 10)),
        monthly(6, last=date(2026, 6, 1)),  # five bills have not come
        monthly(1),  # one bill has no rhythm
        replace(monthly(0)),
    ],
)
def test_who_bills_no_more(billing):
    assert expected_bills([billing], AS_OF, date(2027, 2, 28)) == []


def test_an_account_that_closes_bills_until_then():
    closing = replace(monthly(6), closed_on=date(2027, 1, 5))
    assert [b.issued_on for b in expected_bills([closing], AS_OF, date(2027, 2, 28))] == [date(2026, 12, 5)]


def test_a_bill_that_should_have_come_is_expected_tomorrow_and_only_once():
    late = monthly(6, last=date(2026, 9, 1))
    found = expected_bills([late], AS_OF, date(2026, 12, 31))
    assert [b.issued_on for b in found] == [date(2026, 11, 21), date(2026, 12, 5)]


def test_nothing_after_the_day_is_looked_at():
    billing = monthly(12)
    later = PastBill(99, "L", date(2026, 12, 5), 90_000, None, date(2026, 12, 6))
    seen = replace(billing, bills=[*billing.bills, later])
    until = date(2027, 2, 28)
    assert expected_bills([seen], AS_OF, until) == expected_bills([billing], AS_OF, until)
