"""How sites are called: by name and code, of everybody and of who sees some."""

import pytest

from data_access.queries.site_names import SiteName, site_names
from data_access.scope import Scope
from tests import factories as make

ALL = Scope.all_sites()
A, B, C, D = (
    SiteName("A", "North Depot", shared=False),
    SiteName("B", "Depot", shared=True),
    SiteName("C", "Depot", shared=True),
    SiteName("D", "Yard", shared=False),
)


@pytest.fixture
def places(database):
    return {site.code: make.site(database, site.code, name=site.name) for site in (D, C, B, A)}


def test_sites_that_share_a_name_are_told_apart_by_their_code(database, places):
    assert places
    with database.reading(ALL) as connection:
        assert site_names(connection, ALL) == (B, C, A, D)
    assert [site.called for site in (A, B, C)] == ["North Depot", "Depot (B)", "Depot (C)"]


@pytest.mark.parametrize(
    ("codes", "found"),
    [((), ()), (("A",), (A,)), (("D", "B"), (B, D)), (("B", "none"), (B,)), (("none",), ())],
)
def test_of_some_codes_those_are_told_and_also_whether_another_site_has_their_name(database, places, codes, found):
    assert places
    with database.reading(ALL) as connection:
        assert site_names(connection, ALL, codes) == found


def test_who_sees_one_of_two_sites_of_a_name_needs_no_code(database, places):
    scope = Scope.of([places["C"], places["D"]])
    with database.reading(scope) as connection:
        assert site_names(connection, scope) == (SiteName("C", "Depot", shared=False), D)
        assert site_names(connection, scope, ("B", "C")) == (SiteName("C", "Depot", shared=False),)
