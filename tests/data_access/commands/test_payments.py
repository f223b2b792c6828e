"""Recording, posting and returning payments."""

import json
from datetime import UTC, date, datetime

import pytest

from data_access.commands.payments import PaymentDraft, post_payment, record_payment, return_payment
from data_access.commands.refusals import LedgerRefusedError, NotFoundError
from data_access.queries.balances import aging
from data_access.scope import Scope, ScopeRequiredError
from domain.allocation import (
    NotPositiveError,
    OverpaidInvoiceError,
    OverspendError,
    ReversedPaymentError,
    UnknownInvoiceError,
    WrongAccountError,
)
from domain.filters import Filters
from tests import factories as make

ALL = Scope.all_sites()
PAID = date(2026, 3, 10)


@pytest.fixture
def draft(where):
    def make_draft(amount, **values):
        return PaymentDraft(
            **{"account_id": where["account_id"], "paid_on": PAID, "amount": amount, "method": "card"} | values
        )

    return make_draft


def applied(rows):
    return [(row.payment_id, row.invoice_id, row.amount, row.applied_on) for row in rows("allocations")]


def position(database, day):
    """(buckets, unapplied) of the whole ledger on a day."""
    with database.reading(Scope.all_sites()) as connection:
        found = aging(connection, ALL, Filters(as_of=day), "currency")
    return (found[0].buckets, found[0].unapplied) if found else None


# Recording


def test_the_oldest_due_is_paid_first_and_the_rest_stays_on_account(run, draft, bills, rows, told, open_now):
    payment = run(record_payment, ALL, draft(16000, confirmation_number="C-1", note="by phone"))
    assert applied(rows) == [
        (payment, bills[month], amount, PAID) for month, amount in (("mar", 700), ("jan", 10000), ("feb", 5000))
    ]
    (row,) = rows("payments")
    assert (row.amount, row.allocated, row.status, row.posted_on) == (16000, 15700, "pending", None)
    assert (row.confirmation_number, row.note, row.method) == ("C-1", "by phone", "card")
    assert open_now() == {"J": 0, "F": 0, "M": 0}
    assert told() == [("record", "payments", payment)] + [("allocate", "payments", payment)] * 3


def test_the_oldest_due_is_filled_before_the_next(run, draft, bills, open_now):
    run(record_payment, ALL, draft(10100))
    assert open_now() == {"J": 0, "F": 4900, "M": 700}


def test_chosen_bills_are_paid_as_chosen(run, draft, bills, open_now, rows):
    run(record_payment, ALL, draft(6000, apply={bills["mar"]: 700, bills["feb"]: 1}))
    assert open_now() == {"J": 10000, "F": 4999, "M": 0}
    assert rows("payments")[0].allocated == 701


@pytest.mark.parametrize("apply", ["none", {}])
def test_a_payment_may_stay_on_account(run, draft, bills, open_now, rows, apply):
    run(record_payment, ALL, draft(6000, apply=apply))
    assert open_now() == {"J": 10000, "F": 5000, "M": 700}
    assert rows("allocations") == []


def test_with_nothing_open_it_stays_on_account(run, draft, where, rows):
    run(record_payment, ALL, draft(6000))
    assert [row.allocated for row in rows("payments")] == [0]


def test_money_counts_on_a_bill_from_the_later_of_both_days(run, draft, where, database, rows):
    bill = make.invoice(database, where, "L", date(2026, 5, 1), None, 700)
    run(record_payment, ALL, draft(700))
    assert [(row.invoice_id, row.applied_on) for row in rows("allocations")] == [(bill, date(2026, 5, 1))]


def test_a_posted_payment_posts_on_its_day_or_later(run, draft, bills, rows):
    run(record_payment, ALL, draft(100, status="posted"))
    run(record_payment, ALL, draft(100, status="posted", posted_on=date(2026, 3, 13)))
    assert [(row.status, row.posted_on) for row in rows("payments")] == [
        ("posted", PAID),
        ("posted", date(2026, 3, 13)),
    ]


def test_the_event_tells_who_where_and_what(run, draft, bills, rows, where):
    run(record_payment, ALL, draft(100, apply="none", channel="phone"))
    (event,) = rows("audit_log")
    assert (event.actor, event.site_id, event.before) == ("ana", where["site_id"], None)
    after = json.loads(event.after)
    assert (after["amount"], after["paid_on"], after["channel"], after["account_id"]) == (
        100,
        "2026-03-10",
        "phone",
        where["account_id"],
    )


