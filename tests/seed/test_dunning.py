"""What vendors do in the demo when they are not paid: by their own terms, and only then. And how they are paid."""

from collections import Counter, defaultdict
from datetime import date, timedelta
from types import SimpleNamespace

import pytest

from domain.contacts import ContactState
from domain.notices import NoticeKind
from domain.phone_numbers import doubts
from domain.policies import FeeBase, PartTerms, Policy, SuspensionDays, in_force
from domain.working_days import add_working_days
from seed import dunning
from tests.look_alikes import KNOWN


@pytest.fixture(scope="module")
def terms(books):
    found = defaultdict(list)
    for vendor, policy in books.policies:
        found[vendor.slug].append(policy)
    return found


@pytest.fixture(scope="module")
def policy_of(terms):
    def find(account, day):
        return in_force(terms[account.vendor.slug], account.service_type, account.currency, day)

    return find


def test_every_vendor_has_its_terms_and_every_bill_falls_under_some(books, terms, policy_of):
    assert set(terms) == {vendor.slug for vendor in books.vendors}
    assert all(policy.vendor == vendor.name for vendor, policy in books.policies)
    for bill in books.bills:
        assert policy_of(bill.account, bill.issued_on) is not None, bill.account


def test_the_terms_have_every_shape(books):
    policies = [policy for _, policy in books.policies]
    fees = [policy.late_fee for policy in policies]
    assert {fee.base for fee in fees} == set(FeeBase)
    assert any(fee.flat for fee in fees)
    assert any(fee.basis_points and fee.minimum for fee in fees)
    assert any(fee.cap for fee in fees)
    assert any(fee.base is FeeBase.RECURRING and fee.grace_days == 30 for fee in fees)
    assert {30, 45, 50} <= {p.suspension.earliest for p in policies if p.suspension}
    assert any(p.young and p.young.likely == 12 for p in policies)
    assert any(p.suspension is None for p in policies)
    assert any(p.service_type for p in policies)
    assert any(p.effective_until for p in policies)
    assert any(p.part for p in policies)
    assert any(p.restoral.months_in_advance for p in policies)
    assert len({policy.source for policy in policies}) == len(policies)


def test_late_fees_on_bills_are_those_of_the_terms(books, policy_of):
    charged = [(bill, c) for bill in books.bills for c in bill.charges if c.type == "late_fee" and c.amount > 0]
    assert len(charged) > 150
    for bill, charge in charged:
        if bill.number.endswith("-R"):
            continue
        fee = policy_of(bill.account, bill.issued_on).late_fee
        if not fee.basis_points:
            assert charge.amount == fee.flat
        else:
            assert fee.minimum <= charge.amount <= (fee.cap or charge.amount)


def owed_on(books, account, day):
    """{bill: undisputed amount past due} at the start of a day, from what was applied and disputed before it."""
    applied = Counter()
    for a in books.allocations:
        if a.target.account is account and a.applied_on < day:
            applied[a.target] += a.amount if a.reverses is None else -a.amount
    held = {
        d.bill: d.amount for d in books.disputes if d.opened_on < day and (d.closed_on is None or d.closed_on >= day)
    }
    bills = [b for b in books.bills if b.account is account and b.kind == "invoice" and b.falls_due_on < day]
    left = {bill: bill.amount - applied[bill] - held.get(bill, 0) for bill in bills if bill.issued_on < day}
    return {bill: amount for bill, amount in left.items() if amount > 0}


def test_a_suspension_is_announced_within_the_window_of_a_bill_that_is_past_due(books, policy_of):
    announced = [n for n in books.notices if n.kind is NoticeKind.SUSPENSION and not n.happened]
    assert len(announced) > 100
    for notice in announced:
        account, inside = notice.account, []
        for bill in owed_on(books, account, notice.dated):
            policy = policy_of(account, bill.issued_on)
            counted = policy.counted_day(policy.counted_from, bill.issued_on, bill.falls_due_on, account.site.country)
            days = policy.days_for(account.opened_on, counted)
            last = add_working_days(counted + timedelta(days=days.latest), 0, account.site.country)
            inside.append(counted + timedelta(days=days.earliest) <= notice.acts_on <= last)
        assert any(inside), notice


