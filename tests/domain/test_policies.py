"""Vendor policies: which one is in force, what it counts from, and what none may say."""

from datetime import date

import pytest

from domain.policies import (
    USUAL_POSTING,
    CountedFrom,
    FeeBase,
    LateFeeTerms,
    PartTerms,
    Policy,
    PolicyError,
    RestoralTerms,
    SuspensionDays,
    in_force,
)

DAYS = SuspensionDays(28, 30, 35)
SINCE = date(2025, 7, 1)


def policy(**values):
    return Policy(**{"vendor": "Lumina", "effective_from": SINCE, "source": "Terms of service, section 9"} | values)


def test_the_policy_of_the_day_is_the_one_that_began_last():
    old, new = policy(id=1), policy(id=2, effective_from=date(2026, 7, 1))
    assert in_force([new, old], "internet", "USD", date(2025, 6, 30)) is None
    assert in_force([new, old], "internet", "USD", SINCE) is old
    assert in_force([new, old], "internet", "USD", date(2026, 6, 30)) is old
    assert in_force([new, old], "internet", "USD", date(2026, 7, 1)) is new


def test_an_exception_for_a_service_type_goes_before_a_newer_rule():
    rule = policy(effective_from=date(2026, 7, 1))
    exception = policy(service_type="voice")
    assert in_force([rule, exception], "voice", "USD", date(2026, 8, 1)) is exception
    assert in_force([rule, exception], "internet", "USD", date(2026, 8, 1)) is rule


def test_an_exception_ends_with_the_day_before_its_end():
    rule, exception = policy(), policy(service_type="voice", effective_until=date(2026, 1, 1))
    assert in_force([rule, exception], "voice", "USD", date(2025, 12, 31)) is exception
    assert in_force([rule, exception], "voice", "USD", date(2026, 1, 1)) is rule


def test_a_part_leaves_the_rest_rounded_down():
    assert PartTerms(5_000, 30).rest(10_001) == 5_000  # 50.01 of 100.01 is a half
    assert PartTerms(3_333, 30).rest(10**17 + 1) == 66_670_000_000_000_000  # exact for any amount


@pytest.mark.parametrize(("share", "days"), [(0, 30), (10_000, 30), (5_000, 0)])
def test_a_part_is_less_than_all_and_puts_something_off(share, days):
    with pytest.raises(PolicyError, match="a part payment is more than 0%"):
        PartTerms(share, days)


def test_a_part_puts_off_a_suspension_that_there_is():
    with pytest.raises(PolicyError, match="a part payment puts off a suspension"):
        policy(part=PartTerms(5_000, 30))


def test_a_policy_of_another_currency_does_not_apply():
    pounds = policy(currency="GBP", late_fee=LateFeeTerms(FeeBase.PAST_DUE, flat=750))
    assert in_force([pounds], "internet", "EUR", SINCE) is None
    assert in_force([pounds, policy()], "internet", "GBP", SINCE) is pounds


def test_a_due_date_on_a_day_off_rolls_forward_where_the_policy_says_so():
    thanksgiving = date(2026, 11, 26)
    assert policy(due_rolls_forward=True).due_day(thanksgiving, "US") == date(2026, 11, 27)
    assert policy(due_rolls_forward=True, calendar="GB").due_day(thanksgiving, "US") == thanksgiving
    assert policy().due_day(thanksgiving, "US") == thanksgiving


def test_days_count_from_the_due_date_or_from_the_invoice_date():
    issued, due = date(2026, 10, 1), date(2026, 10, 24)  # a Saturday
    assert policy().counted_day(CountedFrom.INVOICE, issued, due, "US") == issued
    assert policy(due_rolls_forward=True).counted_day(CountedFrom.DUE, issued, due, "US") == date(2026, 10, 26)


def test_a_young_account_has_fewer_days_until_it_is_old_enough():
    terms = policy(suspension=DAYS, young_months=6, young=SuspensionDays(12, 12, 14))
    opened = date(2025, 8, 31)  # six months later: the last day of February
    assert terms.days_for(opened, date(2026, 2, 27)) == SuspensionDays(12, 12, 14)
    assert terms.days_for(opened, date(2026, 2, 28)) == DAYS
    assert terms.days_for(None, date(2026, 2, 27)) == DAYS


def test_posting_days_are_the_usual_ones_where_the_policy_is_silent():
    posting = policy(posting_days=(("card", 0), ("wire", 1))).posting()
    assert posting == USUAL_POSTING | {"card": 0, "wire": 1}


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"source": " "}, "names its source"),
        ({"effective_until": SINCE}, "ends after it starts"),
        ({"currency": "DOLLAR"}, "not an ISO 4217"),
        ({"late_fee": LateFeeTerms(FeeBase.PAST_DUE, flat=500)}, "names their currency"),
        ({"restoral": RestoralTerms(fee=3500)}, "names their currency"),
        ({"calendar": "Texas"}, "not a calendar such as"),
        ({"young_months": 6}, "young accounts need"),
        ({"young_months": 6, "young": DAYS}, "days for the others"),
        ({"notice_days": -1}, "not negative"),
        ({"posting_days": (("card", -1),)}, "on the day it is made or later"),
    ],
)
def test_a_policy_that_contradicts_itself_is_refused(wrong, reason):
    with pytest.raises(PolicyError, match=reason):
        policy(**wrong)


@pytest.mark.parametrize("days", [(0, 5, 9), (10, 9, 12), (10, 12, 11)])
def test_suspension_days_rise(days):
    with pytest.raises(PolicyError, match="rise from the earliest"):
        SuspensionDays(*days)


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"base": FeeBase.PAST_DUE}, "a base and an amount, or neither"),
        ({"flat": 500}, "a base and an amount, or neither"),
        ({"base": FeeBase.PAST_DUE, "basis_points": 150, "minimum": 500, "cap": 499}, "below its minimum"),
        ({"base": FeeBase.PAST_DUE, "basis_points": 10_001}, "at most 100%"),
        ({"base": FeeBase.PAST_DUE, "flat": -1}, "no negative part"),
    ],
)
def test_a_late_fee_that_contradicts_itself_is_refused(wrong, reason):
    with pytest.raises(PolicyError, match=reason):
        LateFeeTerms(**wrong)
