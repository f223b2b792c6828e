"""Applying payments and credit notes to bills, later."""

from datetime import date

import pytest

from data_access.commands.allocations import allocate, apply_credit, take_back
from data_access.commands.payments import return_payment
from data_access.commands.refusals import NotFoundError
from data_access.scope import Scope
from domain.allocation import (
    NothingToApplyError,
    NotPositiveError,
    OverpaidInvoiceError,
    OverspendError,
    ReversedPaymentError,
    UnknownInvoiceError,
    WrongAccountError,
)
from tests import factories as make

ALL = Scope.all_sites()
DAY = date(2026, 3, 10)


@pytest.fixture
def payment(database, where):
    """120.00 on account."""
    return make.payment(database, where, DAY, 12000)


@pytest.fixture
def credit(database, where):
    """A credit note of 60.00."""
    return make.invoice(database, where, "C", DAY, None, 6000, kind="credit_note")


def test_money_on_account_is_applied_later(run, payment, bills, open_now, told):
    later = date(2026, 4, 1)
    assert run(allocate, ALL, payment, {bills["feb"]: 5000}, later) == {bills["feb"]: 5000}
    assert run(allocate, ALL, payment, None, later) == {bills["jan"]: 7000}
    assert open_now() == {"J": 3000, "F": 0, "M": 700}
    assert told() == [("allocate", "payments", payment)] * 2


def test_money_never_counts_before_it_was_paid(run, payment, bills, rows):
    run(allocate, ALL, payment, {bills["jan"]: 1}, date(2026, 1, 31))
    assert rows("allocations")[0].applied_on == DAY


def test_each_refusal_has_its_class_and_leaves_nothing(refuses, run, payment, bills, other, own):
    jan, feb = bills["jan"], bills["feb"]
    refuses(OverpaidInvoiceError, allocate, ALL, payment, {feb: 5001}, DAY)
    refuses(OverspendError, allocate, ALL, payment, {jan: 10000, feb: 2001}, DAY)
    refuses(NotPositiveError, allocate, ALL, payment, {jan: -1}, DAY)
    refuses(UnknownInvoiceError, allocate, ALL, payment, {987: 1}, DAY)
    refuses(WrongAccountError, allocate, ALL, payment, {jan: 1, other["bill"]: 1}, DAY)
    refuses(UnknownInvoiceError, allocate, own, payment, {jan: 1, other["bill"]: 1}, DAY)
    refuses(NotFoundError, allocate, ALL, 987, None, DAY)
    refuses(NotFoundError, allocate, Scope.of([other["site_id"]]), payment, None, DAY)
    assert "no bill was chosen" in refuses(NothingToApplyError, allocate, ALL, payment, {}, DAY)
    run(allocate, ALL, payment, None, DAY)
    assert "nothing is left" in refuses(NothingToApplyError, allocate, ALL, payment, None, DAY)
    refuses(OverspendError, allocate, ALL, payment, {feb: 1}, DAY)


def test_with_no_open_bill_there_is_nothing_to_apply(refuses, payment):
    assert "no bill is open" in refuses(NothingToApplyError, allocate, ALL, payment, None, DAY)


def test_a_returned_payment_or_a_refund_pays_nothing(refuses, database, where, bills):
    refund = make.payment(database, where, DAY, 500, kind="refund")
    refuses(ReversedPaymentError, allocate, ALL, refund, {bills["jan"]: 1}, DAY)
    back = make.payment(database, where, DAY, 500)
    make.payment(database, where, DAY, 500, kind="reversal", reverses_id=back)
    assert "returned" in refuses(ReversedPaymentError, allocate, ALL, back, {bills["jan"]: 1}, DAY)


def test_a_credit_note_is_used_on_bills(run, credit, bills, open_now, rows, told):
    run(apply_credit, ALL, credit, invoice_id=bills["feb"], amount=5000, applied_on=date(2026, 3, 15))
    allocation = run(apply_credit, ALL, credit, invoice_id=bills["jan"], amount=1000, applied_on=date(2026, 1, 1))
    assert open_now() == {"J": 9000, "F": 0, "M": 700}
    # Not before the credit was issued.
    assert [(row.credit_note_id, row.amount, row.applied_on) for row in rows("allocations")] == [
        (credit, 5000, date(2026, 3, 15)),
        (credit, 1000, DAY),
    ]
    assert rows("allocations")[1].id == allocation
    assert [row.settled for row in rows("invoices") if row.id == credit] == [6000]
    assert told() == [("allocate", "invoices", credit)] * 2


def test_each_refusal_of_a_credit_has_its_class_and_leaves_nothing(refuses, credit, bills, other, own, payment):
    def use(refusal, scope=ALL, note=credit, bill=bills["jan"], amount=100):
        return refuses(refusal, apply_credit, scope, note, invoice_id=bill, amount=amount, applied_on=DAY)

    assert "6001 is more than the 6000 left" in use(OverspendError, amount=6001)
    assert "701 is more than the 700 open" in use(OverpaidInvoiceError, bill=bills["mar"], amount=701)
    use(NotPositiveError, amount=0)
    use(UnknownInvoiceError, bill=987)
    use(UnknownInvoiceError, bill=credit)
    assert "X" in use(WrongAccountError, bill=other["bill"])
    use(UnknownInvoiceError, scope=own, bill=other["bill"])
    use(NotFoundError, note=bills["jan"])
    use(NotFoundError, note=987)
    use(NotFoundError, scope=Scope.of([other["site_id"]]))


def test_an_allocation_taken_back_frees_its_money_and_is_not_taken_back_twice(run, payment, bills, rows, told, where):
    jan, feb = bills["jan"], bills["feb"]
    run(allocate, ALL, payment, {jan: 10000, feb: 2000}, DAY)
    kept, wrong = rows("allocations")
    run(take_back, wrong, date(2026, 3, 15))
    run(allocate, ALL, payment, {bills["mar"]: 700}, date(2026, 3, 15))
    run(return_payment, ALL, payment, date(2026, 3, 20))
    assert told()[2] == ("take back", "allocations", wrong.id)
    assert [(row.reverses_id, row.applied_on) for row in rows("allocations")] == [
        (None, DAY),
        (None, DAY),
        (wrong.id, date(2026, 3, 15)),
        (None, date(2026, 3, 15)),
        (kept.id, date(2026, 3, 20)),
        (wrong.id + 2, date(2026, 3, 20)),
    ]
    assert [row.allocated for row in rows("payments")] == [0, 0]
