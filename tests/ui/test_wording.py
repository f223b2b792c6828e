"""Findings: what they say, in the singular, for none, and for all."""

import pytest

from ui import wording


@pytest.mark.parametrize(
    ("overdue", "owed", "sentence"),
    [
        (0, 0, "Nothing is owed"),
        (0, 500, "Nothing is past due"),
        (500, 500, "Everything we owe is past due"),
        (61, 100, "61% of what we owe is past due"),
        (1, 1000, "Less than 1% of what we owe is past due"),
    ],
)
def test_the_share_past_due(overdue, owed, sentence):
    assert wording.past_due_share(overdue, owed) == sentence


@pytest.mark.parametrize(
    ("amount", "whole", "sentence"),
    [
        (100, 100, "Depot takes all of it"),
        (18, 100, "Depot takes 18%"),
        (10, 1000, "Depot takes 1%"),
        (9, 1000, "No site takes 1%"),
        (0, 1000, "Depot takes 0%"),
    ],
)
def test_who_takes_most(amount, whole, sentence):
    assert wording.leader("Depot", amount, whole, "takes", "site") == sentence


@pytest.mark.parametrize(
    ("amounts", "sentence"),
    [
        ([], "No site has any of the past due"),
        ([0, 0], "No site has any of the past due"),
        ([70], "The only site carries all of the past due"),
        ([70, 0, 0], "One site carries all of the past due"),
        ([10, 10, 10], "All 3 sites carry an equal part of the past due"),
        ([50, 10, 10, 10, 10, 10], "One of 6 sites carries half of the past due"),
        ([30, 25, 15, 15, 15], "2 of 5 sites carry half of the past due"),
        ([*[3] * 2_000, *[1] * 1_500], "1,250 of 3,500 sites carry half of the past due"),
        ([90, 5, 5], "One of 3 sites carries 90% of the past due"),
    ],
)
def test_concentration(amounts, sentence):
    assert wording.concentration(amounts, "site") == sentence


@pytest.mark.parametrize(
    ("now", "before", "sentence"),
    [
        (190, 100, "Past due is up 90% in a year"),
        (50, 100, "Past due is down 50% in a year"),
        (100, 100, "Past due is unchanged in a year"),
        (0, 0, "Past due is still nothing in a year"),
        (5, 0, "Past due rose from nothing in a year"),
        (0, 5, "Past due fell to nothing in a year"),
        (400, 100, "Past due is 4 times what it was a year ago"),
        (-5, 100, "Past due is down in a year"),
    ],
)
def test_change(now, before, sentence):
    assert wording.change_over(now, before, "Past due", "in a year") == sentence


def test_counting():
    assert wording.count(1, "bill") == "1 bill"
    assert wording.count(1200, "bill") == "1,200 bills"
    assert wording.counted(0, "bill") == "No bills"
    assert wording.counted(1, "bill") == "One bill"
    assert wording.counted(11, "bill") == "11 bills"
    assert wording.listed(["A"]) == "A"
    assert wording.listed(["A", "B"]) == "A and B"
    assert wording.listed(["A", "B", "C", "D"]) == "A, B and 2 more"
    assert [wording.ordinal(n) for n in (1, 2, 3, 4, 11, 12, 13, 21, 22, 31)] == [
        "1st", "2nd", "3rd", "4th", "11th", "12th", "13th", "21st", "22nd", "31st",
    ]  # fmt: skip


def test_billed_against_paid():
    say = wording.billed_against_paid
    assert say(0, 0, "USD", "in 13 months") == "Nothing was billed or paid in 13 months"
    assert say(100, 100, "USD", "in 13 months") == "We paid what was billed in 13 months"
    assert say(1000000, 999000, "USD", "in 13 months") == "We paid almost exactly what was billed in 13 months"
    assert say(1000000, 800000, "USD", "in 13 months") == "We paid $2,000 less than was billed in 13 months"
    assert say(800000, 1000000, "USD", "in 13 months") == "We paid $2,000 more than was billed in 13 months"


def test_due_soon():
    assert wording.due_soon(0, 0, "USD", 14) == "Nothing falls due in the next 14 days"
    assert wording.due_soon(1, 7000, "USD", 14) == "One bill, $70, falls due in the next 14 days"
    assert wording.due_soon(22, 1670900, "USD", 14) == "22 bills, $16,709, fall due in the next 14 days"
