"""The picture that the demo gives: what is owed, where, how late. A finance person should not smile at it."""

from collections import Counter
from datetime import timedelta

import pytest

from domain.periods import add_months
from seed.records import Bill

DOLLARS = {"USD": 1.0, "GBP": 1.27, "EUR": 1.085}


def dollars(bill, amount):
    return amount * DOLLARS[bill.account.currency] / 100


@pytest.fixture(scope="module")
def open_bills(books):
    return [bill for bill in books.bills if bill.kind == "invoice" and bill.open]


@pytest.fixture(scope="module")
def aging(open_bills, today):
    ages = Counter()
    for bill in open_bills:
        days = (today - bill.falls_due_on).days
        bucket = next(
            (name for name, last in (("not due", 0), ("1-30", 30), ("31-60", 60), ("61-90", 90)) if days <= last), "90+"
        )
        ages[bucket] += dollars(bill, bill.open)
    return ages


def test_about_a_month_of_bills_is_outstanding(books, today, aging):
    last_year = [b for b in books.bills if b.kind == "invoice" and b.issued_on > add_months(today, -12)]
    a_month = sum(dollars(b, b.amount) for b in last_year) / 12
    assert 90_000 < a_month < 140_000
    assert 0.8 < aging.total() / a_month < 2.0


def test_a_third_to_six_tenths_of_it_is_past_due_and_some_of_every_age(aging):
    overdue = aging.total() - aging["not due"]
    assert 0.30 < overdue / aging.total() < 0.62
    assert aging["1-30"] > aging["31-60"] > 0
    assert aging["61-90"] > 0.02 * aging.total()
    assert 0.01 * aging.total() < aging["90+"] < 0.12 * aging.total()


def test_few_sites_carry_half_of_the_past_due(open_bills, today):
    by_site = Counter()
    for bill in open_bills:
        if bill.falls_due_on < today:
            by_site[bill.account.site.code] += dollars(bill, bill.open)
    carried, sites = 0.0, 0
    for _, amount in by_site.most_common():
        carried, sites = carried + amount, sites + 1
        if carried >= by_site.total() / 2:
            break
    assert 2 <= sites <= 7
    assert 8 <= len(by_site) <= 22


def paid_in_time(books, today):
    """{bill: settled in full by its due date} for bills that have fallen due."""
    by_then = Counter()
    for allocation in books.allocations:
        target = allocation.target
        if isinstance(target, Bill) and allocation.applied_on <= target.falls_due_on:
            by_then[target] += allocation.amount if allocation.reverses is None else -allocation.amount
    due = [b for b in books.bills if b.kind == "invoice" and b.falls_due_on < today]
    return {bill: by_then[bill] >= bill.amount for bill in due}


def test_three_quarters_and_more_are_paid_in_time_and_some_sites_are_chronically_late(books, today):
    in_time = paid_in_time(books, today)
    assert 0.74 < sum(in_time.values()) / len(in_time) < 0.86
    shares = {}
    for site in books.sites:
        own = [ok for bill, ok in in_time.items() if bill.account.site is site]
        shares[site.code] = sum(own) / len(own)
    assert min(shares.values()) < 0.6
    assert sum(share > 0.9 for share in shares.values()) >= 6
    assert max(shares, key=shares.get) not in {"PUB", "SCK", "GLA"}


def test_it_was_better_a_year_and_more_ago(books, today):
    in_time = paid_in_time(books, today)
    before = [ok for bill, ok in in_time.items() if bill.falls_due_on < today - timedelta(days=460)]
    lately = [ok for bill, ok in in_time.items() if bill.falls_due_on > today - timedelta(days=240)]
    assert sum(before) / len(before) > sum(lately) / len(lately) + 0.04


def test_every_method_has_its_share(books):
    methods = Counter(p.method for p in books.payments if p.kind == "payment")
    shares = {method: count / methods.total() for method, count in methods.items()}
    assert 0.15 < shares["autopay"] < 0.35
    assert all(0.05 < shares[method] < 0.35 for method in ("card", "e-check", "ach", "cheque", "transfer"))
