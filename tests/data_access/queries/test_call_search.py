"""The log searched a stretch at a time finds what a search of all of it finds, on both databases."""

import random
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from data_access.queries import call_search
from data_access.queries.call_search import found_calls
from data_access.queries.calls import EVERY_CALL, CallFilters, call_rows
from data_access.scope import Scope
from domain.filters import Filters
from tests import factories as make

ALL = Scope.all_sites()
TODAY = Filters(as_of=date(2026, 11, 20))
WORDS = ("refund", "line down", "100%", "MOVED", "x_y")


@pytest.fixture
def log(database):
    """Forty calls of three sites in three months, some at the same moment, some corrected."""
    dice = random.Random(5)
    vendors = [make.vendor(database, name) for name in ("Lumina", "Refund Telecom")]
    where = []
    for n, code in enumerate(("SEA", "AKL", "OSL")):
        site_id = make.site(database, code, timezone=("America/Los_Angeles", "Pacific/Auckland", "UTC")[n])
        account = make.account(database, site_id, vendors[n == 2], f"77-{n}{n}34-900{n}")
        where.append({"account_id": account, "site_id": site_id})
    for _ in range(40):
        at = datetime(2026, 9, 1, tzinfo=UTC) + timedelta(days=dice.randrange(85), hours=dice.choice((0, 1, 12)))
        values = {"agent": dice.choice(("Dana", "Ola")), "notes": f"about {dice.choice(WORDS)}"}
        values |= {"outcome": dice.choice(("paid", "promised")), "number": dice.choice(("", "+12065550100"))}
        if dice.random() < 0.2:
            values |= {"follow_up_on": date(2026, 12, 1)}
        made = dice.choice(where)
        call = make.add(database, "calls", **made, started_at=at, **values)
        if dice.random() < 0.2:
            make.add(database, "calls", **made, started_at=at, **values | {"amends_id": call, "notes": "corrected"})
    return where


def _walked(connection, scope, filters, **more):
    """Every page from the newest on, as its buttons lead."""
    pages, mark = [], None
    while True:
        found = found_calls(connection, scope, filters, everywhere=True, after=mark, limit=6, **more)
        shown = found.rows[:5]
        pages.append(shown)
        if len(found.rows) > len(shown):
            mark = (shown[-1].started_at, shown[-1].id)
        elif found.until is None:
            return pages
        else:
            mark = found.until


SEARCHES = [
    (replace(TODAY, search="Refund"), EVERY_CALL),  # in notes, and a vendor's name
    (replace(TODAY, search="100%"), EVERY_CALL),
    (replace(TODAY, search="x_y", since=date(2026, 10, 1), until=date(2026, 11, 1)), EVERY_CALL),
    (replace(TODAY, search="akl"), EVERY_CALL),
    (replace(TODAY, search="9002"), EVERY_CALL),
    (replace(TODAY, search="nobody says this"), EVERY_CALL),
    (replace(TODAY, search="moved", regions=("North",)), CallFilters(outcomes=("paid",))),
    (Filters(as_of=date(2026, 10, 20), search="555"), CallFilters(verified=("",))),
    (TODAY, CallFilters(outcomes=("promised",), with_follow_up=True)),
]


@pytest.mark.parametrize(("stretch", "few"), [(9, 0), (9, 200), (1_000, 200)])
def test_all_stretches_together_are_the_whole_search(database, log, monkeypatch, stretch, few):
    monkeypatch.setattr(call_search, "LOOKED_AT", stretch)
    monkeypatch.setattr(call_search, "FEW", few)
    own = Scope.of([log[0]["site_id"], log[2]["site_id"]])
    with database.reading(ALL) as connection:
        for filters, wanted in SEARCHES:
            for scope in (ALL, own):
                every = {row.id: row for row in call_rows(connection, scope, filters, wanted=wanted)}
                pages = _walked(connection, scope, filters, wanted=wanted)
                assert {row.id: row for page in pages for row in page} == every
                for page in pages:
                    marks = [(row.started_at, row.id) for row in page]
                    assert marks == sorted(marks, reverse=True)


def test_both_ways_round_and_back(database, log, monkeypatch):
    monkeypatch.setattr(call_search, "LOOKED_AT", 20)
    filters = replace(TODAY, search="refund")
    with database.reading(ALL) as connection:
        rows = call_rows(connection, ALL, filters)
        every = [row.id for row in rows]
        first = found_calls(connection, ALL, filters, everywhere=True, sort="started_at", limit=4)
        assert [row.id for row in first.rows] == every[::-1][:4]
        mark = (rows[5].started_at, rows[5].id)
        back = found_calls(connection, ALL, filters, everywhere=True, before=mark, limit=3)
        assert [row.id for row in back.rows] == every[2:5]
        assert back.until is None


def test_words_that_name_an_account_bring_its_calls_however_old(database, log, monkeypatch):
    monkeypatch.setattr(call_search, "LOOKED_AT", 2)
    with database.reading(ALL) as connection:
        for text, accounts in (("osl site", {2}), ("refund", {2}), ("77-1134-9001", {1}), ("Lumina", {0, 1})):
            found = found_calls(connection, ALL, replace(TODAY, search=text), limit=100)
            ids = {log[n]["account_id"] for n in accounts}
            assert list(found.rows) == [row for row in call_rows(connection, ALL, TODAY) if row.account_id in ids]
            assert (found.by_name, found.until) == (True, None)
        nobody = found_calls(connection, ALL, replace(TODAY, search="nobody"))
        assert (nobody.rows, nobody.by_name) == ((), False)
        assert nobody.until is not None
        hidden = found_calls(connection, Scope.of([log[0]["site_id"]]), replace(TODAY, search="osl site"))
        assert (hidden.rows, hidden.by_name) == ((), False)
