"""The call log on both databases: local days, filters, pages, corrections and what was paid."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import product
from random import Random

import pytest
from sqlalchemy import select, update

from data_access.queries import calls as calls_read
from data_access.queries.call_history import call_versions, payments_on_call
from data_access.queries.call_months import counted_months
from data_access.queries.calls import CallFilters, call_count, call_rows, call_words, calls_by_month
from data_access.queries.sheets import calls_sheet
from data_access.schema import call_days, sites
from data_access.scope import Scope
from domain.filters import Filters
from tests import factories as make

ALL = Scope.all_sites()
NOV_20 = Filters(as_of=date(2026, 11, 20))


def call(database, where, at, **values):
    return make.add(database, "calls", **where, started_at=at, **values)


@pytest.fixture
def two(database):
    """An office in Seattle and one in Auckland: eight hours behind UTC, thirteen ahead."""
    lumina = make.vendor(database)
    offices = []
    for code, zone in (("SEA", "America/Los_Angeles"), ("AKL", "Pacific/Auckland")):
        site_id = make.site(database, code, timezone=zone)
        offices.append({"account_id": make.account(database, site_id, lumina, f"{code}-1"), "site_id": site_id})
    return offices


def ids(database, filters=NOV_20, scope=ALL, **arguments):
    with database.reading(Scope.all_sites()) as connection:
        return [row.id for row in call_rows(connection, scope, filters, **arguments)]


def test_a_day_is_the_sites_own(database, two):
    seattle, auckland = two
    # 17:30 on the 20th in Seattle is the 21st in UTC; 08:00 on the 21st in Auckland is the 20th in UTC.
    late = call(database, seattle, datetime(2026, 11, 21, 1, 30, tzinfo=UTC))
    call(database, auckland, datetime(2026, 11, 20, 19, 0, tzinfo=UTC))
    noon = call(database, auckland, datetime(2026, 11, 19, 23, 0, tzinfo=UTC))
    assert ids(database) == [late, noon]
    assert ids(database, Filters(as_of=date(2026, 12, 1), since=date(2026, 11, 20), until=date(2026, 11, 21))) == [
        late,
        noon,
    ]
    assert ids(database, Filters(as_of=date(2026, 11, 19))) == []


def test_months_add_up_to_the_log(database, two):
    seattle, auckland = two
    # 31 October, 23:00 in Seattle; 1 November, 00:30 in Auckland; 2 November; one before the months asked for.
    call(database, seattle, datetime(2026, 11, 1, 6, 0, tzinfo=UTC), outcome="paid")
    call(database, auckland, datetime(2026, 10, 31, 11, 30, tzinfo=UTC), outcome="paid")
    call(database, seattle, datetime(2026, 11, 2, 20, 0, tzinfo=UTC), outcome="promised")
    call(database, seattle, datetime(2026, 8, 2, 20, 0, tzinfo=UTC), outcome="promised")
    with database.reading(Scope.all_sites()) as connection:
        months = calls_by_month(connection, ALL, NOV_20, first=date(2026, 9, 15))
        october = Filters(as_of=NOV_20.as_of, since=date(2026, 10, 1), until=date(2026, 11, 1))
        assert [(m.month, m.count, m.paid) for m in months] == [("2026-10", 1, 1), ("2026-11", 2, 1)]
        assert [m.count for m in calls_by_month(connection, ALL, october, first=date(2026, 1, 1))] == [1]
        paid = calls_by_month(connection, ALL, NOV_20, wanted=CallFilters(outcomes=("paid",)), first=date(2026, 9, 1))
        assert [m.month for m in paid] == ["2026-10", "2026-11"]
        assert calls_by_month(connection, ALL, Filters(NOV_20.as_of, search="nobody"), first=date(2026, 9, 1)) == []
        assert calls_by_month(connection, Scope.of([]), NOV_20, first=date(2026, 9, 1)) == []
        future = Filters(as_of=date(2026, 1, 1))
        assert calls_by_month(connection, ALL, future, first=date(2026, 9, 1)) == []


def test_months_counted_by_the_index_are_those_of_the_rows(database, two):
    seattle, auckland = two
    rng, made = Random(5), []
    for number in range(60):  # within two days of the turns of months
        at = datetime(2026, rng.choice((9, 10, 11)), 1, tzinfo=UTC) + timedelta(minutes=rng.randrange(-2880, 2880))
        corrects = {"amends_id": made.pop(0)} if number % 9 == 8 else {}
        where = seattle if corrects or number % 2 else auckland
        key = call(database, where, at, outcome=rng.choice(("paid", "promised")), **corrects)
        if where is seattle and not corrects:
            made.append(key)
    both = Scope.of([seattle["site_id"], auckland["site_id"]])
    with database.reading(ALL) as connection:
        here = connection.execute(select(sites).where(sites.c.id == seattle["site_id"])).one()
        days = (date(2026, 10, 1), date(2026, 10, 31), date(2026, 11, 20))
        for as_of, places in product(days, ({}, {"sites": (here.code,)}, {"regions": (here.region,)})):
            asked = Filters(as_of=as_of, **places)
            found = [calls_by_month(connection, scope, asked, first=date(2026, 8, 1)) for scope in (ALL, both)]
            assert found[0] == found[1]
            assert sum(month.count for month in found[0]) == call_count(
                connection, both, replace(asked, since=date(2026, 8, 1))
            )


def test_between_the_first_and_the_last_zone_each_site_turns_the_month_for_itself(database, two):
    seattle, auckland = two
    site_id, basin = make.site(database, "LON", timezone="Europe/London"), make.vendor(database, name="Basin Water")
    london = {"account_id": make.account(database, site_id, basin, "W-1", service_type="water"), "site_id": site_id}
    # London turns to November at midnight of UTC. Auckland has for thirteen hours then, and Seattle will in seven.
    for moment, outcome in (
        (datetime(2026, 10, 31, 23, 59, tzinfo=UTC), "promised"),
        (datetime(2026, 11, 1, tzinfo=UTC), "paid"),
    ):
        for where in (seattle, auckland, london):
            call(database, where, moment, outcome=outcome)
    # October: both of Seattle, and London's first. November: both of Auckland, and London's second.
    of_all, of_water = [("2026-10", 3, 1), ("2026-11", 3, 2)], [("2026-10", 1, 0), ("2026-11", 1, 1)]
    with database.reading(ALL) as connection:
        for filters, expected in ((NOV_20, of_all), (replace(NOV_20, service_types=("water",)), of_water)):
            months = calls_by_month(connection, ALL, filters, first=date(2026, 10, 1))
            assert [(m.month, m.count, m.paid) for m in months] == expected


def test_whole_days_of_months_are_those_that_are_kept(database, two):
    """And days that are not, within a month's turns and on the last one of the log, are counted."""
    seattle, _ = two
    for day in (1, 2, 10, 30):  # the first and the last are not whole in both zones
        call(database, seattle, datetime(2026, 11, day, 12, 0, tzinfo=UTC), outcome="paid")
    with database.writer.begin() as connection:
        connection.execute(update(call_days).values(calls=100, paid=20))
    november = Filters(as_of=date(2026, 11, 30), since=date(2026, 11, 1))
    with database.reading(ALL) as connection:
        months = calls_by_month(connection, ALL, november, first=date(2026, 11, 1))
        assert [(m.month, m.count, m.paid) for m in months] == [("2026-11", 202, 42)]
        assert [
            m.count
            for m in calls_by_month(connection, ALL, replace(november, vendors=("Lumina",)), first=date(2026, 11, 1))
        ] == [4]


