"""R23 and R24: what a vendor asks for though it was paid in time."""

from dataclasses import replace

import pytest

from domain.alerts.late_fees_charged import FeeBill, undue_fee
from domain.alerts.misapplied import StrayCredit, misapplied
from domain.alerts.paid_in_time import PaidBill
from domain.notices import NoticeKind
from tests.domain.alerts.cases import SUBJECT, keys
from tests.domain.risk_cases import day, notice

PAID = PaidBill(1, "B1", day("02-09"), day("03-02"), 5_000, ((day("03-02"), 5_000),))
FINED = FeeBill(2, "B2", day("03-09"), 500)


def test_a_fee_after_bills_paid_in_time():
    finding = undue_fee(SUBJECT, FINED, [PAID])
    assert (finding.key, finding.since, finding.amount) == (("R24", "invoices:2"), day("03-09"), 500)


@pytest.mark.parametrize(
    "before",
    [
        [],
        [replace(PAID, paid=((day("03-03"), 5_000),))],
        [replace(PAID, paid=((day("03-01"), 4_999),))],
        [PAID, replace(PAID, id=3, due_on=day("02-01"), paid=())],
        [replace(PAID, due_on=day("03-09"))],  # due on the day of the fee: not before it
    ],
    ids=["nothing was due", "a day late", "short", "an older one unpaid", "not due yet"],
)
def test_a_fee_that_may_be_right(before):
    assert undue_fee(SUBJECT, FINED, before) is None


def test_what_was_withheld_in_dispute_was_not_late():
    short = replace(PAID, paid=((day("03-01"), 4_000),), disputed=1_000)
    assert keys([undue_fee(SUBJECT, FINED, [short])]) == [("R24", "invoices:2")]


def test_a_fee_given_back_is_settled():
    assert undue_fee(SUBJECT, replace(FINED, given_back=True), [PAID]) is None
    assert undue_fee(SUBJECT, replace(FINED, fee=0), [PAID]) is None


ASKS = notice(None, "03-10", NoticeKind.LATE, id=12, amount=5_000, bill_id=1)
STRAY = StrayCredit(8, 5, "USD", day("03-12"), 5_000)


def test_paid_here_and_credited_there():
    finding = misapplied(SUBJECT, ASKS, [PAID], [STRAY])
    assert (finding.key, finding.since, finding.amount) == (("R23", "notices:12"), day("03-12"), 5_000)


def test_the_notice_need_not_name_bill_or_amount():
    assert misapplied(SUBJECT, replace(ASKS, bill_id=None, amount=None), [PAID], [STRAY]) is not None


@pytest.mark.parametrize(
    "credit",
    [
        replace(STRAY, account_id=7),
        replace(STRAY, vendor_id=6),
        replace(STRAY, currency="EUR"),
        replace(STRAY, amount=4_999),
        replace(STRAY, dated=day("03-01")),
    ],
    ids=["the same account", "another vendor", "another currency", "another amount", "before the payment"],
)
def test_a_credit_that_is_something_else(credit):
    assert misapplied(SUBJECT, ASKS, [PAID], [credit]) is None


def test_a_notice_that_was_right():
    late = replace(PAID, paid=((day("03-20"), 5_000),))
    assert misapplied(SUBJECT, ASKS, [late], [STRAY]) is None
    assert misapplied(SUBJECT, replace(ASKS, bill_id=None), [PAID, replace(PAID, id=3, paid=())], [STRAY]) is None
    assert misapplied(SUBJECT, replace(ASKS, bill_id=3), [PAID], [STRAY]) is None
