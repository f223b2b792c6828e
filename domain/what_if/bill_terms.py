"""What the policy in force says about each bill's days: paid in time until, free of a fee until, when service may stop.

The rules are those of domain.policies, late_fees and suspension; bills with the same policy, country and dates are asked once.
"""

from datetime import date
from typing import NamedTuple

import numpy as np

from domain.late_fees import FeeItem, last_free_day
from domain.periods import shifted
from domain.policies import FeeBase, Policy, SuspensionDays
from domain.suspension import window_from
from domain.what_if.parts import WHOLE
from domain.what_if.start import NEVER, Whole

_NO_WINDOW = (NEVER, NEVER, NEVER)


class BillTerms(NamedTuple):
    """Days by bill; NEVER where the policy charges no fee, or never suspends. may_rest, put_off: by a part payment."""

    due_day: Whole
    free_day: Whole
    earliest: Whole
    likely: Whole
    latest: Whole
    may_rest: Whole
    put_off_earliest: Whole
    put_off_likely: Whole
    put_off_latest: Whole


def bill_terms(
    as_of: date,
    policies: tuple[Policy, ...],
    countries: tuple[str, ...],
    *,
    policy: Whole,
    country: Whole,
    young_until: Whole,
    issued: Whole,
    due: Whole,
) -> BillTerms:
    """By bill, from its account's policy (-1: none), country and last young day, and its own days."""
    if not len(issued):
        return BillTerms(*(np.zeros(0, np.int64) for _ in BillTerms._fields))
    first_issued, first_due = issued.min(), due.min()
    dues = int(due.max() - first_due) + 1
    issues = int(issued.max() - first_issued) + 1
    keys = ((policy + 1) * len(countries) + country) * issues + (issued - first_issued)
    keys = keys * dues + (due - first_due)
    _, one_of_each, back = np.unique(keys, return_index=True, return_inverse=True)
    asked = [
        _asked(as_of, policies[p] if p >= 0 else None, countries[c], int(i), int(d))
        for p, c, i, d in zip(
            policy[one_of_each], country[one_of_each], issued[one_of_each], due[one_of_each], strict=True
        )
    ]
    table = np.array(asked, np.int64)[back]
    due_day, free_day, counted, may_rest, *windows = table.T
    is_young = counted < young_until
    first, put_off = (
        [np.where(is_young, y, u) for u, y in zip(windows[at : at + 3], windows[at + 3 : at + 6], strict=True)]
        for at in (0, 6)
    )
    return BillTerms(due_day, free_day, *first, may_rest, *put_off)


def _asked(as_of: date, policy: Policy | None, country: str, issued: int, due: int) -> tuple[int, ...]:
    if policy is None:
        return due, NEVER, NEVER, 0, *(_NO_WINDOW * 4)
    issued_on, due_on = shifted(as_of, issued), shifted(as_of, due)
    free = NEVER
    if policy.late_fee.base is not FeeBase.NONE:
        free = _day(as_of, last_free_day(FeeItem(issued_on, due_on, 0), policy, country))
    counted = policy.counted_day(policy.counted_from, issued_on, due_on, country)
    due_day = _day(as_of, policy.due_day(due_on, country))
    part = policy.part
    windows = [
        day
        for put_off in (0, part.days if part else 0)
        for days in (policy.suspension, policy.young or policy.suspension)
        for day in _window(as_of, policy, days, shifted(counted, put_off), country)
    ]
    return due_day, free, _day(as_of, counted), WHOLE - part.basis_points if part else 0, *windows


def _window(
    as_of: date, policy: Policy, days: SuspensionDays | None, counted: date, country: str
) -> tuple[int, int, int]:
    if days is None:
        return _NO_WINDOW
    window = window_from(policy, days, counted, policy.calendar or country)
    return _day(as_of, window.earliest), _day(as_of, window.likely), _day(as_of, window.latest)


def _day(as_of: date, day: date) -> int:
    return day.toordinal() - as_of.toordinal()
