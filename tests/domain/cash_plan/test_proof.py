"""The proven plan against every plan that there is, and what must hold of any plan."""

from dataclasses import replace
from datetime import date
from itertools import accumulate

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.cash_plan.cost import account_cost, plan_cost
from domain.cash_plan.greedy import greedy, with_the_rest
from domain.cash_plan.planner import SIMPLE, Rule, plan_at_once, proven
from domain.cash_plan.prices import Pricing
from domain.cash_plan.problem import Payable, PlanAccount, Problem
from domain.cash_plan.rounding import fitted
from domain.cash_plan.simple_rules import LARGEST, OLDEST, MustPayError, in_order, must_pays
from domain.cash_plan.tables import Tables
from seed.cash_tenants import tenant
from seed.small_plans import small_problem
from terminal.plan_scores import small_score, tenant_score
from tests.soak import share

SEEDS = st.integers(0, 10**6)
AS_OF = date(2026, 11, 20)


def best(problem):
    return proven(problem, plan_at_once(problem), lambda _: 60.0, gap=0.0)


def possible(seed):
    """A small case whose must-pays can be paid: with the cash that they want, where it has too little."""
    problem = small_problem(seed)
    short = max(
        paid - limit for paid, limit in zip(accumulate(problem.spent(problem.nothing)), problem.limits, strict=True)
    )
    return replace(problem, credit=problem.credit + max(0, short))


@pytest.mark.soak
def test_it_is_as_good_as_the_best_of_every_plan():
    """As `plan-scores` does; a good third of the cases have terms with part payments."""
    cases = share(500, 60)
    found = small_score(range(cases))
    assert (found.cases, found.wrong) == (cases, ())
    assert 0 < found.impossible < cases / 3


def test_on_tenants_it_is_never_dearer_than_a_simple_rule():
    found = tenant_score([tenant(n, AS_OF, accounts=12, weeks=5) for n in range(4)])
    assert (found.dearer, found.over) == ((), ())
    assert min(found.savings) > 0
    assert max(found.gaps) < 0.01


@settings(max_examples=15)
@given(SEEDS, st.integers(0, 3), st.integers(1, 400_000))
def test_more_cash_never_costs_more(seed, week, more):
    problem = possible(seed)
    cash = list(problem.cash)
    cash[week % len(cash)] += more
    assert best(replace(problem, cash=tuple(cash))).cost.total <= best(problem).cost.total


@settings(max_examples=15)
@given(SEEDS, st.integers(0, 3))
def test_earlier_cash_never_costs_more(seed, week):
    problem = possible(seed)
    cash = list(problem.cash)
    from_week = week % len(cash)
    cash[0], cash[from_week] = cash[0] + (cash[from_week] if from_week else 0), 0 if from_week else cash[0]
    assert best(replace(problem, cash=tuple(cash))).cost.total <= best(problem).cost.total


@settings(max_examples=60)
@given(SEEDS)
def test_no_plan_is_over_the_cash_of_a_week(seed):
    problem = possible(seed)
    rules = [in_order(problem, OLDEST), in_order(problem, LARGEST), greedy(problem)]
    rules.append(with_the_rest(problem, rules[-1]))
    for plan in rules:
        assert problem.affords(plan)
        spent = problem.spent(plan)
        assert all(sum(spent[: w + 1]) <= sum(problem.cash[: w + 1]) + problem.credit for w in range(len(problem.cash)))


@settings(max_examples=40)
@given(SEEDS)
def test_what_cash_is_left_pays_more_and_never_at_a_higher_cost(seed):
    problem = possible(seed)
    plan = greedy(problem)
    more = with_the_rest(problem, plan)
    assert plan_cost(problem, more).total <= plan_cost(problem, plan).total
    assert all(
        then <= was for now, before in zip(more, plan, strict=True) for then, was in zip(now, before, strict=True)
    )


