"""Reads from a streaming replica: how old they are, whose changes they must have, what they may see, and when not."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select, text

from data_access.database import Database
from data_access.engines import DatabaseAddressError
from data_access.health import examine
from data_access.replica import PAUSE_S, Replica, Standing
from data_access.schema import sites
from data_access.scope import Scope
from tests.deploy.conftest import logins_on
from tests.deploy.test_postgresql_roles import manage
from tests.streaming import until
from ui import reads, sources
from ui.viewer import Viewer

pytestmark = pytest.mark.slow

EVERYTHING = Scope.all_sites()
NOW = datetime(2026, 11, 20, tzinfo=UTC)


@pytest.fixture(scope="module")
def logins(pair):
    made = logins_on(pair.primary)
    manage(made.owner, "init")
    return made


@pytest.fixture
def database(pair, logins):
    """What the app's login opens; the replica shows all that the primary has."""
    database = Database(logins.web, read_address=pair.replica_of(logins.web))
    pair.catch_up()
    yield database
    database.close()
    pair.release()


def add_site(database, actor, code):
    def work(writing):
        row = {"code": code, "name": code, "region": "North", "country": "US"}
        site_id = writing.connection.scalar(sites.insert().values(row).returning(sites.c.id))
        writing.record("add", "sites", site_id, site_id=site_id, after=row)
        return site_id

    return database.writing(actor, EVERYTHING, work)


def codes(source, scope=EVERYTHING):
    with source.reading(scope) as connection:
        return set(connection.scalars(select(sites.c.code)))


def serves(database, actor):
    return database.replica.serves(database.reader, actor)


def test_what_others_changed_may_be_missing_and_what_the_reader_changed_is_not(database, pair):
    site = add_site(database, "ana", "ONE")
    until(lambda: serves(database, "ana"))
    assert codes(database.replica) == {"ONE"}
    # Row-level security holds there too, and without a scope there is nothing.
    assert codes(database.replica, Scope.of([site + 1])) == set()
    assert codes(database.replica, Scope.of([site])) == {"ONE"}
    with database.replica.reader.connect() as connection, pytest.raises(Exception, match="permission denied"):
        connection.execute(text("SELECT code FROM sites"))

    pair.hold()
    add_site(database, "ana", "TWO")
    assert serves(database, "ana") is None
    behind = serves(database, "vera")
    assert behind.lag_s > 0
    assert codes(database.replica) == {"ONE"}
    # Another process has nothing to remember, and knows as much.
    other = Database(str(database.url.render_as_string(hide_password=False)), read_address=read_address(database))
    assert serves(other, "ana") is None
    assert isinstance(serves(other, "vera"), Standing)
    other.close()

    pair.release()
    pair.catch_up()
    assert serves(database, "ana").position > behind.position
    assert codes(database.replica) == {"ONE", "TWO"}


def read_address(database):
    return database.replica.url.render_as_string(hide_password=False)


def test_too_far_behind_or_down_it_is_left_alone(database, pair):
    add_site(database, "ana", "THREE")
    pair.catch_up()
    times = [100.0]
    strict = Replica(read_address(database), most_lag_s=0, clock=lambda: times[-1])
    until(lambda: strict.serves(database.reader, "vera"))
    assert strict.serves(database.reader, "vera").lag_s == 0
    pair.hold()
    add_site(database, "ana", "FOUR")
    assert strict.standing(database.reader, "vera").lag_s > 0
    assert strict.serves(database.reader, "vera") is None
    pair.release()
    pair.catch_up()
    until(lambda: strict.serves(database.reader, "vera"))

    pair.stop()
    assert strict.serves(database.reader, "vera") is None
    pair.start()
    pair.catch_up()
    assert strict.serves(database.reader, "vera") is None  # not asked again yet
    times.append(100.0 + PAUSE_S)
    until(lambda: strict.serves(database.reader, "vera"))
    strict.close()


def test_a_page_reads_the_primary_where_the_replica_breaks_off(database, pair, logins, monkeypatch):
    add_site(database, "ana", "FIVE")
    pair.catch_up()
    monkeypatch.setenv("DATABASE_URL", logins.web)
    monkeypatch.setenv("DATABASE_READ_URL", pair.replica_of(logins.web))
    vera = Viewer("vera", "viewer", EVERYTHING, NOW)
    until(lambda: serves(database, "vera"))
    sources.begin()
    monkeypatch.setitem(reads.PLAIN_READS, "freshness", follows)
    assert reads.plain("freshness", vera)
    monkeypatch.setitem(reads.PLAIN_READS, "ledger_totals", breaks_on_a_replica)
    assert reads.plain("ledger_totals", vera) == "primary"
    assert not reads.plain("freshness", vera)  # and the rest of the page with it
    sources.begin()
    assert not reads.plain("freshness", vera)  # the replica is left alone for a while
    sources.begin()
    reads.open_database.clear()


def follows(connection, _scope):
    return connection.scalar(text("SELECT pg_is_in_recovery()"))


def breaks_on_a_replica(connection, _scope):
    connection.execute(text("SELECT 1 / CASE WHEN pg_is_in_recovery() THEN 0 ELSE 1 END"))
    return "primary"


def looks(address, read_address):
    database = Database(address, read_address=read_address)
    found = {look.about: look for look in examine(database, None)}
    database.close()
    return found


def test_doctor_tells_the_lag_and_what_is_no_replica(database, pair, logins):
    there = pair.replica_of(logins.web)
    look = looks(logins.web, there)["replica"]
    assert (look.ok, "s behind" in look.found or look.found.endswith("nothing missing")) == (True, True)
    found = looks(logins.web, pair.replica_of(logins.superuser))
    assert not found["replica login"].ok
    assert "superuser" in found["replica login"].found
    assert looks(logins.web, there)["replica login"].ok
    assert "follows no primary" in looks(logins.web, logins.web)["replica"].found
    pair.hold()
    add_site(database, "ana", "SIX")
    assert "s behind" in looks(logins.web, there)["replica"].found
    pair.release()
    pair.stop()
    assert not looks(logins.web, there)["replica"].ok
    pair.start()
    assert "replica" not in looks(logins.web, None)


@pytest.mark.parametrize(
    ("address", "read_address", "words"),
    [
        ("sqlite:///x.db", "postgresql://localhost/x", "an SQLite file has no replica"),
        ("postgresql://localhost/x", "sqlite:///x.db", "only PostgreSQL has replicas"),
        ("postgresql://localhost/x", "nonsense", "DATABASE_READ_URL is not a database address"),
    ],
)
def test_an_address_that_cannot_be_a_replica_is_refused(address, read_address, words, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(DatabaseAddressError, match=words):
        Database(address, read_address=read_address)
