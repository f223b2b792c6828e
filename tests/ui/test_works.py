"""Reads that take minutes: one for all who ask the same, told of while it runs, given up when nobody asks."""

from threading import Event

import pytest

from ui.works import LONELY_S, GivenUpError, Works


def test_who_asks_the_same_waits_for_the_same_one():
    works, made, going = Works(), [], Event()

    def make(told):
        going.wait(60)
        made.append(1)
        return len(made)

    one, other = works.begun("key", make), works.begun("key", make)
    assert one is other
    assert not one.wait(0)
    going.set()
    assert works.begun("another", make).future.result(timeout=60) == 2  # one at a time
    assert works.begun("key", make).future.result(timeout=60) == 1
    works.forget("key")
    assert works.begun("key", make).future.result(timeout=60) == 3


def test_what_nobody_asks_for_any_more_is_given_up_and_begun_anew_when_somebody_does():
    works, there, going = Works(), Event(), Event()

    def make(told):
        there.set()
        going.wait(60)
        told(0.5)
        return "made"

    work = works.begun("key", make)
    assert there.wait(60)
    work.asked -= LONELY_S + 1
    going.set()
    assert isinstance(work.future.exception(timeout=60), GivenUpError)
    again = works.begun("key", make)
    assert again is not work
    assert again.future.result(timeout=60) == "made"
    assert again.share == 0.5


def test_a_failure_is_told_to_who_asks():
    def make(told):
        raise ValueError("wrong")

    with pytest.raises(ValueError, match="wrong"):
        Works().begun("key", make).future.result(timeout=60)
