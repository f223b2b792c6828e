"""Scores worked out by hand."""

from datetime import date

import pytest

from domain.outlook import Outlook
from domain.outlook_scores import Forecast, Tenth, area_under_curve, brier_score, forecasts, paid_by_expected, tenths
from domain.payment_habits import KnownBill

DAY, UNTIL = date(2026, 6, 1), date(2026, 8, 1)


def test_the_area_counts_pairs_and_half_of_ties():
    # Late 0.8 and 0.4, punctual 0.4 and 0.1: won, won, tied, won.
    assert area_under_curve([0.8, 0.4, 0.4, 0.1], [True, True, False, False]) == 3.5 / 4
    assert area_under_curve([0.1, 0.9], [True, False]) == 0
    assert area_under_curve([0.1, 0.9], [True, True]) is None


def test_the_brier_score_is_the_mean_squared_distance():
    assert brier_score([0.8, 0.4], [True, False]) == pytest.approx((0.04 + 0.16) / 2)
    assert brier_score([], []) is None


def test_tenths_are_equal_parts_from_the_lowest():
    said = [i / 20 for i in range(20)]
    parts = tenths(said, [i >= 10 for i in range(20)])
    assert [part.bills for part in parts] == [2] * 10
    assert parts[0] == Tenth(0.025, 0, 2)
    assert (parts[9].said, parts[9].late) == (pytest.approx(0.925), 1)
    assert tenths([], []) == []
    assert [part.bills for part in tenths([0.1, 0.2, 0.3], [True] * 3)] == [1, 1, 1]


def bill(number, account, due, settled):
    return KnownBill(number, account, "HQ", "Lumina", date(2026, 1, 1), due, settled)


def test_only_what_was_open_and_not_due_and_has_come_out_is_compared():
    past = [bill(1, 7, date(2026, 3, 1), date(2026, 3, 9)), bill(2, 7, date(2026, 4, 1), date(2026, 3, 9))]
    ahead = [bill(3, 7, date(2026, 6, 20), None), bill(4, 8, date(2026, 7, 31), None)]
    others = [bill(5, 8, date(2026, 5, 31), None), bill(6, 8, DAY, None), bill(9, 8, UNTIL, None)]
    outlooks = {b.id: Outlook(b.id, b.id / 10, None, ()) for b in (*ahead, *others)}
    outcomes = {b.id: b for b in (bill(3, 7, date(2026, 6, 20), date(2026, 6, 20)), ahead[1], *others)}
    made = forecasts([*past, *ahead, *others], DAY, outlooks, outcomes, UNTIL)
    # Account 7: one of two was late. Account 8: its bill of 31 May is late, of all three two.
    assert [(f.bill_id, f.said, f.yardstick, f.late) for f in made] == [(3, 0.3, 0.5, False), (4, 0.4, 1.0, True)]


def test_an_account_without_bills_past_due_is_measured_by_all_of_them():
    known = [bill(1, 7, date(2026, 3, 1), date(2026, 3, 9)), bill(3, 8, date(2026, 6, 20), None)]
    made = forecasts(known, DAY, {3: Outlook(3, 0.1, None, ())}, {3: known[1]}, UNTIL)
    assert [f.yardstick for f in made] == [1.0]
    made = forecasts(known[1:], DAY, {3: Outlook(3, 0.1, None, ())}, {3: known[1]}, UNTIL)
    assert [f.yardstick for f in made] == [0.5]


def test_days_to_expect_that_have_not_come_are_not_counted():
    def said(expected, settled):
        return Forecast(DAY, 1, 0.5, 0.5, True, expected, settled)

    june, july, august = date(2026, 6, 10), date(2026, 7, 10), date(2026, 8, 10)
    made = [
        said(july, june),
        said(july, july),
        said(june, july),
        said(june, None),
        said(august, june),
        said(None, june),
    ]
    assert paid_by_expected(made, UNTIL) == 2 / 4
    assert paid_by_expected([], UNTIL) is None
