"""Chances against outcomes: what was said too low is corrected, what was said well stays, few examples change little."""

import pytest

from domain.calibration import Saying, calibrate, chance_of, log_odds


def outcomes(said, late, of, behind=False):
    return [(Saying(said, behind), i < late) for i in range(of)]


def test_without_examples_a_chance_is_as_said():
    assert calibrate([]).corrected(Saying(0.3, False)) == pytest.approx(0.3)


def test_what_came_of_it_decides():
    fitted = calibrate([*outcomes(0.2, 160, 400), *outcomes(0.5, 280, 400)])
    assert fitted.corrected(Saying(0.2, False)) == pytest.approx(0.4, abs=0.01)
    assert fitted.corrected(Saying(0.5, False)) == pytest.approx(0.7, abs=0.01)


def test_an_account_that_is_behind_has_a_term_of_its_own():
    fitted = calibrate([*outcomes(0.3, 90, 300), *outcomes(0.3, 240, 300, behind=True)])
    assert fitted.corrected(Saying(0.3, False)) == pytest.approx(0.3, abs=0.04)
    assert fitted.corrected(Saying(0.3, True)) == pytest.approx(0.8, abs=0.04)


def test_a_handful_of_examples_changes_little():
    fitted = calibrate(outcomes(0.3, 2, 2))
    assert 0.3 < fitted.corrected(Saying(0.3, False)) < 0.5


def test_nothing_ahead_is_certain():
    fitted = calibrate([*outcomes(0.9, 500, 500), *outcomes(0.1, 0, 500)])
    assert fitted.corrected(Saying(0.999999, True)) == 0.998
    assert fitted.corrected(Saying(0.000001, False)) == 0.002


def test_odds_and_chances_are_inverse():
    assert chance_of(log_odds(0.37)) == pytest.approx(0.37)
    assert chance_of(-1000) < chance_of(1000) < 1
