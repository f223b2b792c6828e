"""Cash plans by hand. Friday 20 November 2026; Lumina takes 1.5% of what is past due, at least 5.00, suspends from the 28th day

after the due day and wants 35.00 to come on again. The line is of criticality 5 at a site of 10 people: a day without it counts
5 x 10 x 5.00 = 250.00. A card shows on the day.
"""

from dataclasses import replace
from datetime import date

import pytest

from domain.cash_plan.cost import Cost, account_cost
from domain.cash_plan.horizon import Horizon
from domain.cash_plan.payables import Choices, plan_account
from domain.cash_plan.payment_run import Why, left, payments
from domain.cash_plan.planner import Rule, plan_at_once, proven
from domain.cash_plan.problem import CashPlanError, Problem
from domain.cash_plan.simple_rules import MustPayError
from domain.cash_plan.words import Writer, why_left, why_paid
from domain.policies import PartTerms
from domain.risk_facts import RiskBill, RiskService
from tests.domain.risk_cases import TERMS, account, bill, notice

AS_OF = date(2026, 11, 20)
NEVER = 13
LINE = RiskService("L1", "Fiber", "HQ", 5, 10)
FREE = Choices()
WRITE = Writer(lambda minor: f"{minor / 100:.2f}", lambda day: f"{day:%m-%d}")


def planned(facts, choices=FREE, weeks=13, **more):
    return plan_account(7, replace(facts, services=(LINE,)), Horizon(AS_OF, weeks), choices, **more)


def problem(*facts, cash, credit=0, choices=FREE):
    horizon = Horizon(AS_OF, len(cash))
    made = [plan_account(n, replace(f, services=(LINE,)), horizon, choices) for n, f in enumerate(facts, start=1)]
    return Problem(tuple(cash), tuple(a for a in made if a), credit)


def best(problem):
    found = proven(problem, plan_at_once(problem), lambda _: 60.0, gap=0.0)
    assert found.bound == found.cost.total
    return found


@pytest.mark.parametrize(
    ("week", "cost"),
    [
        (0, Cost()),  # shows on the 20th
        (1, Cost(fees=600)),  # 27 November; free until the 25th: 1.5% of 400.00
        (4, Cost(fees=600)),  # 18 December, five days before it may stop
        (5, Cost(600, 3_500, 6 * 25_000, 6)),  # after Christmas, on the 28th: off from the 23rd to the 28th
        (NEVER, Cost(600, 3_500, 58 * 25_000, 58)),  # until 18 February
    ],
)
def test_what_a_week_costs(week, cost):
    one = planned(account(bill("A1", "11-25", 40_000)))
    assert account_cost(one, (week,)) == cost


def test_a_slow_method_counts_by_the_day_on_which_it_shows():
    """Paid by what is quickest; without cards that is a transfer of a day: 18 December shows on the 21st, still in time."""
    facts = account(bill("A1", "11-25", 40_000))
    slow = replace(
        facts, policy=replace(facts.policy, posting_days=(("card", 9), ("transfer", 4), ("ach", 4), ("e-check", 4)))
    )
    one = planned(slow)
    assert date.fromordinal(one.edges[5]) == date(
        2026, 12, 25
    )  # 18 December and four working days, and it counts a day later
    assert account_cost(one, (4,)) == Cost(600, 3_500, 2 * 25_000, 2)
    assert account_cost(one, (3,)) == Cost(fees=600)


def test_a_fee_counts_all_that_is_past_its_free_days():
    """On 26 November the 400.00 and the 100.00 of October are late together."""
    one = planned(account(bill("A1", "10-30", 10_000), bill("A2", "11-25", 40_000)), weeks=1)
    (fee,) = one.fees
    assert (date.fromordinal(fee.day), fee.parts) == (date(2026, 11, 26), ((0, 10_000), (1, 40_000)))
    assert account_cost(one, (1, 1)).fees == 750
    assert account_cost(one, (0, 1)).fees == 600
    assert account_cost(one, (1, 0)).fees == 0  # no further bill is late on a day of this week


def test_a_service_that_is_off_comes_on_when_all_past_due_is_paid():
    off = notice("11-10", "11-12")
    facts = account(
        bill("A1", "10-01", 10_000), bill("A2", "11-13", 20_000), bill("A3", "12-01", 30_000), notices=(off,)
    )
    one = planned(facts, weeks=4)
    assert one.suspended
    assert account_cost(one, (0, 0, 0)) == Cost(0, 0, 25_000, 1)
    assert account_cost(one, (0, 1, 0)).days_off == 8
    assert account_cost(one, (0, 4, 0)).days_off == 28
    assert account_cost(one, (0, 0, 4)) == Cost(500, 0, 25_000, 1)
    with_a_part = replace(
        facts, policy=replace(facts.policy, restoral=replace(facts.policy.restoral, past_due_in_full=False))
    )
    assert account_cost(planned(with_a_part, weeks=2), (0, 2, 2)).days_off == 1


