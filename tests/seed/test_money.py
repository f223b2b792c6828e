"""Payments, what they were applied to, and what became of them."""

from collections import Counter, defaultdict
from datetime import timedelta

from domain.working_days import is_working_day
from seed.records import Bill, Payment


def of_kind(books, kind):
    return [payment for payment in books.payments if payment.kind == kind]


def test_money_moves_on_working_days_unless_a_machine_draws_it(books):
    for payment in books.payments:
        if payment.method != "autopay":
            assert is_working_day(payment.paid_on, payment.account.site.country), payment
        if payment.posted_on is not None:
            assert payment.posted_on >= payment.paid_on
            assert is_working_day(payment.posted_on, payment.account.site.country), payment


def test_nothing_is_later_than_today(books, today):
    assert max(p.paid_on for p in books.payments) <= today
    assert max(p.posted_on for p in books.payments if p.posted_on) <= today
    assert max(a.applied_on for a in books.allocations) <= today
    assert max(c.started_at.date() for c in books.calls) <= today
    assert max(d.closed_on for d in books.disputes if d.closed_on) <= today


def test_no_bill_is_paid_before_it_comes(books):
    for allocation in books.allocations:
        for document in (allocation.source, allocation.target):
            day = document.issued_on if isinstance(document, Bill) else document.paid_on
            assert allocation.applied_on >= day


def test_cheques_take_some_days(books):
    cheques = [p for p in of_kind(books, "payment") if p.method == "cheque" and p.posted_on]
    assert len(cheques) > 100
    for cheque in cheques:
        assert timedelta(days=3) <= cheque.posted_on - cheque.paid_on <= timedelta(days=10)


def test_methods_belong_to_their_channel_and_country(books):
    allowed = {
        "card": {"portal", "phone"},
        "e-check": {"portal", "phone"},
        "ach": {"bank"},
        "transfer": {"bank"},
        "cheque": {"mail"},
        "autopay": {"autopay"},
    }
    for payment in books.payments:
        assert payment.channel in allowed[payment.method]
        if payment.method in {"ach", "cheque", "e-check"}:
            assert payment.account.site.country == "US"
        if payment.method == "transfer":
            assert payment.account.site.country != "US"
    assert {p.method for p in of_kind(books, "payment")} == set(allowed)


def test_nothing_is_ever_overspent_or_overpaid(books):
    """Played in the order in which the rows are written, every counter stays between nothing and its amount."""
    counters = Counter()
    for allocation in sorted(books.allocations, key=lambda a: a.applied_on):
        sign = 1 if allocation.reverses is None else -1
        assert allocation.amount > 0
        assert allocation.source.account is allocation.target.account
        for document in (allocation.source, allocation.target):
            counters[document] += sign * allocation.amount
            assert 0 <= counters[document] <= document.amount
    for bill in books.bills:
        assert bill.settled == counters[bill]
    for payment in books.payments:
        assert payment.allocated == counters[payment]


def test_a_return_takes_back_everything_on_its_day(books):
    reversals = {p.reverses: p for p in of_kind(books, "reversal")}
    came_back = [p for p in of_kind(books, "payment") if p.reversed_on]
    assert set(reversals) == set(came_back)
    by_source = defaultdict(list)
    for allocation in books.allocations:
        by_source[allocation.source].append(allocation)
    for payment in came_back:
        reversal = reversals[payment]
        assert (reversal.amount, reversal.paid_on) == (payment.amount, payment.reversed_on)
        taken_back = {a.reverses: a for a in by_source[payment] if a.reverses is not None}
        applied = [a for a in by_source[payment] if a.reverses is None]
        assert applied
        for allocation in applied:
            assert taken_back[allocation].applied_on == reversal.paid_on
            assert taken_back[allocation].amount == allocation.amount


def test_every_ending_of_a_payment_occurs(books, today):
    payments = of_kind(books, "payment")
    returned = [p for p in payments if p.reversed_on and p.posted_on]
    void = [p for p in payments if p.reversed_on and not p.posted_on]
    pending = [p for p in payments if not p.reversed_on and not p.posted_on]
    assert len(returned) >= 8
    assert any(p.method == "e-check" for p in returned)
    assert void
    assert {p.method for p in void} == {"cheque"}
    assert pending
    assert all(today - p.paid_on <= timedelta(days=28) for p in pending)
    assert of_kind(books, "refund")
    assert all(p.unapplied == 0 for p in of_kind(books, "refund"))
    assert 3 <= sum(p.unapplied > 0 and p.reversed_on is None for p in payments) <= 12


def test_bills_are_paid_in_parts_and_together(books):
    targets = defaultdict(set)
    sources = defaultdict(set)
    for allocation in books.allocations:
        if isinstance(allocation.source, Payment) and allocation.reverses is None:
            targets[allocation.source].add(allocation.target)
            sources[allocation.target].add(allocation.source)
    assert sum(len(bills) > 1 for bills in targets.values()) > 30
    assert sum(len(payments) > 1 for payments in sources.values()) > 30


def test_credit_notes_are_used_or_open(books):
    notes = [bill for bill in books.bills if bill.kind == "credit_note"]
    assert sum(note.open == 0 for note in notes) >= 5
    assert 3 <= sum(note.open > 0 for note in notes) <= 12
    whole = [note for note in notes if note.reverses is not None]
    assert whole
    for note in whole:
        assert (note.amount, note.open, note.reverses.open) == (note.reverses.amount, 0, 0)


def test_disputes_hold_back_what_is_still_open(books):
    still = [dispute for dispute in books.disputes if dispute.closed_on is None and dispute.kind == "bill"]
    assert 5 <= len(still) <= 12
    assert {d.outcome for d in books.disputes if d.closed_on} >= {"credited"}
    for dispute in books.disputes:
        assert dispute.bill.issued_on <= dispute.opened_on
        assert 0 < dispute.amount <= dispute.bill.amount
        if dispute.kind == "late_fee":  # of a bill that is paid: nothing is held back
            assert dispute.bill.open == 0
        elif dispute.closed_on is None:
            assert dispute.amount <= dispute.bill.open
        else:
            assert dispute.closed_on > dispute.opened_on


def test_remittances_share_a_number_within_one_vendor_and_day(books):
    cheques = defaultdict(set)
    for payment in of_kind(books, "payment"):
        if payment.method == "cheque":
            cheques[payment.confirmation_number].add((payment.paid_on, payment.account.vendor.name))
    assert all(len(remittances) == 1 for remittances in cheques.values())
    assert all(payment.confirmation_number for payment in books.payments)
