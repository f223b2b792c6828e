"""What vendors send: lines that add up, periods that follow each other, dates in order."""

from collections import Counter, defaultdict
from datetime import timedelta
from itertools import pairwise

import phonenumbers

from domain.periods import add_months
from domain.working_days import is_working_day
from seed.cycles import METERED

TYPES = {"recurring", "usage", "one_time", "tax", "fee", "late_fee", "credit", "adjustment"}


def invoices(books):
    return [bill for bill in books.bills if bill.kind == "invoice"]


def test_the_organisation_has_its_size(books):
    assert len(books.sites) == 24
    assert len({site.region for site in books.sites}) == 5
    assert {site.country for site in books.sites} == {"US", "GB", "IE", "DE"}
    assert {account.currency for account in books.accounts} == {"USD", "GBP", "EUR"}
    assert len(books.vendors) == 12
    assert 105 <= len(books.accounts) <= 120
    assert all(1 <= len(account.services) <= 4 for account in books.accounts)
    telecom = sum(account.service_type not in METERED for account in books.accounts)
    assert telecom > 0.6 * len(books.accounts)


def test_every_vendor_bills_in_its_own_shape(books):
    assert len({(a.vendor.name, a.number) for a in books.accounts}) == len(books.accounts)
    keys = Counter((bill.account, bill.kind, bill.number, bill.part) for bill in books.bills)
    assert [key for key, times in keys.items() if times > 1] == []
    assert {bill.account.vendor.name for bill in books.bills} == {vendor.name for vendor in books.vendors}
    shapes = {account.vendor.slug: account.number for account in books.accounts}
    assert shapes["lumora"].startswith("8773 40 ")
    assert shapes["halvorsen"].startswith("HN-00")


def test_lines_make_the_amount_and_every_type_occurs(books):
    assert {charge.type for bill in books.bills for charge in bill.charges} == TYPES
    for bill in books.bills:
        total = sum(charge.amount for charge in bill.charges)
        assert total > 0 if bill.kind == "invoice" else total < 0
        assert bill.amount == abs(total)
        assert all(charge.amount for charge in bill.charges), bill.number
    for bill in invoices(books):
        negative = {c.type for c in bill.charges if c.amount < 0}
        assert negative <= {"credit", "adjustment"}, bill.number


def test_amounts_are_not_round(books):
    round_ones = sum(bill.amount % 100 == 0 for bill in invoices(books))
    assert round_ones < 0.05 * len(invoices(books))


def test_dates_are_in_order(books, today):
    since = add_months(today.replace(day=1), -29)
    for bill in books.bills:
        account = bill.account
        assert since <= bill.issued_on <= today
        assert bill.issued_on >= account.opened_on
        if bill.due_on is not None:
            assert bill.issued_on < bill.due_on <= bill.issued_on + timedelta(days=account.terms_days + 5)
        if bill.period_start is not None:
            assert bill.period_start < bill.period_end
            assert bill.period_start >= account.opened_on
            if account.closed_on is not None:
                assert bill.period_start < account.closed_on


def test_thirty_months_are_covered(books, today):
    months = {(bill.issued_on.year, bill.issued_on.month) for bill in invoices(books)}
    first = add_months(today.replace(day=1), -29)
    expected = {(add_months(first, n).year, add_months(first, n).month) for n in range(30)}
    assert expected - {(today.year, today.month)} <= months <= expected


def test_periods_follow_each_other_without_gap_or_overlap(books):
    of_account = defaultdict(list)
    for bill in invoices(books):
        if bill.part == 1 and not bill.number.endswith("-R"):
            of_account[bill.account].append(bill)
    for bills in of_account.values():
        for earlier, later in pairwise(bills):
            assert earlier.period_end == later.period_start, later.number


def test_meters_are_read_on_working_days_after_which_the_bill_comes(books):
    for bill in invoices(books):
        if bill.account.service_type in METERED and bill.part == 1 and not bill.number.endswith("-R"):
            assert is_working_day(bill.period_end, bill.account.site.country)
            assert timedelta(days=1) < bill.issued_on - bill.period_end < timedelta(days=12)
    days = {
        (bill.period_end - bill.period_start).days
        for bill in invoices(books)
        if bill.account.service_type == "power" and bill.period_start > bill.account.opened_on
    }
    assert min(days) >= 22  # a month shortened by holidays
    assert max(days) <= 38
    assert len(days) > 5  # meters are not read on the dot


def test_one_vendor_bills_by_quarter_and_one_by_year(books):
    months = {}
    for bill in invoices(books):
        months.setdefault(bill.account.vendor.slug, set()).add(round((bill.period_end - bill.period_start).days / 30.4))
    assert max(months["clearbrook"]) == 3
    assert months["quillan"] == {12}
    assert max(months["lumora"]) == 1


def test_power_in_the_south_costs_most_in_summer(books):
    a_day = defaultdict(list)
    for bill in invoices(books):
        if bill.account.service_type == "power" and bill.account.site.region == "South":
            middle = bill.period_start + (bill.period_end - bill.period_start) / 2
            usage = sum(charge.amount for charge in bill.charges if charge.type == "usage")
            season = {3: "spring", 4: "spring", 7: "summer", 8: "summer"}.get(middle.month)
            a_day[bill.account, season].append(usage / (bill.period_end - bill.period_start).days)
    average = {key: sum(costs) / len(costs) for key, costs in a_day.items()}
    accounts = {account for account, _ in average}
    assert len(accounts) == 5
    for account in accounts:
        assert average[account, "summer"] > 1.2 * average[account, "spring"]


def test_prices_step_up_and_never_down(books):
    stepped = 0
    for account in books.accounts:
        for service in account.services:
            amounts = [amount for _, amount in service.prices]
            assert amounts == sorted(amounts)
            stepped += amounts[0] < amounts[-1]
    assert stepped > 150


def test_a_few_bills_name_no_due_date(books):
    missing = sum(bill.due_on is None for bill in invoices(books))
    assert 1 <= missing <= 0.01 * len(invoices(books))


def test_numbers_are_set_aside_for_fiction(books):
    numbers = {number for vendor in books.vendors for number in vendor.phone.values()}
    numbers |= {s.identifier for a in books.accounts for s in a.services if s.identifier.startswith("+")}
    for number in numbers:
        if number.startswith("+1"):
            assert number[5:10] == "55501", number
        elif number.startswith("+44"):
            fiction = ("+44113496", "+44117496", "+44141496", "+44114496", "+447700900", "+448081570")
            assert number.startswith(fiction), number
        elif number.startswith("+353"):
            assert number.startswith("+3532091"), number
        else:
            fiction = ("+494066969", "+492214710", "+498999998", "+496990009", "+49176040690")
            assert number.startswith(fiction), number
        assert phonenumbers.is_possible_number(phonenumbers.parse(number)), number


def test_rates_are_monthly_for_both_other_currencies(books, today):
    first = add_months(today.replace(day=1), -30)
    months = [add_months(first, n) for n in range(31)]
    for currency, low, high in (("EUR", 1.0, 1.2), ("GBP", 1.15, 1.4)):
        own = [rate for rate in books.rates if rate.currency == currency]
        assert [rate.on_date for rate in own] == months
        assert all(low < rate.rate_e9 / 1e9 < high for rate in own)
        assert {rate.quote for rate in own} == {"USD"}
