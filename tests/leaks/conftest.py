"""The marked ledger, and people of every kind on it."""

from types import SimpleNamespace

import pytest

from data_access.database import Database
from data_access.schema import metadata
from data_access.scope import Scope
from tests import canaries
from tests.canaries import CANARIES

# One site, a region, two sites, none; and those who see everything.
SCOPES = {
    "one site": [1],
    "another site": [2],
    "two sites": [1, 3],
    "no site": [],
}


@pytest.fixture(scope="module")
def marked(shared_database: Database) -> SimpleNamespace:
    """.database with a canary in every site's rows, on each engine; .rows of it by table."""
    tables = canaries.fill(shared_database)
    rows = {name: rows for name, rows in tables.rows.items() if name in metadata.tables}
    return SimpleNamespace(database=shared_database, rows=rows)


@pytest.fixture(scope="module", params=sorted(SCOPES))
def site_ids(request: pytest.FixtureRequest) -> list[int]:
    """The sites of one of SCOPES."""
    return SCOPES[request.param]


@pytest.fixture(scope="module")
def scope(site_ids: list[int]) -> Scope:
    """The same as a scope."""
    return Scope.of(site_ids)


@pytest.fixture(scope="module")
def own(site_ids: list[int]) -> set[str]:
    """The canaries that may be seen."""
    return {CANARIES[site_id] for site_id in site_ids}
