"""What the filter bar offers: each value that is there, to everybody what they may see."""

from datetime import date

import pytest

from data_access.queries.dimensions import FilterOptions, currencies_in, filter_options
from data_access.scope import Scope
from domain.filters import Filters
from tests import factories as make

ALL = Scope.all_sites()


@pytest.fixture
def places(database):
    """Three sites with accounts of three vendors, and a vendor and a site without any."""
    ids = {code: make.site(database, code, name=name, region=region) for code, name, region in PLACES}
    vendors = {name: make.vendor(database, name) for name in ("Tamarack", "Basalt", "Marlow", "Nobody")}
    for code, vendor, number, service_type, currency in (
        ("C", "Basalt", "1", "water", "USD"),
        ("C", "Basalt", "2", "", "USD"),
        ("A", "Basalt", "3", "voice", "EUR"),
        ("A", "Tamarack", "4", "water", "CHF"),
        ("B", "Marlow", "5", "power", "USD"),
    ):
        more = {"service_type": service_type, "currency": currency}
        make.account(database, ids[code], vendors[vendor], number, **more)
    return ids


PLACES = [("A", "North Depot", "North"), ("B", "Depot", "South"), ("C", "Depot", "North"), ("D", "Yard", "")]


def test_each_value_once_and_in_order(database, places):
    assert places
    with database.reading(ALL) as connection:
        assert filter_options(connection, ALL) == FilterOptions(
            regions=("North", "South"),
            site_count=4,
            vendors=("Basalt", "Marlow", "Tamarack"),
            service_types=("power", "voice", "water"),
            currencies=("CHF", "EUR", "USD"),
        )
        assert currencies_in(connection, ALL, Filters(date(2026, 1, 5))) == ["CHF", "EUR", "USD"]
        assert currencies_in(connection, ALL, Filters(date(2026, 1, 5), vendors=("Basalt",))) == ["EUR", "USD"]


def test_who_sees_some_sites_is_offered_what_is_there(database, places):
    scope = Scope.of([places["C"], places["D"]])
    with database.reading(scope) as connection:
        assert filter_options(connection, scope) == FilterOptions(
            regions=("North",),
            site_count=2,
            vendors=("Basalt",),
            service_types=("water",),
            currencies=("USD",),
        )
        assert currencies_in(connection, scope, Filters(date(2026, 1, 5))) == ["USD"]


@pytest.mark.parametrize("scope", [ALL, Scope.of([])], ids=["everything", "nothing"])
def test_of_nothing_there_is_nothing(database, scope):
    with database.reading(scope) as connection:
        assert filter_options(connection, scope) == FilterOptions((), 0, (), (), ())
        assert currencies_in(connection, scope, Filters(date(2026, 1, 5))) == []
