"""Which state the finding above the three legs is about."""

import pytest

from data_access.queries.leg_states import LegState
from data_access.queries.reconciliation import COUNTED
from ui.reconcile_legs import worst
from ui.reconcile_words import waited

NONE = dict.fromkeys(LegState, 0)
MANY = COUNTED + 1  # no more are counted


@pytest.mark.parametrize(
    ("counts", "oldest", "about"),
    [
        ({LegState.NOT_POSTED: 3, LegState.NOT_IN_BANK: 4}, {}, LegState.NOT_IN_BANK),
        ({LegState.NOT_POSTED: 4, LegState.NOT_IN_BANK: 3}, {LegState.NOT_IN_BANK: 90}, LegState.NOT_POSTED),
        (
            {LegState.NOT_POSTED: MANY, LegState.NOT_IN_BANK: MANY},
            {LegState.NOT_POSTED: 1, LegState.NOT_IN_BANK: 120},
            LegState.NOT_IN_BANK,
        ),
        ({LegState.NO_STATEMENT: MANY, LegState.IN_PART: 1}, {LegState.NO_STATEMENT: 900}, LegState.IN_PART),
        ({LegState.NO_STATEMENT: 1, LegState.COMPLETE: MANY}, {}, LegState.NO_STATEMENT),
        ({}, {}, LegState.COMPLETE),
    ],
)
def test_it_is_about_what_is_missing_most_and_of_as_many_the_longest(counts, oldest, about):
    assert worst(NONE | counts, oldest) is about


@pytest.mark.parametrize(
    ("days", "said"), [(0, "0 d"), (999, "999 d"), (1_000, "2.7 y"), (1_816, "5.0 y"), (3_653, "10.0 y")]
)
def test_what_waits_for_years_is_told_in_years(days, said):
    assert waited(days) == said
