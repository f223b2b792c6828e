"""The engine says what a slow reference says, to the cent; `python -m tests.domain.what_if.agreement 500` takes more cases."""

import pytest

from tests.domain.what_if.agreement import asked_differently, differences


@pytest.mark.parametrize("first", range(1001, 1025, 6))
def test_engine_and_reference_agree(first):
    assert {seed: found for seed in range(first, first + 6) if (found := differences(seed))} == {}


def test_they_ask_the_same_of_every_bill_to_keep_accounts_on():
    assert {seed: found for seed in range(1, 301) if (found := asked_differently(seed))} == {}
