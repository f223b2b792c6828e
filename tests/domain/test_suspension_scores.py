"""What was said against what came of it, counted by hand."""

from datetime import date

import pytest

from domain.suspension import Window
from domain.suspension_scores import Course, Said, Score, overall, scores, settlements

D = date
FIRST, LATER = D(2026, 3, 1), D(2026, 12, 1)
WINDOW = Window(D(2026, 3, 28), D(2026, 3, 30), D(2026, 4, 4))
FOREVER = date.max


def said(day=FIRST, window=WINDOW, *, critical=False, owed=(1,), account_id=7):
    return Said("L USD", account_id, day, window, critical, owed)


def score(*told, suspended=(), settled=None, until=LATER):
    return overall(scores(told, {7: Course(tuple(suspended), settled or {})}, until))


@pytest.mark.parametrize(
    ("stopped", "close", "inside"),
    [
        (D(2026, 3, 30), 1, 1),
        (D(2026, 4, 2), 1, 1),  # three days late
        (D(2026, 4, 3), 0, 1),
        (D(2026, 4, 5), 0, 0),
        (D(2026, 3, 27), 1, 0),
    ],
)
def test_close_and_inside(stopped, close, inside):
    found = score(said(), suspended=[stopped])
    assert (found.told, found.close, found.inside) == (1, close, inside)


def test_without_a_window_it_was_not_foreseen():
    found = score(said(window=None), suspended=[D(2026, 3, 30)])
    assert (found.told, found.close, found.inside) == (1, 0, 0)


def test_the_last_month_before_it_decides_and_all_are_told():
    early = Window(D(2026, 1, 1), D(2026, 1, 2), D(2026, 1, 3))
    found = score(said(D(2026, 2, 1), early), said(), suspended=[D(2026, 3, 30)])
    assert (found.told, found.close, found.ahead, found.ahead_close) == (1, 1, 2, 1)
    assert score(said(), said(D(2026, 2, 1), early), suspended=[D(2026, 3, 30)]) == found  # in any order


@pytest.mark.parametrize(
    ("span", "told"),
    [
        ((D(2026, 3, 10), FOREVER), 0),  # paid
        ((D(2026, 3, 1), FOREVER), 0),  # on its way when it was said
        ((D(2026, 3, 1), D(2026, 3, 9)), 1),  # and came back
        ((D(2026, 4, 2), FOREVER), 1),  # paid once it was off
    ],
)
def test_a_payment_makes_it_moot(span, told):
    assert score(said(), suspended=[D(2026, 3, 30)], settled={1: (span,)}).told == told
    assert score(said(), suspended=[D(2026, 3, 30)], settled={2: (span,)}).told == 1  # of a bill that was not there


def test_a_mark_is_wrong_when_nothing_was_paid_and_nothing_happened():
    marked = said(critical=True)
    assert score(marked) == Score(marked=1, never=1)
    assert score(marked, suspended=[D(2026, 5, 1)]) == Score(suspensions=1, told=1, ahead=1, marked=1)
    assert score(marked, settled={1: ((D(2026, 4, 3), FOREVER),)}) == Score()
    assert score(marked, settled={1: ((D(2026, 4, 5), FOREVER),)}).never == 1  # too late to have kept it on
    assert score(marked, until=D(2026, 4, 4)) == Score()  # nobody knows yet
    assert score(said(D(2026, 4, 20), critical=True)).never == 1  # said after its window


def test_the_bars():
    good = Score(suspensions=100, told=100, close=90, inside=97, marked=100, never=4)
    assert good.missed() == []
    assert Score(told=100, close=89, inside=96, marked=100, never=5).missed() == [
        "within 3 days", "inside the window", "critical and never suspended"
    ]  # fmt: skip
    assert len(Score().missed()) == 3  # nothing was measured


def test_a_policy_each_and_all_together():
    courses = {7: Course((D(2026, 3, 30),), {}), 8: Course((), {})}
    found = scores([said(), Said("M", 8, D(2026, 3, 1), None, critical=False, owed=(1,))], courses, D(2026, 12, 1))
    assert {name: one.told for name, one in found.items()} == {"L USD": 1, "M": 0}
    assert overall(found).suspensions == 1


def test_when_a_bill_was_settled():
    applied = [(D(2026, 1, 5), 60), (D(2026, 1, 9), 40), (D(2026, 1, 14), -40), (D(2026, 2, 1), 40)]
    assert settlements(100, applied) == ((D(2026, 1, 9), D(2026, 1, 14)), (D(2026, 2, 1), FOREVER))
    assert settlements(101, applied) == ()