def test_nothing_is_switched_off_without_an_announcement_and_a_debt(books, policy_of):
    done = [n for n in books.notices if n.kind is NoticeKind.SUSPENSION and n.happened]
    assert len(done) >= 10
    for notice in done:
        own = [n for n in books.notices if n.account is notice.account and not n.happened and n.acts_on is not None]
        before = [n for n in own if n.dated < notice.dated and n.acts_on <= notice.dated]
        assert before, notice
        part = policy_of(notice.account, notice.dated).part
        acts_on = before[-1].acts_on + timedelta(days=part.days if part else 0)
        assert notice.dated <= add_working_days(acts_on, 2, notice.account.site.country)
        assert sum(owed_on(books, notice.account, notice.dated).values()) > 0


class SwitchedOffError(Exception):
    """Stands for all that a vendor does then."""


def test_a_part_that_the_terms_accept_puts_the_switch_off_once(monkeypatch):
    def send(*_):
        raise SwitchedOffError

    monkeypatch.setattr(dunning, "_send", send)
    day, planned = date(2026, 3, 2), []
    bill = SimpleNamespace(open=10_001, withheld=0, amount=20_001, falls_due_on=date(2026, 1, 5))
    terms = Policy("L", date(2020, 1, 1), "s", suspension=SuspensionDays(30, 30, 30), part=PartTerms(5_000, 30))
    account = SimpleNamespace(service_type="internet", currency="USD", site=SimpleNamespace(country="US"))
    history = SimpleNamespace(bills=[bill], terms=[terms], account=account, at=lambda *plan: planned.append(plan))
    with pytest.raises(SwitchedOffError):  # a cent short of half
        dunning._switch_off(history, day, day)
    bill.open = 10_000
    dunning._switch_off(history, day, day)
    ((later, again, announced),) = planned
    assert (later, announced) == (date(2026, 4, 1), day)
    with pytest.raises(SwitchedOffError):
        again(history, later, announced)


def test_notices_ask_what_is_past_due_and_are_not_from_tomorrow(books, today):
    for notice in books.notices:
        assert notice.dated <= today
        assert notice.amount > 0
        assert (notice.acts_on is None) == (notice.kind is NoticeKind.LATE)
    assert {notice.kind for notice in books.notices} >= {NoticeKind.LATE, NoticeKind.SUSPENSION}


# Whom to ring


def test_every_number_that_was_rung_is_in_the_directory_and_good(books):
    states = {(c.vendor, c.address): c.state for c in books.contacts}
    rung = {(call.account.vendor, call.number) for call in books.calls if call.direction == "outbound"}
    assert {number for _, number in rung} <= set(KNOWN)
    for place in rung:
        assert states[place] in (ContactState.VERIFIED, ContactState.UNVERIFIED), place


def test_the_directory_has_every_state_and_a_second_person(books, today):
    states = Counter(contact.state for contact in books.contacts)
    assert states[ContactState.VERIFIED] >= 20
    assert states[ContactState.UNVERIFIED] >= 2
    assert states[ContactState.RETIRED] == 2
    assert states[ContactState.REPORTED] == 1
    for contact in books.contacts:
        assert contact.verified_by != contact.proposed_by
        assert contact.proposed_at.date() <= today
        if contact.verified_at is not None:
            assert contact.verified_at > contact.proposed_at
    (old, *_), (new, *_) = zip(*((c.replaces, c) for c in books.contacts if c.replaces), strict=True)
    assert (old.vendor, old.country) == (new.vendor, new.country)
    assert old.ended_at == new.verified_at


def test_only_the_fraud_looks_like_another_number(books):
    phones = [c for c in books.contacts if c.kind == "phone"]
    numbers = [contact.address for contact in phones]
    doubted = [
        contact for contact in phones if doubts(contact.address, numbers) and contact.state is not ContactState.VERIFIED
    ]
    assert [contact.state for contact in doubted] == [ContactState.REPORTED]
    good = [contact.address for contact in phones if contact.state is ContactState.VERIFIED]
    assert [number for number in good if doubts(number, good)] == []
