"""An account to keep books of."""

import pytest

from tests import factories as make
from tests.worked_examples.books import Books


@pytest.fixture
def books(database):
    """An internet account in dollars, 30 days' terms."""
    where = make.office(database)
    return Books(database, where["account_id"], where["site_id"], "A-100", "USD")
