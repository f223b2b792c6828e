"""What is to be paid and when: by hand, from accounts whose ways are plain."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from domain.cash_forecast import Source
from domain.expected_bills import ExpectedBill
from domain.outflows import Foresight, OpenBill, Payer
from domain.outlook import learn
from domain.payment_habits import KnownBill
from domain.periods import add_months

AS_OF = date(2026, 11, 20)
PAYER = Payer(1, "internet", "HQ", "Lumina", False, None)
OPEN = OpenBill(90, 1, "B90", date(2026, 11, 10), date(2026, 12, 2), 10_000)


def past(after, account=1):
    """Twenty bills due on the 2nd of each month, each paid so many days after."""
    days = [add_months(date(2026, 11, 2), -n) for n in range(20)]
    return [
        KnownBill(100 * account + n, account, "HQ", "Lumina", due - timedelta(22), due, due + timedelta(after))
        for n, due in enumerate(days)
    ]


def foresee(bills, *, payer=PAYER, known=(), expected=(), kept=(0, 0), weeks=6):
    learned = learn([*known, *(KnownBill(b.id, 1, "HQ", "Lumina", b.issued_on, b.due_on, None) for b in bills)], AS_OF)
    return Foresight(AS_OF, weeks, learned, {1: payer}, kept).outflows(bills, expected)


def test_a_bill_is_paid_when_its_account_usually_pays():
    """Always two days before the due day: 30 November, in the second week (28 November to 4 December)."""
    (flow,) = foresee([OPEN], known=past(-2))
    assert flow.source is Source.OPEN
    assert flow.chances[1] > 0.9
    (flow,) = foresee([OPEN], known=past(12))  # always twelve days late: 14 December, in the fourth
    assert flow.chances[3] > 0.7


def test_where_nothing_was_ever_paid_what_is_due_is_paid():
    """What is past due tomorrow, what is due on 2 December by then, in the second week."""
    late = replace(OPEN, id=91, due_on=date(2026, 11, 2))
    first, second = foresee([OPEN, late])
    assert (first.bill_id, first.chances[0]) == (91, pytest.approx(1.0))
    assert (second.bill_id, sum(second.chances[:2])) == (90, pytest.approx(1.0))


@pytest.mark.parametrize(("day", "week"), [(1, 0), (7, 0), (8, 1), (14, 1), (42, 5), (43, None)])
def test_which_week_a_day_is_in(day, week):
    """A promise that was always kept: its day has all but what others of its account's days have."""
    promised = replace(PAYER, promised_on=AS_OF + timedelta(days=day))
    late = replace(OPEN, due_on=date(2026, 11, 2))
    (flow,) = foresee([late], payer=promised, kept=(10**9, 10**9))
    assert list(flow.chances) == pytest.approx([float(week == n) for n in range(6)], abs=1e-6)


def test_autopay_draws_on_its_day():
    """On the due day itself in twelve bills of twelve: 21 of 22 draws are expected there."""
    payer = replace(PAYER, autopay=True)
    (flow,) = foresee([OPEN], payer=payer, known=past(0))
    assert flow.source is Source.AUTOPAY
    assert flow.chances[1] > 21 / 22
    (flow,) = foresee([OPEN], payer=replace(payer, autopay_until=date(2026, 12, 1)), known=past(0))
    assert flow.source is Source.OPEN


def test_a_promise_is_paid_on_its_day_as_often_as_promises_were_kept():
    """Eight of ten were kept: (8 + 4) / (10 + 5) = 0.8 of a bill past due is on the promised day, in the third week."""
    late = replace(OPEN, issued_on=date(2026, 10, 1), due_on=date(2026, 11, 1))
    payer = replace(PAYER, promised_on=date(2026, 12, 8))
    (flow,) = foresee([late], payer=payer, kept=(8, 10))
    assert flow.source is Source.PROMISED
    assert flow.chances[2] == pytest.approx(0.8)
    (flow,) = foresee([OPEN], payer=payer, kept=(8, 10))  # not due: nobody spoke of it
    assert flow.source is Source.OPEN


def test_money_on_account_pays_what_falls_due_first():
    second = replace(OPEN, id=91, due_on=date(2026, 12, 9), amount=7_000)
    flows = foresee([second, OPEN], payer=replace(PAYER, on_account=12_000))
    assert [(flow.bill_id, flow.amount) for flow in flows] == [(91, 5_000)]


def test_a_bill_to_come_is_paid_like_the_others_and_not_before_it_comes():
    """Issued on 10 December, due on 1 January, paid two days before: 30 December, in the sixth week."""
    coming = ExpectedBill(1, date(2026, 12, 10), date(2027, 1, 1), 9_000, 8_000, 10_000)
    (flow,) = foresee([], known=past(-2), expected=[coming])
    assert (flow.source, flow.bill_id, flow.low, flow.high) == (Source.EXPECTED, None, 8_000, 10_000)
    assert flow.chances[5] > 0.9
    assert sum(flow.chances[:3]) < 0.01
    soon = replace(coming, due_on=date(2026, 12, 14))
    (quick,) = foresee([], known=past(-20), expected=[soon])  # so long before the due day it has not come
    assert sum(quick.chances[:2]) == 0
    assert sum(quick.chances) > 0.9
    (early,) = foresee([], known=past(-2), expected=[replace(coming, days_off=(-7, 0))])
    assert early.chances[4] == pytest.approx(early.chances[5], abs=0.05)  # half of its bills come a week before
