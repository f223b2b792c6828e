"""An account to keep books of, and a database for many stories, on each engine."""

import shutil

import pytest

from data_access.database import Database
from tests import factories as make
from tests.worked_examples.books import Books


@pytest.fixture
def books(database):
    """An internet account in dollars, 30 days' terms."""
    where = make.office(database)
    return Books(database, where["account_id"], where["site_id"], "A-100", "USD")


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def shared_database(request, tmp_path_factory):
    """A migrated database for all tests of a module."""
    if request.param == "sqlite":
        path = tmp_path_factory.mktemp("shared") / "ledger.db"
        shutil.copyfile(request.getfixturevalue("sqlite_ledger"), path)
        database = Database(f"sqlite:///{path}")
        yield database
        database.close()
        return
    with request.getfixturevalue("postgres_ledgers").lent() as address:
        database = Database(address)
        yield database
        database.close()
