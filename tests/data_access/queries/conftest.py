"""One story that the tests of several queries tell."""

import pytest

from tests.stories import late_and_returned


@pytest.fixture
def story(database):
    """Ids by name; see tests/stories.py."""
    return late_and_returned(database)
