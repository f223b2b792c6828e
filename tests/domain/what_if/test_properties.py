"""What holds for any organisation: paying helps, differences add up, actions on different bills commute."""

from dataclasses import fields, replace
from datetime import timedelta
from itertools import pairwise
from random import Random

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.what_if.actions import METHODS, Action, Kind, Scenario, Selection, What
from domain.what_if.measures import Measures
from domain.what_if.projection import difference, project
from domain.what_if.touched import total_beside
from tests.domain.what_if.tenants import TODAY, case, tenant

FEWER = settings(max_examples=40)  # organisations are costly to draw
SEEDS = st.integers(0, 10**6)
DAYS = st.integers(0, 50).map(lambda n: TODAY + timedelta(days=n))
NAMES = [field.name for field in fields(Measures)]


def played(start, *actions):
    return project(start, Scenario("", 60, actions, "USD"))


def same(one, other):
    return all(
        np.array_equal(getattr(a, name), getattr(b, name))
        for a, b in ((one.total, other.total), (one.by_site, other.by_site))
        for name in NAMES
    )


@FEWER
@given(SEEDS, DAYS, st.integers(1, 90_000), st.integers(1, 90_000), st.sampled_from(METHODS))
def test_paying_more_never_raises_outstanding_fees_or_risk(seed, on, amount, more, method):
    start = tenant(Random(seed)).start()
    pay = Action(Kind.PAY, on=on, what=What.AMOUNT, amount=amount, method=method)
    in_rising_order = [
        played(start),
        played(start, pay),
        played(start, replace(pay, amount=amount + more)),
        played(start, Action(Kind.PAY, on=on, what=What.ALL, method=method)),
    ]
    for less, most in pairwise(in_rising_order):
        for name in ("outstanding", "overdue", "late_fees", "accounts_at_risk", "accounts_suspended", "sites_at_risk"):
            assert (getattr(most.by_site, name) <= getattr(less.by_site, name)).all(), name
        assert most.total.cash_out.sum() >= less.total.cash_out.sum()


@FEWER
@given(SEEDS, DAYS, st.integers(0, 20))
def test_paying_sooner_never_raises_outstanding_fees_or_risk(seed, on, sooner):
    start = tenant(Random(seed)).start()
    bills = Selection(bills=tuple(start.bills.ids[start.bills.ids > 0].tolist()))
    if not bills.bills:
        return
    late, early = (
        played(start, Action(Kind.PAY, bills, day, What.ALL)) for day in (on, max(TODAY, on - timedelta(days=sooner)))
    )
    for name in ("outstanding", "late_fees", "accounts_at_risk", "accounts_suspended"):
        assert (getattr(early.by_site, name) <= getattr(late.by_site, name)).all(), name


@FEWER
@given(SEEDS)
def test_the_baseline_and_the_difference_are_the_scenario_and_sites_add_up(seed):
    own, scenario = case(seed)
    start = own.start()
    baseline, other = project(start, replace(scenario, actions=())), project(start, scenario)
    changed = difference(baseline, other)
    for name in NAMES:
        for part in ("total", "by_site"):
            before, by, after = (getattr(getattr(p, part), name) for p in (baseline, changed, other))
            assert np.array_equal(before + by, after)
        assert np.array_equal(getattr(other.by_site, name).sum(axis=-2), getattr(other.total, name))
    total = other.total
    assert np.array_equal(total.buckets.sum(axis=0) + total.unapplied, total.outstanding)
    assert (total.low <= total.outstanding).all()
    assert (total.outstanding <= total.high).all()


@FEWER
@given(SEEDS)
def test_what_is_billed_is_paid_credited_or_open(seed):
    own, scenario = case(seed)
    kept = tuple(action for action in scenario.actions if action.kind is not Kind.CREDIT)
    total = project(own.start(), replace(scenario, actions=kept)).total
    new = total.billed - total.billed[0]
    assert np.array_equal(total.outstanding[0] + new - (total.cash_out.cumsum() - total.cash_out[0]), total.outstanding)


@FEWER
@given(SEEDS, st.randoms(use_true_random=False))
def test_actions_on_different_accounts_commute(seed, random):
    own, scenario = case(seed)
    ids = [account.account_id for account in own.accounts]
    apart = [
        replace(action, selection=Selection(accounts=(ids[n % len(ids)],)))
        for n, action in enumerate(scenario.actions[: len(ids)])
    ]
    start = own.start()
    shuffled = random.sample(apart, len(apart))
    assert same(played(start, *apart), played(start, *shuffled))


@FEWER
@given(SEEDS, DAYS, st.integers(1, 60_000), st.integers(1, 60_000))
def test_an_amount_may_be_paid_in_two_parts_on_a_day(seed, on, one, other):
    start = tenant(Random(seed)).start()
    pay = Action(Kind.PAY, on=on, what=What.AMOUNT, amount=one)
    in_one = played(start, replace(pay, amount=one + other))
    assert same(in_one, played(start, pay, replace(pay, amount=other)))
    assert same(in_one, played(start, replace(pay, amount=other), pay))


@FEWER
@given(SEEDS)
def test_an_action_on_nothing_changes_nothing(seed):
    own, scenario = case(seed)
    start = own.start()
    nowhere = tuple(replace(action, selection=Selection(sites=("NOWHERE",))) for action in scenario.actions)
    assert same(played(start, *nowhere), played(start))


@FEWER
@given(SEEDS)
def test_a_scenario_played_on_what_it_touches_comes_to_the_same_total(seed):
    own, scenario = case(seed)
    start, one = own.start(), Selection(accounts=(own.accounts[-1].account_id,))
    scenario = replace(scenario, actions=tuple(replace(action, selection=one) for action in scenario.actions))
    baseline, other = project(start, replace(scenario, actions=())), project(start, scenario)
    total = total_beside(start, scenario, baseline)
    assert [name for name in NAMES if not np.array_equal(getattr(total, name), getattr(other.total, name))] == []
