"""How good the cash forecast is: what was said on earlier days against what left, beside two rules that anyone can apply.

"Same as last month" takes the same days a month before (two or three where that month had not happened yet), "same month
last year" those of twelve months before.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from domain.cash_forecast import CashWeek
from domain.periods import add_months

LEAST_INSIDE, MOST_INSIDE = 0.75, 0.85
YEAR = 12
Days = Mapping[date, int]  # what left, by day


@dataclass(frozen=True, slots=True)
class CashScore:
    """Sums over weeks, of one currency; minor units. Errors are absolute; inside: weeks whose range held."""

    weeks: int = 0
    inside: int = 0
    paid: int = 0
    said: int = 0
    error: int = 0
    last_month: int = 0
    last_year: int = 0

    def __add__(self, other: "CashScore") -> "CashScore":
        return CashScore(*(getattr(self, name) + getattr(other, name) for name in self.__slots__))

    @property
    def better_rule(self) -> int:
        """The error of the better of the two rules."""
        return min(self.last_month, self.last_year)


def score(said: Sequence[CashWeek], as_of: date, known: Days, came: Days) -> CashScore:
    """Of one forecast; `known`: what had left by `as_of`, as known then, `came`: what left."""
    found = CashScore()
    for week in said:
        paid = _sum(came, week.first)
        back = 1
        while add_months(week.first, -back) + timedelta(days=6) > as_of:
            back += 1
        found += CashScore(
            weeks=1,
            inside=week.low <= paid <= week.high,
            paid=paid,
            said=week.amount,
            error=abs(week.amount - paid),
            last_month=abs(_sum(known, add_months(week.first, -back)) - paid),
            last_year=abs(_sum(known, add_months(week.first, -YEAR)) - paid),
        )
    return found


def missed(by_currency: Mapping[str, CashScore]) -> list[str]:
    """The bars that are not met, in words; nothing to measure is a miss. Weeks of all currencies are counted together."""
    weeks = sum(one.weeks for one in by_currency.values())
    inside = sum(one.inside for one in by_currency.values())
    found = [f"error in {currency}" for currency, one in by_currency.items() if one.error >= one.better_rule]
    if not weeks or not LEAST_INSIDE * weeks <= inside <= MOST_INSIDE * weeks:
        found.append("weeks inside the range")
    return found


def _sum(days: Days, first: date) -> int:
    return sum(days.get(first + timedelta(days=n), 0) for n in range(7))
