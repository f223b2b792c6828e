"""What was found alive is left alone for a while, and looked at again after it: nothing that a session left stays for ever."""

import gc
import weakref

import pytest

from ui.collection import EVERYTHING_S, setting_apart


class Loop:
    """Only the collector can tell that nobody has it any more."""

    def __init__(self):
        self.itself = self


@pytest.fixture(autouse=True)
def set_apart_again():
    yield
    gc.freeze()  # what the other tests are made of


def test_what_is_alive_is_left_alone_until_the_time_has_passed():
    now = 0.0
    told = setting_apart(lambda: now)
    loop = Loop()
    kept = weakref.ref(loop)
    told("stop", {"generation": 2})
    del loop
    now = EVERYTHING_S - 1
    told("start", {"generation": 2})
    gc.collect()
    assert kept() is not None
    now = EVERYTHING_S
    told("start", {"generation": 2})
    gc.collect()
    assert kept() is None


def test_what_is_new_is_looked_at_as_ever():
    told = setting_apart(lambda: 0.0)
    told("stop", {"generation": 2})
    loop = Loop()
    kept = weakref.ref(loop)
    told("stop", {"generation": 1})
    del loop
    gc.collect()
    assert kept() is None
