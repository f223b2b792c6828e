"""The call log: every payment by telephone has its call, and calls without payment have a reason."""

from collections import Counter
from datetime import timedelta
from zoneinfo import ZoneInfo

from seed.records import Bill


def test_a_payment_by_telephone_and_its_call_carry_one_confirmation_number(books):
    by_phone = [p for p in books.payments if p.channel == "phone" and p.kind == "payment"]
    assert 0.12 < len(by_phone) / len(books.payments) < 0.3
    for payment in by_phone:
        call = payment.call
        assert call.account is payment.account
        assert call.confirmation_number == payment.confirmation_number != ""
        local = call.started_at.astimezone(ZoneInfo(payment.account.site.timezone))
        assert local.date() == payment.paid_on
        assert 8 <= local.hour < 17
    with_payment = {payment.call for payment in by_phone}
    assert len(with_payment) == len(by_phone)
    assert {call for call in books.calls if call.purpose == "payment"} == with_payment


def test_confirmation_numbers_have_the_vendors_shape(books):
    lumora = {p.confirmation_number for p in books.payments if p.account.vendor.slug == "lumora" and p.call}
    assert lumora
    assert all(number.startswith("LB") and len(number) == 10 for number in lumora)


def test_calls_have_every_purpose_and_callers_are_mostly_verified(books):
    purposes = Counter(call.purpose for call in books.calls)
    assert set(purposes) == {"payment", "dispute", "extension", "reminder", "outage", "question"}
    verified = Counter(call.caller_verified for call in books.calls)
    assert verified["yes"] > 0.8 * len(books.calls)
    assert verified["no"] > 0
    assert {call.direction for call in books.calls} == {"outbound", "inbound"}
    assert all(call.number.startswith("+") for call in books.calls)


def test_promises_are_kept_and_broken(books, today):
    """Kept: the account received money on or before the promised day, after the call."""
    paid = {}
    for payment in books.payments:
        if payment.kind == "payment":
            paid.setdefault(payment.account, []).append(payment.paid_on)
    kept = broken = 0
    for call in books.calls:
        if call.promised_on is not None and call.promised_on < today:
            day = call.started_at.date()
            assert timedelta(0) <= call.promised_on - day < timedelta(days=28)
            if any(day <= paid_on <= call.promised_on for paid_on in paid.get(call.account, [])):
                kept += 1
            else:
                broken += 1
    assert kept > 30
    assert broken > 30


def test_follow_ups_lie_ahead_and_behind(books, today):
    days = [call.follow_up_on for call in books.calls if call.follow_up_on]
    assert any(day > today for day in days)
    assert any(day < today for day in days)


def test_an_outage_is_credited_on_the_next_bill(books):
    credits = {c.description: b for b in books.bills for c in b.charges if c.description.startswith("Outage credit")}
    outages = [call for call in books.calls if call.purpose == "outage"]
    assert len(outages) > 20
    settled = 0
    for call in outages:
        case = call.notes.partition("case ")[2].partition(".")[0]
        bill = credits.get(f"Outage credit, case {case}")
        if bill is not None:
            settled += 1
            assert isinstance(bill, Bill)
            assert bill.account is call.account
            assert bill.issued_on >= call.started_at.date()
    assert settled > 0.8 * len(outages)
