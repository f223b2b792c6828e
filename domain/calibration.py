"""Chances set against what happened: a logistic fit of three terms, held near 'as said' while there are few examples."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

_ROUNDS, _SETTLED = 60, 1e-6  # Newton steps, a term at a time, until none moves
_HOLD = 4.0  # how strongly each term is held to _AS_SAID
_AS_SAID = (0.0, 1.0, 0.0)
_LEAST, _MOST = 0.002, 0.998  # nothing that lies ahead is certain


@dataclass(frozen=True, slots=True)
class Saying:
    """A chance as said on a day, and whether the account had a bill past due on it."""

    chance: float
    behind: bool


@dataclass(frozen=True, slots=True)
class Calibration:
    """log odds = terms[0] + terms[1] x log odds as said + terms[2] where the account is behind."""

    terms: tuple[float, ...] = _AS_SAID

    def corrected(self, saying: Saying) -> float:
        """The chance that such sayings turned out to have."""
        return _within(_chance(self.terms, _values(saying)))


def calibrate(outcomes: Sequence[tuple[Saying, bool]]) -> Calibration:
    """The terms that fit best what was said and what came of it (was the bill late?)."""
    rows = [(_values(saying), float(late)) for saying, late in outcomes]
    terms = list(_AS_SAID)
    for _ in range(_ROUNDS):
        before = tuple(terms)
        for index, held_at in enumerate(_AS_SAID):
            slope, bend = -_HOLD * (terms[index] - held_at), _HOLD
            for values, late in rows:
                chance = _chance(terms, values)
                slope += (late - chance) * values[index]
                bend += chance * (1 - chance) * values[index] ** 2
            terms[index] += slope / bend
        if max(abs(term - was) for term, was in zip(terms, before, strict=True)) < _SETTLED:
            break
    return Calibration(tuple(terms))


def log_odds(chance: float) -> float:
    """ln(p / (1 - p)); 0 < p < 1."""
    return math.log(chance / (1 - chance))


def chance_of(odds: float) -> float:
    """The inverse of log_odds."""
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, odds))))


def _values(saying: Saying) -> tuple[float, float, float]:
    return (1.0, log_odds(_within(saying.chance)), float(saying.behind))


def _chance(terms: Sequence[float], values: Sequence[float]) -> float:
    return chance_of(sum(term * value for term, value in zip(terms, values, strict=True)))


def _within(chance: float) -> float:
    return min(_MOST, max(_LEAST, chance))
