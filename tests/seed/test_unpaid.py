"""What the back-test is played on: vendors by their terms and not like clockwork, and sites that do not pay."""

from collections import Counter
from datetime import date

import pytest

from domain.policies import in_force
from seed.terms import terms
from seed.unpaid import unpaid

TODAY = date(2026, 11, 20)


@pytest.fixture(scope="module")
def play():
    return unpaid(3, TODAY, accounts=4)


def test_the_same_for_the_same_seed(play):
    again = unpaid(3, TODAY, accounts=4)
    assert list(again.suspended.values()) == list(play.suspended.values())
    assert list(unpaid(4, TODAY, accounts=4).suspended.values()) != list(play.suspended.values())


def test_every_policy_in_force_rules_some_accounts(play):
    every = terms(TODAY)
    ruled = {in_force(every[a.vendor.slug], a.service_type, a.currency, TODAY) for a in play.books.accounts}
    assert ruled == {policy for own in every.values() for policy in own if policy.effective_until is None}
    stopped = Counter(account.vendor.slug for account, days in play.suspended.items() if days)
    assert "clearbrook" not in stopped  # it does not suspend
    assert len(stopped) == 11


def test_bills_are_left_in_every_way_and_vendors_are_not_clockwork(play):
    books = play.books
    assert books.disputes
    assert any(p.kind == "reversal" for p in books.payments)
    part = {a.target for a in books.allocations if not a.reverses and a.amount < a.target.amount}
    assert part
    announced = {(n.account, n.acts_on) for n in books.notices if not n.happened}
    happened = [(account, day) for account, days in play.suspended.items() for day in days]
    on_the_day = sum(one in announced for one in happened)
    assert 0.4 < on_the_day / len(happened) < 0.9  # else late, or the announcement is not recorded
    assert all(day <= TODAY for _, day in happened)


def test_nothing_is_suspended_that_was_paid(play):
    for account, days in play.suspended.items():
        for day in days:
            late = [b for b in play.books.bills if b.account is account and b.falls_due_on < day]
            applied = Counter()
            for a in play.books.allocations:
                if a.target in late and a.applied_on <= day:
                    applied[a.target] += -a.amount if a.reverses else a.amount
            assert any(applied[bill] < bill.amount for bill in late)