def test_who_sees_some_sites_is_told_of_no_day_that_is_kept_of_all(database, two):
    seattle, auckland = two
    for where in (seattle, auckland):
        call(database, where, datetime(2026, 11, 10, 12, 0, tzinfo=UTC))
    own, months = Scope.of([seattle["site_id"]]), [date(2026, 11, 1)]
    with database.reading(own) as connection:
        found = counted_months(connection, own, NOV_20, months, ["America/Los_Angeles"], last=date(2026, 11, 20))
    assert found == {"2026-11": (1, 0)}


@pytest.mark.parametrize("corrected", [False, True])
def test_months_of_some_accounts_are_counted_by_the_index(database, two, corrected):
    seattle, auckland = two
    basin = make.vendor(database, name="Basin Water")
    own = {"service_type": "water", "currency": "NZD"}
    water = {**auckland, "account_id": make.account(database, auckland["site_id"], basin, "W-1", **own)}
    # In Auckland it is November from 31 October, 11:00 of UTC. Water: one of October, two of November, of which one paid.
    call(database, water, datetime(2026, 10, 31, 10, 59, tzinfo=UTC), outcome="paid")
    call(database, water, datetime(2026, 10, 31, 11, 0, tzinfo=UTC), outcome="promised")
    last = call(database, water, datetime(2026, 11, 9, 12, 0, tzinfo=UTC), outcome="paid")
    other = call(database, seattle, datetime(2026, 11, 9, 12, 0, tzinfo=UTC), outcome="paid")
    call(database, auckland, datetime(2026, 11, 10, 12, 0, tzinfo=UTC), outcome="paid")
    if corrected:  # one of each: what a correction replaced counts no more, and only for its own account
        call(database, water, datetime(2026, 11, 9, 12, 0, tzinfo=UTC), outcome="promised", amends_id=last)
        call(database, seattle, datetime(2026, 11, 9, 12, 0, tzinfo=UTC), outcome="paid", amends_id=other)
    of_water = [("2026-10", 1, 1), ("2026-11", 2, 0 if corrected else 1)]
    chosen = (
        {"service_types": ("water",)},
        {"currencies": ("NZD",)},
        {"vendors": ("Basin Water",)},
        {"accounts": (water["account_id"],)},
    )
    with database.reading(ALL) as connection:
        for some in chosen:
            months = calls_by_month(connection, ALL, replace(NOV_20, **some), first=date(2026, 10, 1))
            assert [(m.month, m.count, m.paid) for m in months] == of_water
        for code, expected in (("SEA", []), ("AKL", of_water)):
            asked = replace(NOV_20, service_types=("water",), sites=(code,))
            months = calls_by_month(connection, ALL, asked, first=date(2026, 10, 1))
            assert [(m.month, m.count, m.paid) for m in months] == expected


