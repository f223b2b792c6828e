"""Kept answers: one reader for all who ask the same, never another version, never more than there is room for."""

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import pytest

from ui.answers import Answers, own, weight_of


def test_a_version_is_read_once_and_the_next_takes_its_place():
    answers, reads = Answers(), []

    def read():
        reads.append(len(reads))
        return [reads[-1]], 7

    assert answers.fetched("a", 1, read).rows == [0]
    assert answers.fetched("a", 1, read).rows == [0]
    assert answers.fetched("a", 2, read).rows == [1]
    kept = answers.kept("a")
    assert (kept.version, kept.rows, kept.last_event) == (2, [1], 7)
    assert answers.kept("b") is None


def test_what_is_made_of_rows_goes_with_them():
    answers = Answers()
    first = answers.fetched("a", 1, lambda: ([3, 1], 0))
    assert first.made(sorted) == [1, 3]
    assert answers.kept("a").made(sorted) is first.made(sorted)
    assert first.made(max) == 3
    assert answers.fetched("a", 2, lambda: ([5, 4], 0)).made(sorted) == [4, 5]


def test_who_asks_the_same_meanwhile_waits_for_the_first():
    answers, going, may_end, reads = Answers(), threading.Event(), threading.Event(), []

    def read():
        reads.append(1)
        going.set()
        assert may_end.wait(10)
        return "rows", 0

    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(answers.fetched, "a", 1, read)
        assert going.wait(10)
        second = pool.submit(answers.fetched, "a", 1, read)
        may_end.set()
        assert {first.result(10).rows, second.result(10).rows} == {"rows"}
    assert len(reads) == 1


def test_a_failure_is_everybodys_and_not_kept():
    answers = Answers()

    def fail():
        raise OSError("away")

    with pytest.raises(OSError, match="away"):
        answers.fetched("a", 1, fail)
    assert answers.fetched("a", 1, lambda: ("rows", 0)).rows == "rows"


def test_the_least_used_go_when_there_are_too_many_or_they_are_too_long():
    answers = Answers(most=2, most_rows=10)
    for name in "abc":
        answers.fetched(name, 1, lambda: ([0], 0))
    assert [answers.kept(name) is not None for name in "abc"] == [False, True, True]
    answers.kept("b")
    answers.fetched("d", 1, lambda: ([0] * 7, 0))
    assert [answers.kept(name) is not None for name in "bcd"] == [True, False, True]
    answers.fetched("e", 1, lambda: ([0] * 50, 0))  # more than there is room for: kept alone
    assert [answers.kept(name) is not None for name in "bde"] == [False, False, True]
    answers.fetched("e", 2, lambda: ([0], 0))
    answers.fetched("f", 1, lambda: ([0] * 7, 0))
    assert answers.kept("e") is not None


def test_rows_are_counted_in_whatever_holds_them():
    @dataclass
    class Several:
        sites: list
        regions: dict

    assert [weight_of(rows) for rows in ([1, 2], {}, None, Several([1, 2, 3], {"a": 1}))] == [3, 1, 1, 7]


def test_the_list_is_the_askers_own():
    rows = [[1]]
    mine = own(rows)
    assert mine == rows
    assert mine is not rows
    assert mine[0] is rows[0]
