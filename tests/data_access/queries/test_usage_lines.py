"""What lines used by month, paged; whom was called; and the export, on both databases."""

from datetime import UTC, date, datetime

import pytest

from data_access.exporting import as_csv
from data_access.queries.sheets import SHEETS
from data_access.queries.usage import usage_totals
from data_access.queries.usage_lines import line_mark, top_called, usage_lines
from data_access.scope import Scope
from domain.filters import Filters
from tests import factories as make

ALL = Scope.all_sites()
NOV_20 = Filters(as_of=date(2026, 11, 20))


@pytest.fixture(scope="module")
def two(shared_database):
    """Two accounts with a line each: calls around the end of October, data without a line, one call after the day."""
    lumina = make.vendor(shared_database)
    places = []
    for code, zone in (("SEA", "America/Los_Angeles"), ("AKL", "Pacific/Auckland")):
        site_id = make.site(shared_database, code, timezone=zone)
        place = {"account_id": make.account(shared_database, site_id, lumina, f"{code}-1"), "site_id": site_id}
        places.append(place | {"service_id": make.add(shared_database, "services", **place, identifier=f"{code} line")})
    seattle, auckland = places

    def used(place, day, hour, quantity, **values):
        voice = {"kind": "voice", "unit": "seconds", "to_number": "+18005550142"}
        at = datetime(2026, *day, hour, tzinfo=UTC)
        make.add(shared_database, "usage", **place | voice | {"started_at": at, "quantity": quantity} | values)

    used(seattle, (11, 1), 3, 60)  # 31 October in Seattle
    used(seattle, (11, 2), 20, 30, to_number="+18005559999", billed_s=30, cost=25)
    used(seattle, (11, 3), 20, 40)
    used(seattle | {"service_id": None}, (11, 3), 20, 5000, kind="data", unit="bytes", to_number="")
    used(auckland, (10, 31), 12, 600, to_number="+18005559999")  # 1 November in Auckland
    used(auckland, (11, 20), 20, 7000)  # 21 November in Auckland
    return shared_database, seattle, auckland


def lines(database, scope=ALL, filters=NOV_20, **arguments):
    with database.reading(ALL) as connection:
        return usage_lines(connection, scope, filters, **arguments)


def told(rows):
    return [(row.month, row.site, row.identifier, row.kind, row.records, row.quantity) for row in rows]


EXPECTED = [
    ("2026-11", "SEA", "", "data", 1, 5000),
    ("2026-11", "SEA", "SEA line", "voice", 2, 70),
    ("2026-11", "AKL", "AKL line", "voice", 1, 600),
    ("2026-10", "SEA", "SEA line", "voice", 1, 60),
]


def test_lines_by_the_sites_own_months(two):
    found = lines(two[0])
    assert told(found) == EXPECTED
    assert [(row.billed_s, row.cost) for row in found] == [(0, None), (30, 25), (0, None), (0, None)]


def test_pages_follow_each_other_without_a_gap(two):
    shown, mark = [], None
    while page := lines(two[0], after=mark, limit=1):
        shown += page
        mark = line_mark(page[-1])
    assert told(shown) == EXPECTED


def test_of_one_account_of_a_period_and_within_the_scope(two):
    database, seattle, auckland = two
    assert told(lines(database, account_id=auckland["account_id"])) == [EXPECTED[2]]
    assert told(lines(database, filters=Filters(as_of=date(2026, 11, 1)))) == EXPECTED[2:]
    assert told(lines(database, Scope.of([auckland["site_id"]]))) == [EXPECTED[2]]
    assert lines(database, Scope.of([auckland["site_id"]]), account_id=seattle["account_id"]) == []
    with database.reading(ALL) as connection:
        totals = usage_totals(connection, ALL, NOV_20, "month", account_id=seattle["account_id"])
    assert [(row.key, row.kind, row.quantity) for row in totals] == [
        ("2026-10", "voice", 60),
        ("2026-11", "data", 5000),
        ("2026-11", "voice", 70),
    ]


def test_most_called_are_masked_and_of_the_scope(two):
    database, seattle, _ = two
    with database.reading(ALL) as connection:
        everyone = top_called(connection, ALL, NOV_20)
        own = top_called(connection, Scope.of([seattle["site_id"]]), NOV_20, limit=1)
    assert [(row.number, row.records, row.quantity) for row in everyone] == [("••••9999", 2, 630), ("••••0142", 2, 100)]
    assert [(row.number, row.quantity) for row in own] == [("••••0142", 100)]


def test_the_export_has_every_line_and_no_whole_number(two):
    with two[0].reading(ALL) as connection:
        written = as_csv(SHEETS["usage"](connection, ALL, NOV_20)).decode("utf-8-sig")
    assert "2026-11,SEA,SEA site,Lumina,••••A1,SEA line,voice,2,70,seconds,30,USD,0.25" in written
    assert sum(line.startswith("2026-") for line in written.splitlines()) == len(EXPECTED)
    assert "+1800555" not in written


def test_a_site_of_the_same_zone_is_as_closed_as_any(database):
    """The windows are of the zones in scope, and so is the neighbour's."""
    lumina = make.vendor(database)
    for site_id in (make.site(database, "ONE"), make.site(database, "TWO")):
        place = {"account_id": make.account(database, site_id, lumina, f"N-{site_id}"), "site_id": site_id}
        at = datetime(2026, 11, 3, 12, tzinfo=UTC)
        make.add(database, "usage", **place, started_at=at, kind="voice", quantity=9, unit="seconds", to_number="12345")
    own = Scope.of([site_id])
    with database.reading(ALL) as connection:
        assert [row.site for row in usage_lines(connection, own, NOV_20)] == ["TWO"]
        assert [row.records for row in top_called(connection, own, NOV_20)] == [1]
        assert [row.records for row in usage_totals(connection, own, NOV_20, "month")] == [1]