def test_no_more_calls_are_counted_than_are_told(database, two, monkeypatch):
    monkeypatch.setattr(calls_read, "COUNTED", 2)
    for day in range(1, 6):
        call(database, two[0], datetime(2026, 11, day, 20, tzinfo=UTC), outcome="paid")
    with database.reading(ALL) as connection:
        assert call_count(connection, ALL, NOV_20) == 3


def test_a_zone_that_nobody_knows_is_taken_for_utc(database):
    site_id = make.site(database, timezone="Mars/Olympus")
    where = {"account_id": make.account(database, site_id, make.vendor(database)), "site_id": site_id}
    last = call(database, where, datetime(2026, 11, 20, 23, 59, tzinfo=UTC))
    call(database, where, datetime(2026, 11, 21, 0, 0, tzinfo=UTC))
    assert ids(database) == [last]


def test_filters_search_scope_and_pages(database, two):
    seattle, auckland = two
    at = [datetime(2026, 11, day, 12, tzinfo=UTC) for day in range(1, 6)]
    paid = call(database, seattle, at[0], outcome="paid", purpose="payment", caller_verified="yes", agent="Dana 100%")
    asked = call(database, seattle, at[1], outcome="answered", purpose="question", notes="about 1000 lines")
    owed = call(database, auckland, at[2], outcome="promised", purpose="payment", promised_on=date(2026, 11, 30))
    later = call(database, auckland, at[3], outcome="no answer", follow_up_on=date(2026, 11, 9))
    same = call(database, auckland, at[3], outcome="no answer")
    assert ids(database) == [same, later, owed, asked, paid]
    assert ids(database, wanted=CallFilters(outcomes=("paid", "promised"))) == [owed, paid]
    assert ids(database, wanted=CallFilters(purposes=("payment",), verified=("yes",))) == [paid]
    assert ids(database, wanted=CallFilters(with_follow_up=True)) == [later, owed]
    assert ids(database, Filters(as_of=NOV_20.as_of, search="100%")) == [paid]
    assert ids(database, Filters(as_of=NOV_20.as_of, sites=("SEA",))) == [asked, paid]
    assert ids(database, scope=Scope.of([auckland["site_id"]])) == [same, later, owed]
    assert ids(database, account_id=seattle["account_id"]) == [asked, paid]
    first = ids(database, limit=2)
    assert first == [same, later]
    assert ids(database, limit=2, after=(at[3], later)) == [owed, asked]
    with database.reading(Scope.all_sites()) as connection:
        assert call_count(connection, ALL, NOV_20) == 5
        assert call_count(connection, ALL, NOV_20, wanted=CallFilters(outcomes=("no answer",))) == 2
        assert call_words(connection, Scope.of([seattle["site_id"]])) == {
            "outcome": ["answered", "paid"],
            "purpose": ["payment", "question"],
        }


