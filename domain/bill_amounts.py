"""What an account's next bill comes to: level, growth and season of its own bills, and how far off that usually was.

All in logarithms, so that ten per cent more is as far as ten per cent less. The level is that of the last bills without
those that stand out; the season is as strong as one year repeats the other.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, log
from statistics import median

YEAR = 12  # months
_LATELY = 8  # bills that make the level
_FADES = 0.7  # what a bill counts of the one after it
_STANDS_OUT = 2.5  # spreads from the middle of the last bills: no part of the level
_LEAST_SPREAD = 0.01
_PAIRS = 6  # bills with one of the same month a year before, below which neither growth nor season is told
_UNPROVEN = 3.0  # pairs of no likeness that the season of one account is weighed against
_GROWTH_KEPT, _MOST_GROWTH = 0.6, 0.3  # of what was seen in a year; a year
_FIRST = 3  # bills before the first that is foreseen in looking back
_AHEAD = 0.08  # by how much of it the range grows with each further bill


@dataclass(frozen=True, slots=True)
class Amounts:
    """Of one account. errors: how far off, in logarithms, each of its bills was from what would have been said before."""

    level: float
    growth: float  # a month
    season: dict[int, float]  # by month, 1 to 12
    last_month: int  # counted from year 0
    errors: tuple[float, ...]

    def usual(self, month: int) -> int:
        """In minor units, for a bill of `month` (counted from year 0)."""
        ahead = self.level + self.growth * (month - self.last_month)
        return max(1, round(exp(ahead + self.season.get(month % YEAR + 1, 0.0))))


def learn(bills: Sequence[tuple[int, int]], months: int) -> Amounts:
    """`bills`: (month counted from year 0, amount), the oldest first, at least one; months: from one to the next."""
    known = [(month, log(amount)) for month, amount in bills]
    growth = _growth(known)
    season = _season(known, growth, months)
    plain = [(month, value - season.get(month % YEAR + 1, 0.0)) for month, value in known]
    errors = tuple(
        value - _level(plain[max(0, n - _LATELY) : n], growth, month)
        for n, (month, value) in enumerate(plain)
        if n >= _FIRST
    )
    last = known[-1][0]
    return Amounts(_level(plain[-_LATELY:], growth, last), growth, season, last, errors)


def _level(known: Sequence[tuple[int, float]], growth: float, month: int) -> float:
    """As of `month`, from bills without their season."""
    values = [value + growth * (month - then) for then, value in known]
    weights = [_FADES**back for back in range(len(values) - 1, -1, -1)]
    middle = _weighted_median(values, weights)
    spread = max(_LEAST_SPREAD, _weighted_median([abs(value - middle) for value in values], weights))
    kept = [(v, w) for v, w in zip(values, weights, strict=True) if abs(v - middle) <= _STANDS_OUT * spread]
    return sum(v * w for v, w in kept) / sum(w for _, w in kept)


def _weighted_median(values: Sequence[float], weights: Sequence[float]) -> float:
    ordered = sorted(zip(values, weights, strict=True))
    half, passed = sum(weights) / 2, 0.0
    for value, weight in ordered:
        passed += weight
        if passed >= half:
            return value
    return ordered[-1][0]


def _growth(known: Sequence[tuple[int, float]]) -> float:
    """A month, from bills and those of the same months a year before."""
    before = dict(known)
    years = [value - before[month - YEAR] for month, value in known if month - YEAR in before]
    if len(years) < _PAIRS:
        return 0.0
    return _GROWTH_KEPT * min(_MOST_GROWTH, max(-_MOST_GROWTH, median(years))) / YEAR


def _season(known: Sequence[tuple[int, float]], growth: float, months: int) -> dict[int, float]:
    """By month of the year, as far as one year repeats the other."""
    if YEAR % months or months * 2 > YEAR // 2:
        return {}
    trend = growth / _GROWTH_KEPT
    flat = {month: value - trend * month for month, value in known}
    middle = median(flat.values())
    away = {month: value - middle for month, value in flat.items()}
    pairs = [(value, away[month - YEAR]) for month, value in away.items() if month - YEAR in away]
    if len(pairs) < _PAIRS // months:
        return {}
    alike = sum(a * b for a, b in pairs)
    whole = sum(a * a + b * b for a, b in pairs) / 2
    if alike <= 0 or whole <= 0:
        return {}
    share = alike / whole * len(pairs) / (len(pairs) + _UNPROVEN / months)
    found: dict[int, list[float]] = {}
    for month, value in away.items():
        found.setdefault(month % YEAR + 1, []).append(value)
    # the mean of two likenesses of r tells 2r / (1 + r) of what is behind them, one alone r
    return {
        month: sum(values) / len(values) * len(values) * share / (1 + (len(values) - 1) * share)
        for month, values in found.items()
    }


def far_off(errors: Sequence[float], pooled: float, against: float) -> float:
    """The distance within which four bills of five were; few own errors lean on `pooled`, which counts as `against`."""
    own = sorted(abs(error) for error in errors)
    if not own:
        return pooled
    place = 0.8 * (len(own) - 1)
    low = int(place)
    quantile = own[low] + (place - low) * (own[min(low + 1, len(own) - 1)] - own[low])
    return (quantile * len(own) + pooled * against) / (len(own) + against)


def ranged(amount: int, distance: float, ahead: int) -> tuple[int, int]:
    """The 80% range of the bill after next `ahead` bills, in minor units."""
    wide = distance * (1 + _AHEAD * ahead)
    return max(1, round(amount * exp(-wide))), round(amount * exp(wide))