def test_a_notice_that_asks_for_less_lets_the_rest_wait():
    """100.00 of the 400.00 keep the service on until the terms' own day, 28 days after the due day."""
    facts = account(bill("A1", "11-10", 40_000), notices=(notice("11-30", "11-16", amount=10_000),))
    one = planned(facts)
    parts = [(p.amount, date.fromordinal(p.stops_on), p.after, p.part) for p in one.payables]
    assert parts == [(10_000, date(2026, 11, 30), None, 1), (30_000, date(2026, 12, 8), 0, 2)]
    assert account_cost(one, (1, 2)).days_off == 0
    assert account_cost(one, (2, 2)).days_off == 5  # from 30 November to 4 December


def test_disputed_amounts_and_money_on_its_way_are_not_paid():
    facts = account(
        bill("A1", "11-25", 40_000, disputed=15_000, pending=5_000), bill("A2", "11-25", 9_000, disputed=9_000)
    )
    assert [(p.bill, p.amount) for p in planned(facts).payables] == [(1, 20_000)]
    assert planned(account(bill("A2", "11-25", 9_000, disputed=9_000))) is None


def test_expected_bills_are_paid_from_their_week_on():
    to_come = RiskBill(-1, "expected Dec 2026", date(2026, 12, 1), date(2026, 12, 22), 5_000)
    one = planned(account(bill("A1", "11-25", 40_000)), expected=[to_come])
    assert (one.payables[1].first_week, one.payables[1].expected) == (2, True)  # 4 December
    assert not one.suspended


def test_the_best_use_of_too_little_cash():
    """500.00 now: the 400.00 whose service stops next week, not the older 450.00 of a vendor that only takes a fee."""
    water = replace(account().policy, suspension=None, young=None, young_months=0)
    old = account(bill("A1", "10-01", 45_000), policy=water)
    near = account(bill("A2", "10-30", 40_000))
    small = account(bill("A3", "11-25", 9_000), policy=water)
    case = problem(old, near, small, cash=[50_000, 0, 0, 0, 0])
    found = best(case)
    assert found.plan == ((5,), (0,), (0,))
    costs = {rule: cost.total for rule, cost in found.rules}
    assert costs[Rule.PROVEN] == 0
    # 27 November to 24 December: 28 days and the restoral; and the fee of the small one, at least 5.00.
    assert costs[Rule.NOTHING] == costs[Rule.OLDEST] == 28 * 25_000 + 3_500 + 500
    assert (found.saving, found.gap) == (costs[Rule.OLDEST], 0.0)


def test_why():
    water = replace(account().policy, suspension=None, young=None, young_months=0)
    case = problem(
        account(bill("A1", "10-30", 40_000)),
        account(bill("A2", "11-25", 9_000), policy=water),
        account(bill("A3", "10-01", 45_000), policy=water),
        account(bill("A4", "11-24", 20_000)),
        account(bill("A5", "2027-01-05", 1_000)),
        cash=[49_000, 0, 0, 1_000, 0, 0],
        choices=Choices(hold={4}),
    )
    found = best(case)
    horizon = Horizon(AS_OF, 6)
    run = payments(case, found.plan, horizon, {1: "cheque", 2: "ach"})
    assert [(p.payable.bill, p.week, p.method, p.pay_by, p.fact.why) for p in run] == [
        (1, 0, "ach", date(2026, 11, 23), Why.KEEPS_ON),  # to show by Wednesday; Thursday is Thanksgiving
        (2, 0, "ach", date(2026, 11, 23), Why.SAVES_FEE),
        (5, 5, "ach", date(2026, 12, 31), Why.CASH_LEFT),
    ]
    assert [why_paid(p, WRITE) for p in run] == [
        "Keeps the service on past 11-27 (terms): saves 35 days off (8750.00), 35.00 restoral.",
        "Saves a late fee of 5.00 on 11-26.",
        "There is cash for it, and it is paid by its due day, 01-05.",
    ]
    assert [(one.payable.bill, one.fact.why, why_left(one, WRITE)) for one in left(case, found.plan)] == [
        (
            4,
            Why.HELD,
            "Held. Costs 10 days off (2500.00), 35.00 restoral, 5.00 late fees; it may stop from 12-22 (terms).",
        ),
        (3, Why.NO_EFFECT, "Paying it alone would spare nothing in these weeks; due 10-01."),
    ]


def test_a_must_pay_is_paid_in_time_whatever_it_saves():
    water = replace(account().policy, suspension=None, young=None, young_months=0)
    case = problem(
        account(bill("A1", "12-10", 45_000), policy=water),
        account(bill("A2", "10-30", 40_000)),
        cash=[45_000, 0, 0, 0],
        choices=Choices(must_pay={1}),
    )
    found = best(case)
    assert found.plan == ((2,), (4,))  # 4 December is the last week in time
    (payment,) = payments(case, found.plan, Horizon(AS_OF, 4), {})
    assert why_paid(payment, WRITE).startswith("A must-pay, due 12-10")