@pytest.mark.parametrize("amount", [0, -1])
def test_a_payment_of_nothing_is_refused(refuses, draft, bills, amount):
    refuses(NotPositiveError, record_payment, ALL, draft(amount))


def test_each_refusal_has_its_class_and_leaves_nothing(refuses, run, draft, bills, other, open_now):
    jan, feb = bills["jan"], bills["feb"]
    assert "J" in refuses(OverpaidInvoiceError, record_payment, ALL, draft(20000, apply={jan: 10001}))
    assert "6000" in refuses(OverspendError, record_payment, ALL, draft(5999, apply={jan: 5000, feb: 1000}))
    assert "J" in refuses(NotPositiveError, record_payment, ALL, draft(100, apply={jan: 0, feb: 100}))
    assert "999" in refuses(UnknownInvoiceError, record_payment, ALL, draft(100, apply={999: 100}))
    assert "X" in refuses(WrongAccountError, record_payment, ALL, draft(100, apply={other["bill"]: 100}))
    run(record_payment, ALL, draft(10000, apply={jan: 10000}))
    assert "settled already" in refuses(UnknownInvoiceError, record_payment, ALL, draft(100, apply={jan: 100}))


def test_a_credit_note_is_not_a_bill_to_pay(refuses, draft, bills, where, database):
    note = make.invoice(database, where, "C", date(2026, 1, 5), None, 500, kind="credit_note")
    refuses(UnknownInvoiceError, record_payment, ALL, draft(100, apply={note: 100}))


def test_dates_that_cannot_be_are_refused(refuses, draft, bills):
    early = date(2026, 3, 9)
    assert "2026-03-09" in refuses(LedgerRefusedError, record_payment, ALL, draft(1, status="posted", posted_on=early))
    assert "pending" in refuses(LedgerRefusedError, record_payment, ALL, draft(1, posted_on=PAID))


def test_a_call_of_another_account_is_refused(refuses, draft, bills, other, database):
    call = make.add(database, "calls", **other["place"], started_at=datetime(2026, 3, 10, tzinfo=UTC))
    assert "no call" in refuses(NotFoundError, record_payment, ALL, draft(1, call_id=call))
    refuses(NotFoundError, record_payment, ALL, draft(1, call_id=987))


def test_a_foreign_account_cannot_be_told_from_none(refuses, draft, bills, other, own):
    foreign = refuses(NotFoundError, record_payment, own, draft(1, account_id=other["account_id"]))
    none = refuses(NotFoundError, record_payment, own, draft(1, account_id=987))
    assert foreign.replace(str(other["account_id"]), "N") == none.replace("987", "N")
    refuses(NotFoundError, record_payment, Scope.of([]), draft(1))
    refuses(ScopeRequiredError, record_payment, None, draft(1))


def test_a_foreign_bill_cannot_be_told_from_none(refuses, draft, bills, other, own):
    foreign = refuses(UnknownInvoiceError, record_payment, own, draft(1, apply={other["bill"]: 1}))
    none = refuses(UnknownInvoiceError, record_payment, own, draft(1, apply={987: 1}))
    assert foreign.replace(str(other["bill"]), "N") == none.replace("987", "N")


# Posting


def test_a_pending_payment_posts(run, draft, bills, rows, told):
    payment = run(record_payment, ALL, draft(100, apply="none"))
    run(post_payment, ALL, payment, date(2026, 3, 12))
    assert [(row.status, row.posted_on) for row in rows("payments")] == [("posted", date(2026, 3, 12))]
    assert told()[-1] == ("post", "payments", payment)


def test_posting_is_refused_twice_too_early_and_out_of_sight(run, refuses, draft, bills, own, other):
    payment = run(record_payment, ALL, draft(100))
    refuses(LedgerRefusedError, post_payment, ALL, payment, date(2026, 3, 9))
    foreign = run(record_payment, ALL, draft(100, account_id=other["account_id"]))
    refuses(NotFoundError, post_payment, own, foreign, PAID)
    refuses(NotFoundError, post_payment, own, 987, PAID)
    run(post_payment, own, payment, PAID)
    assert "is posted" in refuses(LedgerRefusedError, post_payment, ALL, payment, date(2026, 3, 12))


# Returning


