"""What is typed into the call form becomes a record, or every fault is told at once."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from data_access.queries.open_bills import OpenBill
from ui.call_entry import CallEntry, EntryError, PaymentEntry, amount_of, check, chosen_parts, suggested

NOW = datetime(2026, 11, 20, 18, 0, tzinfo=UTC)  # 11:00 in Denver


def bill(invoice_id, number, due, open_amount, disputed=0):
    return OpenBill(
        invoice_id=invoice_id,
        account_id=1,
        account_number="A-1",
        vendor="Lumina",
        site="PUB",
        site_name="Pueblo",
        region="West",
        service_type="internet",
        currency="USD",
        number=number,
        issued_on=date(2026, 9, 1),
        due_on=due,
        due_missing=False,
        period_start=None,
        period_end=None,
        days_late=0,
        amount=open_amount,
        open_amount=open_amount,
        disputed=disputed,
    )


BILLS = [bill(1, "B1", date(2026, 9, 25), 10000, disputed=4000), bill(2, "B2", date(2026, 11, 15), 3000)]
ENTRY = CallEntry(
    account_id=1,
    currency="USD",
    zone="America/Denver",
    region="US",
    started=datetime(2026, 11, 20, 10, 30),
    purpose="payment",
    outcome="paid",
)


def faults(**values):
    with pytest.raises(EntryError) as error:
        check(replace(ENTRY, **values), BILLS, NOW)
    return error.value.faults


def test_a_call_is_recorded_in_utc_with_its_number_in_e164():
    call, payment = check(
        replace(ENTRY, number=" (303) 555-0100 ", minutes=12, agent=" Dana ", notes=" ok\n"), BILLS, NOW
    )
    assert call.started_at == datetime(2026, 11, 20, 17, 30, tzinfo=UTC)
    assert (call.number, call.duration_s, call.agent, call.notes) == ("+13035550100", 720, "Dana", "ok")
    assert payment is None


def test_every_fault_is_told_at_once():
    told = faults(purpose=" ", outcome="", promised_on=date(2026, 11, 19), payment=PaymentEntry(None, ""))
    assert len(told) == 5
    assert [
        word
        for word in ("purpose", "outcome", "before the call", "card or e-check", "amount")
        if word in " ".join(told)
    ]


@pytest.mark.parametrize(
    ("started", "told"),
    [
        (None, "when the call started"),
        (datetime(2026, 11, 20, 11, 6), "has not come yet"),
        (datetime(2026, 3, 8, 2, 30), "skipped 02:30"),
    ],
)
def test_a_moment_that_was_not_is_refused(started, told):
    assert told in faults(started=started)[0]


def test_of_an_hour_that_came_twice_the_first_is_taken():
    call, _ = check(replace(ENTRY, started=datetime(2026, 11, 1, 1, 30)), BILLS, NOW)
    assert call.started_at == datetime(2026, 11, 1, 7, 30, tzinfo=UTC)  # still in daylight time, UTC-6


def test_a_payment_is_of_the_calls_day_at_the_site_and_pays_what_was_shown():
    late = replace(ENTRY, started=datetime(2026, 11, 19, 22, 0), confirmation="C-1", payment=PaymentEntry("card", "75"))
    _, payment = check(late, BILLS, NOW)
    # 22:00 in Denver is the 20th in UTC. Disputed money comes last: 60 of B1, then B2.
    assert payment.paid_on == date(2026, 11, 19)
    assert payment.apply == {1: 6000, 2: 1500}
    assert (payment.amount, payment.status, payment.channel, payment.confirmation_number) == (
        7500,
        "pending",
        "phone",
        "C-1",
    )


def test_an_account_without_bills_keeps_the_money():
    _, payment = check(replace(ENTRY, payment=PaymentEntry("e-check", "1,234.50")), [], NOW)
    assert (payment.amount, payment.apply) == (123450, "none")


def test_chosen_bills_take_what_was_typed():
    parts = {1: "$25.00", 2: " ", 99: "5"}
    assert chosen_parts(parts, BILLS, 3000, "USD") == {1: 2500}
    _, payment = check(replace(ENTRY, payment=PaymentEntry("card", "30", parts)), BILLS, NOW)
    assert payment.apply == {1: 2500}
    _, payment = check(replace(ENTRY, payment=PaymentEntry("card", "30", {1: "0.00", 2: ""})), BILLS, NOW)
    assert payment.apply == "none"


@pytest.mark.parametrize(
    ("parts", "told"),
    [
        ({2: "30.01"}, "Bill B2: $30.01 is more than the $30.00 that is open"),
        ({1: "90", 2: "20"}, "The bills take $10.00 more than was paid"),
        ({1: "x"}, "Bill B1: 'x' is not an amount"),
    ],
)
def test_bills_cannot_take_more(parts, told):
    with pytest.raises(EntryError) as error:
        chosen_parts(parts, BILLS, 10000, "USD")
    assert told in error.value.faults[0]


def test_parts_that_nobody_saw_are_not_saved():
    assert "filled in anew" in faults(payment=PaymentEntry("card", "30", {1: "30"}, unseen=True))[0]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("£5", "not in USD"),
        ("12,50", "decimals with a comma"),
        ("1.005", "more than the 2 decimals"),
        ("-5", "not more than nothing"),
        ("0", "not more than nothing"),
        ("five", "not an amount"),
    ],
)
def test_amounts_are_read_strictly(text, told):
    with pytest.raises(EntryError) as error:
        amount_of(text, "USD")
    assert told in error.value.faults[0]


def test_nothing_is_suggested_for_nothing():
    assert suggested(0, BILLS) == {}
    assert suggested(500, []) == {}