def test_must_pays_that_the_cash_does_not_reach_are_refused():
    case = problem(
        account(bill("A1", "12-10", 45_000)), cash=[30_000, 0, 0], credit=10_000, choices=Choices(must_pay={1})
    )
    with pytest.raises(MustPayError) as refused:
        plan_at_once(case)
    assert (refused.value.week, refused.value.needed, refused.value.there) == (2, 45_000, 40_000)


def test_a_credit_line_and_unspent_cash_carry_over():
    case = problem(account(bill("A1", "12-10", 45_000)), cash=[10_000, 10_000, 10_000, 0], credit=15_000)
    assert case.limits == (25_000, 35_000, 45_000, 45_000)
    assert best(case).plan == ((2,),)


def test_a_plan_has_weeks_and_no_negative_cash():
    with pytest.raises(CashPlanError, match="at least one week"):
        Problem((), ())
    with pytest.raises(CashPlanError, match="not negative"):
        Problem((5, -1), ())


def test_very_many_bills_of_an_account_are_paid_together_the_oldest_first():
    many = account(*(bill(f"A{n}", f"{n:02}-10", 1_000 * n) for n in range(1, 13)))
    one = planned(many, Choices(must_pay={2}))
    assert len(one.payables) == 10
    assert (one.payables[0].number, one.payables[0].amount) == ("A1 and 2 more", 8_000)  # 1, 3 and 4


def test_parts_count_as_much_as_bills():
    six = account(*(bill(f"A{n}", f"{n + 4:02}-10", 1_000 * n, billed=1_000 * n) for n in range(1, 7)), policy=HALF)
    one = planned(six)
    assert len(one.payables) == 10
    assert sum(p.amount for p in one.payables) == 21_000
    assert {p.number for p in one.payables} == {"A1 and 1 more", "A3", "A4", "A5", "A6"}


def test_wishes_do_not_make_an_account_too_large():
    """Ever so many held bills are held together, and must-pays paid together, the oldest first."""
    many = account(
        *(bill(f"A{n}", f"{n:02}-10", 1_000) for n in range(1, 13)),
        *(bill(f"A{n}", f"{n - 15:02}-20", 1_000) for n in range(16, 27)),
    )
    one = planned(many, Choices(must_pay=set(range(1, 13)), hold=set(range(16, 27))))
    assert len(one.payables) == 10
    assert [(p.held, p.last_week is not None) for p in one.payables].count((True, False)) == 1
    assert sum(p.amount for p in one.payables) == 23_000


HALF = replace(TERMS, part=PartTerms(5_000, 30), restoral=replace(TERMS.restoral, past_due_in_full=False))


def steps(account):
    return [(p.bill, p.amount, date.fromordinal(p.stops_on).strftime("%m-%d"), p.after) for p in account.payables]


def test_a_part_that_the_terms_accept_is_paid_first_and_the_rest_thirty_days_later():
    """Due 20 October: off from 17 November + 0, with half of it paid from 17 December."""
    one = planned(account(bill("A1", "10-30", 40_000, billed=40_000), policy=HALF))
    assert steps(one) == [(1, 20_000, "11-27", None), (1, 20_000, "12-28", 0)]
    assert [(p.part, p.parts) for p in one.payables] == [(1, 2), (2, 2)]
    found = best(Problem((20_000, 0, 0, 0, 20_000), (one,)))
    assert found.cost.lost == found.cost.restoral == 0
    assert found.plan[0][0] == 0  # the part in the first week, and the rest by Christmas
    assert found.plan[0][1] == 4


def test_with_half_of_it_paid_before_only_the_rest_counts():
    one = planned(account(bill("A1", "10-30", 20_000, billed=40_000), policy=HALF))
    assert steps(one) == [(1, 20_000, "12-28", None)]


def test_a_notice_is_put_off_by_parts_where_they_come_to_less_than_it_asks():
    bills = [bill(f"A{n}", f"10-2{n}", 40_000, billed=40_000) for n in (1, 2)]
    dear = planned(account(*bills, policy=HALF, notices=(notice("11-30", "11-10", amount=60_000),)))
    assert steps(dear) == [
        (1, 20_000, "11-30", None), (1, 20_000, "12-30", 0), (2, 20_000, "11-30", None), (2, 20_000, "12-30", 2),
    ]  # fmt: skip
    cheap = planned(account(*bills, policy=HALF, notices=(notice("11-30", "11-10", amount=30_000),)))
    assert steps(cheap) == [
        (1, 30_000, "11-30", None), (1, 10_000, "12-30", 0), (2, 20_000, "11-30", None), (2, 20_000, "12-30", 2),
    ]  # fmt: skip
