"""Cash by week as people write it: 5000, 7500.50 for two weeks, 5000x4 for four of them."""

import re
from decimal import Decimal, InvalidOperation

from domain.cash_plan.problem import CashPlanError
from domain.money import MoneyError, to_minor

MOST_WEEKS = 26
_SEPARATOR = re.compile(r"[,;\s]+")


def read_amount(text: str) -> Decimal:
    """An amount that is not negative; raises CashPlanError."""
    try:
        amount = Decimal(text.strip())
    except InvalidOperation:
        amount = Decimal(-1)
    if not amount.is_finite() or amount < 0:
        raise CashPlanError(f"{text.strip()!r} is not an amount; write 1250 or 1250.50")
    return amount


def read_cash(text: str) -> tuple[Decimal, ...]:
    """An amount for each week; raises CashPlanError."""
    found: list[Decimal] = []
    for part in filter(None, _SEPARATOR.split(text.strip())):
        amount, cross, times = part.lower().partition("x")
        if cross and not (times.isdecimal() and 0 < int(times) <= MOST_WEEKS):
            raise CashPlanError(f"{part!r} is not an amount and its weeks; write 5000x4 for four weeks of 5000")
        found += [read_amount(amount)] * int(times or 1)
    return tuple(found)


def cash_by_week(amounts: tuple[Decimal, ...], weeks: int, currency: str) -> tuple[int, ...]:
    """Minor units for each of `weeks` weeks; those that are not named bring nothing. Raises CashPlanError."""
    if len(amounts) > weeks:
        raise CashPlanError(f"cash is given for {len(amounts)} weeks, and the plan has {weeks}; choose more weeks")
    try:
        named = [to_minor(amount, currency) for amount in amounts]
    except MoneyError as error:
        raise CashPlanError(str(error)) from error
    return (*named, *([0] * (weeks - len(named))))
