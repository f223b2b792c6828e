"""The engine says what a slow reference says, to the cent; `python -m tests.domain.what_if.agreement 500` takes more cases."""

import pytest

from tests.domain.what_if.agreement import differences


@pytest.mark.parametrize("first", range(1001, 1025, 6))
def test_engine_and_reference_agree(first):
    assert {seed: found for seed in range(first, first + 6) if (found := differences(seed))} == {}