def test_a_return_reopens_the_bills_from_its_day_and_not_before(run, draft, bills, rows, told, database, open_now):
    back = date(2026, 3, 20)
    payment = run(record_payment, ALL, draft(16000, status="posted"))
    before = {day: position(database, day) for day in (date(2026, 3, 9), PAID, date(2026, 3, 19))}
    # 9 March: J is 33 days late, F 2, M not due. From the 10th all is paid, and 3.00 on account.
    assert before[date(2026, 3, 9)] == ((700, 5000, 10000, 0, 0), 0)
    assert before[PAID] == before[date(2026, 3, 19)] == ((0, 0, 0, 0, 0), -300)
    reversal = run(return_payment, ALL, payment, back, note="no funds")
    assert open_now() == {"J": 10000, "F": 5000, "M": 700}
    original, row = rows("payments")
    assert (original.status, original.reversed_on, original.allocated) == ("returned", back, 0)
    assert (row.id, row.kind, row.reverses_id, row.amount, row.paid_on) == (reversal, "reversal", payment, 16000, back)
    assert (row.note, row.method) == ("no funds", "card")
    # Nothing of what earlier days said has changed; from the 20th the bills are open again, 44 and 13 days late.
    assert {day: position(database, day) for day in before} == before
    assert position(database, back) == ((700, 5000, 10000, 0, 0), 0)
    assert told()[-4:] == [("take back", "allocations", row.reverses_id) for row in rows("allocations")[3:]] + [
        ("return", "payments", payment)
    ]


def test_a_pending_payment_that_comes_back_is_void(run, draft, bills, rows):
    payment = run(record_payment, ALL, draft(100))
    run(return_payment, ALL, payment, PAID)
    assert rows("payments")[0].status == "void"


def test_after_a_return_the_money_is_paid_anew(run, draft, bills, open_now, rows):
    first = run(record_payment, ALL, draft(10000))
    run(return_payment, ALL, first, date(2026, 3, 20))
    run(record_payment, ALL, draft(10000, paid_on=date(2026, 3, 21)))
    assert open_now() == {"J": 0, "F": 5000, "M": 700}
    assert [(row.kind, row.status) for row in rows("payments")] == [
        ("payment", "void"),
        ("reversal", "posted"),
        ("payment", "pending"),
    ]


def test_a_return_is_refused_twice_too_early_and_out_of_sight(run, refuses, draft, bills, own, other, database, where):
    payment = run(record_payment, ALL, draft(10000))
    refuses(LedgerRefusedError, return_payment, ALL, payment, date(2026, 3, 9))
    foreign = run(record_payment, ALL, draft(100, account_id=other["account_id"]))
    refuses(NotFoundError, return_payment, own, foreign, PAID)
    refuses(NotFoundError, return_payment, own, 987, PAID)
    reversal = run(return_payment, own, payment, date(2026, 3, 20))
    assert "2026-03-20" in refuses(ReversedPaymentError, return_payment, ALL, payment, date(2026, 3, 21))
    refuses(ReversedPaymentError, post_payment, ALL, payment, date(2026, 3, 21))
    refuses(LedgerRefusedError, return_payment, ALL, reversal, date(2026, 3, 22))


def test_a_return_before_the_money_was_applied_is_refused(run, refuses, draft, where, database):
    make.invoice(database, where, "L", date(2026, 5, 1), None, 700)
    payment = run(record_payment, ALL, draft(700))
    message = refuses(LedgerRefusedError, return_payment, ALL, payment, date(2026, 4, 1))
    assert "last allocation" in message
    run(return_payment, ALL, payment, date(2026, 5, 1))


def test_a_returned_refund_owes_us_again(run, draft, where, database, rows):
    payment = make.payment(database, where, date(2026, 3, 1), 5000)
    refund = make.payment(database, where, date(2026, 3, 5), 2000, kind="refund")
    make.allocation(database, where, 2000, date(2026, 3, 5), payment_id=payment, refund_id=refund)
    assert position(database, date(2026, 3, 6)) == ((0, 0, 0, 0, 0), -3000)
    run(return_payment, ALL, refund, date(2026, 3, 9))
    assert position(database, date(2026, 3, 8)) == ((0, 0, 0, 0, 0), -3000)
    assert position(database, date(2026, 3, 9)) == ((0, 0, 0, 0, 0), -5000)
    assert [row.allocated for row in rows("payments")] == [0, 0, 0]