def test_a_corrected_call_shows_as_its_correction_and_keeps_its_money(database, two):
    seattle, _ = two
    at = datetime(2026, 11, 10, 18, tzinfo=UTC)
    first = call(database, seattle, at, agent="Dan")
    kept = make.payment(database, seattle, date(2026, 11, 10), 5000, call_id=first)
    second = call(database, seattle, at, agent="Dana", amends_id=first)
    back = make.payment(database, seattle, date(2026, 11, 10), 700, call_id=second)
    third = call(database, seattle, at, agent="Dana R.", amends_id=second)
    make.payment(
        database, seattle, date(2026, 11, 15), 700, kind="reversal", reverses_id=back, method="ach", posted_on=None
    )
    with database.reading(Scope.all_sites()) as connection:
        (row,) = call_rows(connection, ALL, NOV_20)
        assert (row.id, row.agent, row.paid, row.returned) == (third, "Dana R.", 5000, 700)
        # The day before it came back, it was paid.
        (row,) = call_rows(connection, ALL, Filters(as_of=date(2026, 11, 14)))
        assert (row.paid, row.returned) == (5700, 0)
        for any_version in (first, second, third):
            versions = call_versions(connection, ALL, any_version, as_of=NOV_20.as_of)
            assert [(v.id, v.agent) for v in versions] == [(first, "Dan"), (second, "Dana"), (third, "Dana R.")]
            made = payments_on_call(connection, ALL, any_version, as_of=NOV_20.as_of)
            assert [(p.id, p.status) for p in made] == [(kept, "posted"), (back, "returned")]
        assert call_versions(connection, Scope.of([]), third, as_of=NOV_20.as_of) == []
        assert payments_on_call(connection, Scope.of([]), third, as_of=NOV_20.as_of) == []
        assert call_versions(connection, ALL, 999, as_of=NOV_20.as_of) == []


def test_the_exported_log_is_what_is_shown(database, two):
    seattle, auckland = two
    call(database, seattle, datetime(2026, 11, 21, 1, 30, tzinfo=UTC), outcome="paid", number="+12065550100")
    call(database, auckland, datetime(2026, 11, 10, tzinfo=UTC), outcome="promised")
    with database.reading(Scope.all_sites()) as connection:
        sheet = calls_sheet(connection, ALL, NOV_20, CallFilters(outcomes=("paid",)))
    assert [row[0] for row in sheet.rows] == [datetime(2026, 11, 20, 17, 30)]
    assert len(sheet.columns) == len(sheet.rows[0])
    assert "Outcome: paid" in sheet.about
    assert sheet.rows[0][sheet.columns.index("Account")] == "••••A1"
