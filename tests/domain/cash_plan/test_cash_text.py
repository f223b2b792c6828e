"""Cash by week as people write it."""

from decimal import Decimal

import pytest

from domain.cash_plan.cash_text import cash_by_week, read_amount, read_cash
from domain.cash_plan.problem import CashPlanError
from domain.cash_plan.words import proof


@pytest.mark.parametrize(
    ("text", "amounts"),
    [
        ("", []),
        ("5000", ["5000"]),
        ("5000, 7500.50;0 1", ["5000", "7500.50", "0", "1"]),
        ("5000x3,1", ["5000", "5000", "5000", "1"]),
        ("5000X2", ["5000", "5000"]),
    ],
)
def test_what_is_written(text, amounts):
    assert read_cash(text) == tuple(Decimal(amount) for amount in amounts)


@pytest.mark.parametrize(
    "text", ["many", "-5", "5x", "5x0", "5x-1", "5x27", "NaN", "1e999999999x", "Infinity", "x3", "5,,x"]
)
def test_what_is_no_cash(text):
    with pytest.raises(CashPlanError, match="is not an amount"):
        read_cash(text)


def test_weeks_that_are_not_named_bring_nothing():
    assert cash_by_week(read_cash("5000x2"), 4, "USD") == (500_000, 500_000, 0, 0)
    assert cash_by_week(read_cash("5000"), 2, "JPY") == (5_000, 0)


@pytest.mark.parametrize(
    ("text", "why"), [("1x5", "5 weeks, and the plan has 4"), ("1.005", "decimals"), ("1e15", "larger")]
)
def test_what_a_plan_cannot_take(text, why):
    with pytest.raises(CashPlanError, match=why):
        cash_by_week(read_cash(text), 4, "USD")


def test_an_amount_by_itself():
    assert read_amount(" 12.50 ") == Decimal("12.50")


@pytest.mark.parametrize(
    ("gap", "words"),
    [(None, "not proven yet"), (0.0, "no plan on this cash costs less"), (0.00001, "0.01%"), (0.0123, "1.23%")],
)
def test_a_gap_is_never_rounded_down(gap, words):
    assert proof(gap).endswith(words)
