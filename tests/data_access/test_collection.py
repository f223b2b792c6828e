"""The collector is slowed only while somebody asks for it, however many do."""

import gc

from data_access.collection import collecting_rarely


def test_the_collector_goes_back_to_its_pace_when_the_last_one_ends():
    pace = gc.get_threshold()
    first, second = collecting_rarely(), collecting_rarely()
    first.__enter__()
    second.__enter__()
    slowed = gc.get_threshold()
    assert slowed > pace
    first.__exit__(None, None, None)
    assert gc.get_threshold() == slowed
    second.__exit__(None, None, None)
    assert gc.get_threshold() == pace
