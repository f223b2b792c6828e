"""Generated books, made once for the run: two days of the year and two random seeds, so that no luck is needed."""

from datetime import date

import pytest

from seed.demo import demo

ASKED = ((1, date(2026, 11, 20)), (2, date(2026, 2, 3)), (5, date(2027, 1, 1)))


@pytest.fixture(scope="session", params=ASKED, ids=lambda asked: f"seed {asked[0]} to {asked[1]}")
def asked(request):
    """(random seed, today)."""
    return request.param


@pytest.fixture(scope="session")
def today(asked):
    return asked[1]


@pytest.fixture(scope="session")
def books(asked):
    return demo(*asked)
