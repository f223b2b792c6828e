"""What the list of people says somebody sees."""

import pytest

from data_access.queries.people import Person, PersonRow
from ui import people

NAMES = {f"S{n:04}": f"Site {n}" for n in range(1_500)}
CODES = tuple(NAMES)


@pytest.mark.parametrize(
    ("sites", "regions", "said"),
    [
        ((), (), ":orange[No site]"),
        (CODES[:2], (), "Site 0, Site 1"),
        (CODES[:3], (), "Site 0, Site 1, Site 2"),
        (CODES[:4], (), "Site 0, Site 1, Site 2 +1"),
        (CODES, (), "Site 0, Site 1, Site 2 +1,497"),
        (CODES[:4], ("North", "South"), "North, South, Site 0 +3"),
        ((), ("A", "B", "C", "D"), "A, B, C +1"),
    ],
)
def test_the_first_places_are_named_and_the_others_counted(sites, regions, said):
    row = PersonRow(Person(1, "ana@example.org", "Ana", "viewer", disabled=False, bound=True), sites, regions, None)
    assert people._sees(row, NAMES) == said
