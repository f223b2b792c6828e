"""Accounts for the tests of risk: one vendor's terms, bills by a few words, and payments of them."""

from dataclasses import replace
from datetime import date, timedelta

from domain.notices import Notice, NoticeKind
from domain.policies import FeeBase, LateFeeTerms, Policy, RestoralTerms, SuspensionDays
from domain.risk_facts import AccountFacts, RiskBill, oldest_due_first

TERMS = Policy(
    "Lumina",
    date(2020, 1, 1),
    "Terms of service, section 9",
    currency="USD",
    late_fee=LateFeeTerms(FeeBase.PAST_DUE, basis_points=150, minimum=500),
    notice_days=10,
    suspension=SuspensionDays(28, 30, 35),
    young_months=6,
    young=SuspensionDays(12, 12, 14),
    disconnection_days=30,
    restoral=RestoralTerms(fee=3_500, months_in_advance=1),
    posting_days=(("card", 0),),
    id=1,
)


def day(text):
    """A day of 2026, from MM-DD; or any day in full."""
    return date.fromisoformat(text if len(text) > 5 else f"2026-{text}")


def bill(number, due, amount, **more):
    """A bill issued 21 days before it is due."""
    due_on = day(due)
    return RiskBill(int(number[1:]), number, due_on - timedelta(days=21), due_on, amount, **more)


def notice(acts_on, dated, kind=NoticeKind.SUSPENSION, **more):
    return Notice(more.pop("id", 1), kind, day(dated), day(acts_on) if acts_on else None, **more)


def account(*bills, policy=TERMS, **more):
    return AccountFacts(bills, country="US", policy=policy, opened_on=date(2020, 1, 1), **more)


def paid(facts, amount, order=oldest_due_first):
    """The same account after a payment of undisputed money that has arrived; every notice hears of it."""
    left, bills = amount, []
    for one in order(facts.bills):
        part = min(left, one.owed)
        left -= part
        pending = min(one.pending, one.open_amount - part)
        bills.append(replace(one, open_amount=one.open_amount - part, pending=pending))
    notices = tuple(replace(n, paid_since=n.paid_since + amount) for n in facts.notices)
    return replace(facts, bills=tuple(bills), notices=notices)