def test_the_plan_at_once_is_the_cheapest_of_those_made():
    for seed in range(20):
        problem = possible(seed)
        first = plan_at_once(problem)
        assert first.cost.total == min(cost.total for _, cost in first.rules)
        assert (first.gap, first.bound) == (None, None)
        assert [rule for rule, _ in first.rules] == [*SIMPLE, Rule.GREEDY]


def test_a_search_that_is_stopped_at_once_keeps_the_plan_that_is_known():
    problem = tenant(3, AS_OF, accounts=15, weeks=5)
    first = plan_at_once(problem)
    found = proven(problem, first, lambda _: 0.0)
    assert found.cost.total <= first.cost.total
    assert found.bound is not None
    assert found.bound <= best(problem).cost.total


def test_progress_tells_a_bound_that_rises_to_the_cost():
    problem = tenant(2, AS_OF, accounts=15, weeks=5)
    heard = []

    def told(progress):
        heard.append(progress)
        return 60.0

    found = proven(problem, plan_at_once(problem), told)
    bounds = [progress.bound for progress in heard]
    assert bounds == sorted(bounds)
    assert all(progress.bound <= found.cost.total <= progress.cost for progress in heard)


@pytest.mark.parametrize("price", [0.0, 0.2, 3.0])
def test_tables_say_what_a_schedule_costs(price):
    """The columns that all accounts are looked through by agree with the rule for one."""
    for seed in range(12):
        problem = possible(seed)
        for account in problem.accounts:
            tables = Tables([account])
            prices = [price / (week + 1) for week in range(len(problem.cash))]
            (least,), (schedule,) = tables.best(prices)
            chosen = tuple(schedule.tolist())
            money = sum(
                p.amount * prices[w] for p, w in zip(account.payables, chosen, strict=True) if w < problem.never
            )
            assert least == pytest.approx(account_cost(account, chosen).total + money)


def test_impossible_must_pays_are_refused_by_all():
    seed = next(n for n in range(100) if possible(n) != small_problem(n))
    with pytest.raises(MustPayError):
        plan_at_once(small_problem(seed))


def test_what_is_left_does_not_bring_a_service_on_to_go_off_again():
    """Off from day 3 on for a bill that nothing pays in time; on again on day 8 it would stop once more on day 20."""
    bills = (
        Payable(1, "A", 10_000, 0, 0, stops_on=3),
        Payable(2, "B", 10_000, 0, 0, stops_on=20, held=True),
    )
    account = PlanAccount(1, bills, (0, 1, 8, 15, 22, 28), restoral=5_000, in_full=False)
    problem = Problem((0, 10_000, 0, 0), (account,))
    assert account_cost(account, (1, 4)).restoral == 2 * account_cost(account, (4, 4)).restoral
    assert with_the_rest(problem, ((4, 4),)) == ((4, 4),)


def test_a_week_without_a_working_day_of_its_own_changes_nothing():
    """The money of the second and the third week shows on one day: a service that is off stays off over it."""
    account = PlanAccount(
        1, (Payable(1, "A", 10_000, -20, -10, 30),), (0, 1, 8, 8, 15, 28), (), 700, 5_000, suspended=True
    )
    (least,), (schedule,) = Tables([account]).best([100.0] * 4)
    assert (least, tuple(schedule)) == (28 * 700, (4,))
    assert account_cost(account, (4,)).total == 28 * 700


def test_the_priced_plan_is_fitted_into_the_cash():
    for seed in range(4):
        problem = tenant(seed, AS_OF, accounts=20, weeks=5)
        pricing = Pricing(problem)
        priced = pricing.search([must_pays(problem)], gap=1e-4, go_on=lambda bound: True)
        plan = fitted(pricing, priced.prices, [sorted({*own}) for own in priced.seen])
        assert plan is not None
        assert problem.affords(plan)
        assert priced.bound <= plan_cost(problem, plan).total < plan_cost(problem, must_pays(problem)).total
