"""Chances set against what happened: a logistic fit of three terms, held near 'as said' while there are few examples."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

_ROUNDS, _SETTLED = 60, 1e-6  # Newton steps, a term at a time, until none moves
_HOLD = 4.0  # how strongly each term is held to _AS_SAID
_AS_SAID = (0.0, 1.0, 0.0)
_FURTHEST = 30.0  # log odds beyond which nothing is told apart
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
    values = np.array([_values(saying) for saying, _ in outcomes], dtype=np.float64).reshape(-1, len(_AS_SAID))
    happened = np.array([late for _, late in outcomes], dtype=np.float64)
    terms = np.array(_AS_SAID)
    for _ in range(_ROUNDS):
        before = terms.copy()
        for index, held_at in enumerate(_AS_SAID):
            chance = 1 / (1 + np.exp(-np.clip(values @ terms, -_FURTHEST, _FURTHEST)))
            slope = -_HOLD * (terms[index] - held_at) + ((happened - chance) * values[:, index]).sum()
            bend = _HOLD + (chance * (1 - chance) * values[:, index] ** 2).sum()
            terms[index] += slope / bend
        if np.abs(terms - before).max() < _SETTLED:
            break
    return Calibration(tuple(terms.tolist()))


def log_odds(chance: float) -> float:
    """ln(p / (1 - p)); 0 < p < 1."""
    return math.log(chance / (1 - chance))


def chance_of(odds: float) -> float:
    """The inverse of log_odds."""
    return 1 / (1 + math.exp(-max(-_FURTHEST, min(_FURTHEST, odds))))


def _values(saying: Saying) -> tuple[float, float, float]:
    return (1.0, log_odds(_within(saying.chance)), float(saying.behind))


def _chance(terms: Sequence[float], values: Sequence[float]) -> float:
    return chance_of(sum(term * value for term, value in zip(terms, values, strict=True)))


def _within(chance: float) -> float:
    return min(_MOST, max(_LEAST, chance))
