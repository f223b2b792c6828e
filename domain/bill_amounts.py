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
_WEIGHTS = [_FADES**back for back in range(_LATELY - 1, -1, -1)]
_STANDS_OUT = 2.5  # spreads from the middle of the last bills: no part of the level
_LEAST_SPREAD = 0.01
_PAIRS = 6  # bills with one of the same month a year before, below which neither growth nor season is told
_UNPROVEN = 3.0  # pairs of no likeness that the season of one account is weighed against
_GROWTH_KEPT, _MOST_GROWTH = 0.6, 0.3  # of what was seen in a year; a year
_FIRST, _COMPARED = 3, 12  # bills before the first that is foreseen in looking back, and how many of the last are
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


@dataclass(frozen=True, slots=True)
class Series:
    """An account's bills in logarithms by month (counted from year 0), and how far each is from the account's own line."""

    known: Sequence[tuple[int, float]]
    months: int  # from one bill to the next
    growth: float  # a month
    away: dict[int, float]


def series(bills: Sequence[tuple[int, int]], months: int) -> Series:
    """`bills`: (month, amount), the oldest first, at least one."""
    known = [(month, log(amount)) for month, amount in bills]
    growth = _growth(known)
    flat = {month: value - growth / _GROWTH_KEPT * month for month, value in known}
    middle = median(flat.values())
    return Series(known, months, growth, {month: value - middle for month, value in flat.items()})


def shared_season(every: Sequence[Series]) -> dict[int, float]:
    """What accounts that are alike have in common."""
    by_month: dict[int, list[float]] = {}
    for one in every:
        for month, value in one.away.items():
            by_month.setdefault(month, []).append(value)
    return _season({month: sum(values) / len(values) for month, values in by_month.items()}, 1)


def learn(own: Series, shared: dict[int, float]) -> Amounts:
    """The season of an account is as much of the shared one as it shows, and what else repeats."""
    against = [(value, shared.get(month % YEAR + 1, 0.0)) for month, value in own.away.items()]
    whole = sum(b * b for _, b in against)
    part = min(2.0, max(0.0, sum(a * b for a, b in against) / whole)) if whole else 0.0
    rest = {month: value - part * shared.get(month % YEAR + 1, 0.0) for month, value in own.away.items()}
    season = _season(rest, own.months)
    for month, value in shared.items():
        season[month] = season.get(month, 0.0) + part * value
    growth = own.growth
    plain = [(month, value - season.get(month % YEAR + 1, 0.0)) for month, value in own.known]
    errors = tuple(
        plain[n][1] - _level(plain[max(0, n - _LATELY) : n], growth, plain[n][0])
        for n in range(max(_FIRST, len(plain) - _COMPARED), len(plain))
    )
    last = own.known[-1][0]
    return Amounts(_level(plain[-_LATELY:], growth, last), growth, season, last, errors)


def _level(known: Sequence[tuple[int, float]], growth: float, month: int) -> float:
    """As of `month`, from bills without their season."""
    values = [value + growth * (month - then) for then, value in known]
    weights = _WEIGHTS[-len(values) :]
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


def _season(away: dict[int, float], months: int) -> dict[int, float]:
    """By month of the year, as far as one year repeats the other."""
    pairs = [(value, away[month - YEAR]) for month, value in away.items() if month - YEAR in away]
    if months * 2 > YEAR // 2 or len(pairs) < _PAIRS // months:
        return {}
    alike = sum(a * b for a, b in pairs)
    whole = sum(a * a + b * b for a, b in pairs) / 2
    if alike <= 0:
        return {}
    share = alike / whole * len(pairs) / (len(pairs) + _UNPROVEN / months)
    found: dict[int, list[float]] = {}
    for month, value in away.items():
        found.setdefault(month % YEAR + 1, []).append(value)
    # the mean of two likenesses of r tells 2r / (1 + r) of what is behind them, one alone r
    return {month: sum(values) * share / (1 + (len(values) - 1) * share) for month, values in found.items()}


def far_off(errors: Sequence[float], pooled: float, against: float) -> float:
    """The distance within which four bills of five were; few own errors lean on `pooled`, which counts as `against`."""
    own = sorted(abs(error) for error in errors)
    if not own:
        return pooled
    place = 0.8 * (len(own) - 1)
    low = int(place)
    quantile = own[low] + (place - low) * (own[min(low + 1, len(own) - 1)] - own[low])
    return (quantile * len(own) + pooled * against) / (len(own) + against)


def widened(distance: float, ahead: int) -> float:
    """For the bill after next `ahead` bills."""
    return max(_LEAST_SPREAD / 3, distance) * (1 + _AHEAD * ahead)


def ranged(amount: int, distance: float, ahead: int) -> tuple[int, int]:
    """The 80% range of such a bill, in minor units."""
    wide = widened(distance, ahead)
    return max(1, round(amount * exp(-wide))), round(amount * exp(wide))
