"""Cached reads: never another viewer's rows, never yesterday's, never another database's."""

from datetime import UTC, date, datetime

import pytest

from data_access.scope import Scope
from domain.filters import Filters
from tests import factories as make
from ui import reads
from ui.viewer import Viewer

DAY = date(2026, 11, 20)
FILTERS = Filters(as_of=DAY)


def viewer(*site_ids):
    scope = Scope.of(site_ids) if site_ids else Scope.all_sites()
    return Viewer("tester", "viewer", scope, datetime(2026, 11, 20, tzinfo=UTC))


@pytest.fixture
def two_sites(database, ledger_address, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", ledger_address)
    vendor = make.vendor(database)
    sites = {}
    for code, amount in (("A", 100), ("B", 200)):
        site = make.site(database, code)
        account = make.account(database, site, vendor, f"{code}-1")
        make.invoice(database, {"account_id": account, "site_id": site}, code, DAY, DAY, amount)
        sites[code] = site
    return sites


def outstanding(viewer, **filters):
    return {row.key: row.outstanding for row in reads.aging(viewer, Filters(as_of=DAY, **filters), "site")}


def test_each_scope_has_its_own_rows_whoever_asks_first(two_sites):
    assert outstanding(viewer()) == {"A": 100, "B": 200}
    assert outstanding(viewer(two_sites["A"])) == {"A": 100}
    assert outstanding(viewer(two_sites["B"])) == {"B": 200}
    assert outstanding(Viewer("none", "viewer", Scope.of([]), datetime(2026, 11, 20, tzinfo=UTC))) == {}


def test_each_filter_and_argument_has_its_own_rows(two_sites):
    assert outstanding(viewer(), sites=("A",)) == {"A": 100}
    assert outstanding(viewer(), sites=("B",)) == {"B": 200}
    by_region = reads.aging(viewer(), FILTERS, "region")
    assert [row.key for row in by_region] == ["North"]


def test_a_commit_by_anybody_is_seen_at_once(two_sites, database):
    assert outstanding(viewer())["A"] == 100
    account = reads.filtered("account_rows", viewer(), FILTERS)[0].id
    make.invoice(database, {"account_id": account, "site_id": two_sites["A"]}, "later", DAY, DAY, 50)
    assert outstanding(viewer())["A"] == 150


def test_what_one_asker_does_with_a_list_is_not_seen_by_another(two_sites):
    rows = reads.aging(viewer(), FILTERS, "site")
    rows.clear()
    assert outstanding(viewer()) == {"A": 100, "B": 200}


def test_another_database_is_another_answer(two_sites, sqlite_ledger, monkeypatch):
    assert outstanding(viewer())
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{sqlite_ledger}")
    assert outstanding(viewer()) == {}


def test_the_whole_question_is_the_key():
    fields = reads.Question.__dataclass_fields__
    assert set(fields) == {"name", "address", "replica", "scope", "filters", "version", "arguments"}
    one = reads.Question("aging", "sqlite:///x", False, Scope.of([1]), FILTERS, 1, (("by", "site"),))
    for other in (
        reads.Question("history", "sqlite:///x", False, Scope.of([1]), FILTERS, 1, (("by", "site"),)),
        reads.Question("aging", "sqlite:///y", False, Scope.of([1]), FILTERS, 1, (("by", "site"),)),
        reads.Question("aging", "sqlite:///x", True, Scope.of([1]), FILTERS, 1, (("by", "site"),)),
        reads.Question("aging", "sqlite:///x", False, Scope.of([2]), FILTERS, 1, (("by", "site"),)),
        reads.Question("aging", "sqlite:///x", False, Scope.of([]), FILTERS, 1, (("by", "site"),)),
        reads.Question("aging", "sqlite:///x", False, Scope.all_sites(), FILTERS, 1, (("by", "site"),)),
        reads.Question(
            "aging", "sqlite:///x", False, Scope.of([1]), Filters(as_of=DAY, search="a"), 1, (("by", "site"),)
        ),
        reads.Question("aging", "sqlite:///x", False, Scope.of([1]), FILTERS, 2, (("by", "site"),)),
        reads.Question("aging", "sqlite:///x", False, Scope.of([1]), FILTERS, 1, (("by", "vendor"),)),
    ):
        assert other != one
        assert (other.subject == one.subject) == (other.version != one.version)


def test_what_is_made_of_rows_is_made_once_and_of_the_askers_own(two_sites):
    made = []

    def names(rows):
        made.append(sorted(row.key for row in rows))
        return made[-1]

    def of(*site_ids):
        return reads.made(names, "aging", viewer(*site_ids), FILTERS, by="site")

    assert of() == ["A", "B"]
    assert of() is made[0]
    assert of(two_sites["A"]) == ["A"]
    assert of(two_sites["B"]) == ["B"]
    assert of() is made[0]
    assert len(made) == 3


def test_a_database_without_schema_is_refused_with_what_to_do(tmp_path, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'empty.db'}")
    with pytest.raises(reads.SchemaError, match="no schema"):
        reads.options(viewer())
