"""The database's own half of the scope, tried with plain SQL: what a role sees, may write, and takes along (nothing)."""

import contextlib
import threading
from random import Random

import psycopg
import pytest
from sqlalchemy import func, insert, select, text
from sqlalchemy.exc import DBAPIError, ProgrammingError
from sqlalchemy.pool import QueuePool

from data_access.confinement import CONFINED, UNCONFINED, confine, looking_everywhere
from data_access.database import Database
from data_access.schema import accounts, audit_log, calls, import_batches, invoices, metadata, sites
from data_access.scope import Scope, ScopeRequiredError
from tests import canaries
from tests.conftest import NOW
from tests.soak import share

on_postgresql = pytest.mark.parametrize("dialect", ["postgresql"], indirect=True)
SITE_TABLES = (
    "sites accounts services invoices charges payments allocations disputes calls audit_log grants".split()  # noqa: SIM905
)
HERE, THERE = 1, 2


@pytest.fixture
def marked(database: Database) -> Database:
    canaries.fill(database)
    return database


def as_role(database, role, *settings):
    """A connection in a transaction of that role; rolled back by the caller's `with`."""
    connection = database.writer.connect()
    connection.begin()
    for statement in (f"SET LOCAL ROLE {role}", *settings):
        connection.exec_driver_sql(statement)
    return connection


def test_without_a_scope_nothing_is_read_or_written(database):
    for none in (None, "everything", {1}, True):
        with pytest.raises(ScopeRequiredError), database.reading(none):
            pass
        with pytest.raises(ScopeRequiredError):
            database.writing("ana", none, lambda writing: writing.record("look", "sites"))


@on_postgresql
def test_what_is_read_is_planned_for_its_own_values_and_what_is_written_as_ever(database):
    for scope in (Scope.all_sites(), Scope.of([1])):
        with database.reading(scope) as connection:
            assert connection.scalar(text("SHOW plan_cache_mode")) == "force_custom_plan"
            assert connection.scalar(text("SHOW random_page_cost")) == "2"
    with database.writer.begin() as connection:
        confine(connection, Scope.all_sites())
        assert connection.scalar(text("SHOW plan_cache_mode")) == "auto"
        assert connection.scalar(text("SHOW random_page_cost")) == "4"  # the server's


@on_postgresql
def test_absent_settings_mean_no_rows(marked):
    with as_role(marked, CONFINED) as connection:
        for table in (*SITE_TABLES, "users", "import_batches", "import_rejects"):
            assert connection.scalar(select(func.count()).select_from(metadata.tables[table])) == 0, table
        assert connection.scalar(text("SELECT count(*) FROM vendors")) == 3  # they belong to no site


@on_postgresql
@pytest.mark.parametrize("site", [HERE, THERE])
def test_plain_sql_sees_the_rows_of_the_sites_alone(marked, site):
    with marked.reading(Scope.of([site])) as connection:
        for table in metadata.tables.values():
            rows = connection.execute(select(table)).all()
            assert canaries.seen_in(rows) <= {canaries.CANARIES[site]}, table.name
        assert connection.scalar(select(func.count()).select_from(calls)) > 0
        assert connection.scalars(select(sites.c.id)).all() == [site]
    with marked.reading(Scope.of([])) as connection:
        assert connection.scalars(select(sites.c.id)).all() == []


@on_postgresql
def test_the_owner_is_held_to_it_too(marked, ledger_address):
    """FORCE: an owner that is no superuser sees nothing without changing into a role."""
    with psycopg.connect(ledger_address, autocommit=True) as connection:
        connection.execute("CREATE ROLE plain_owner NOLOGIN")
        try:
            connection.execute("ALTER TABLE invoices OWNER TO plain_owner")
            connection.execute("SET ROLE plain_owner")
            assert connection.execute("SELECT count(*) FROM invoices").fetchone() == (0,)
            connection.execute("RESET ROLE")
        finally:
            connection.execute("ALTER TABLE invoices OWNER TO CURRENT_USER")
            connection.execute("DROP ROLE plain_owner")


@on_postgresql
def test_nothing_is_written_outside_the_scope(marked):
    with marked.reading(Scope.all_sites()) as connection:
        other = connection.execute(select(accounts).where(accounts.c.site_id == THERE)).first()
        bill = connection.execute(select(invoices).where(invoices.c.site_id == THERE)).first()
    call = {"account_id": other.id, "site_id": THERE, "started_at": NOW}

    def logs_there(writing):
        writing.connection.execute(insert(calls), [call])
        writing.record("log", "calls")

    with pytest.raises(ProgrammingError, match="row-level security"):
        marked.writing("ana", Scope.of([HERE]), logs_there)

    def changes_there(writing):
        changed = writing.connection.exec_driver_sql(
            "UPDATE payments SET confirmation_number = 'X' WHERE site_id = %s", (THERE,)
        )
        applied = writing.connection.exec_driver_sql("UPDATE accounts SET terms_days = 1 WHERE id = %s", (other.id,))
        assert (changed.rowcount, applied.rowcount) == (0, 0)
        writing.record("look", "payments")

    marked.writing("ana", Scope.of([HERE]), changes_there)

    def tells_there(writing):
        writing.record("look", "invoices", bill.id, site_id=THERE)

    with pytest.raises(ProgrammingError, match="row-level security"):
        marked.writing("ana", Scope.of([HERE]), tells_there)


@on_postgresql
def test_an_account_does_not_move_out_of_sight(marked):
    def move(writing):
        writing.connection.exec_driver_sql(f"UPDATE accounts SET site_id = {THERE} WHERE site_id = {HERE}")

    with pytest.raises(ProgrammingError, match="row-level security"):
        marked.writing("ana", Scope.of([HERE]), move)


@on_postgresql
@pytest.mark.parametrize("role", [CONFINED, UNCONFINED])
def test_the_roles_can_do_no_more_than_they_need(marked, role):
    forbidden = [
        "TRUNCATE invoices",
        "TRUNCATE vendors CASCADE",
        "DROP TABLE calls",
        "ALTER TABLE calls DISABLE ROW LEVEL SECURITY",
        "ALTER TABLE calls DISABLE TRIGGER ALL",
        "DROP POLICY everything ON calls",
        "DELETE FROM audit_log",
        "UPDATE audit_log SET actor = 'x'",
        "DELETE FROM invoices",
        "SET LOCAL session_replication_role = replica",
        "CREATE TABLE mine (id int)",
        "UPDATE alembic_version SET version_num = '0000'",
    ]
    for statement in forbidden:
        with as_role(marked, role) as connection, pytest.raises(DBAPIError):
            connection.exec_driver_sql(statement)
    with marked.writer.connect() as connection:
        told = connection.exec_driver_sql(
            "SELECT rolsuper, rolbypassrls, rolcanlogin, rolcreaterole, rolcreatedb FROM pg_roles WHERE rolname = %s",
            (role,),
        ).one()
        owned = connection.exec_driver_sql(
            "SELECT count(*) FROM pg_class WHERE relowner = %s::regrole", (role,)
        ).scalar_one()
    assert (*told, owned) == (False, False, False, False, False, 0)


@on_postgresql
def test_who_sees_only_some_sites_sees_their_own_imports(marked):
    scope = Scope.of([HERE])
    row = {
        "kind": "calls", "source": "file", "file_name": "mine.csv", "sha256": "0", "rows_read": 0, "added": 0,
        "duplicate": 0, "rejected": 0, "actor": "ana", "imported_at": NOW,
    }  # fmt: skip

    def imports(writing):
        writing.connection.execute(insert(import_batches), [row])
        writing.record("import", "import_batches")

    marked.writing("ana", scope, imports)
    names = {}
    for actor in ("ana", "ben", ""):
        with marked.reading(scope, actor) as connection:
            names[actor] = connection.scalars(select(import_batches.c.file_name)).all()
    assert names == {"ana": ["mine.csv"], "ben": [], "": []}
    with pytest.raises(ProgrammingError, match="row-level security"):
        marked.writing("ben", scope, imports)


@on_postgresql
def test_the_trail_goes_on_from_an_event_that_the_writer_cannot_see(marked):
    with marked.reading(Scope.all_sites()) as connection:
        last = connection.scalar(select(func.max(audit_log.c.seq)))
    marked.writing("ana", Scope.of([HERE]), lambda w: w.record("look", "sites", HERE, site_id=HERE))
    marked.writing("ben", Scope.of([THERE]), lambda w: w.record("look", "sites", THERE, site_id=THERE))
    with marked.reading(Scope.all_sites()) as connection:
        told = connection.execute(select(audit_log).where(audit_log.c.seq >= last).order_by(audit_log.c.seq)).all()
    assert [row.seq for row in told] == [last, last + 1, last + 2]
    assert [row.prev_hash for row in told[1:]] == [row.hash for row in told[:-1]]
    with marked.reading(Scope.of([HERE])) as connection:
        assert set(connection.scalars(select(audit_log.c.site_id))) == {HERE}


@on_postgresql
def test_a_lookup_everywhere_ends_where_it_began(marked):
    scope = Scope.of([HERE])
    with marked.reading(scope) as connection:
        with looking_everywhere(connection, scope):
            assert connection.scalar(select(func.count()).select_from(sites)) == 3
        assert connection.scalar(select(func.count()).select_from(sites)) == 1


@on_postgresql
def test_an_actor_is_text_and_nothing_else(marked):
    for actor in ("o'neill@example.org", "'; RESET ROLE; --", "\\'; SET ROLE postgres; --", "a%sb"):
        with marked.reading(Scope.of([HERE]), actor) as connection:
            assert connection.scalar(text("SELECT current_setting('duewatch.actor')")) == actor
            assert connection.scalar(text("SELECT current_user")) == CONFINED
            assert connection.scalars(select(sites.c.id)).all() == [HERE]


@on_postgresql
@pytest.mark.slow
@pytest.mark.soak
def test_thousands_of_transactions_through_one_pool_never_see_a_foreign_row(marked):
    """Readers and writers of every scope take turns on three connections; some fail half-way, some change their scope."""
    scopes = [Scope.of([]), *(Scope.of([s]) for s in (1, 2, 3)), Scope.of([1, 3]), Scope.all_sites()]
    tables = [metadata.tables[name] for name in ("sites", "accounts", "invoices", "calls", "audit_log", "payments")]
    whose = {table.name: table.c.id if table.name == "sites" else table.c.site_id for table in tables}
    foreign: list[str] = []
    done, each = [0] * 4, share(2_500, 500)
    pool = marked.writer.pool
    assert isinstance(pool, QueuePool)

    def look(connection, scope, table):
        seen = set(connection.scalars(select(whose[table.name]).distinct()))
        if not scope.everything and not seen - {None} <= scope.site_ids:
            foreign.append(f"{table.name}: {seen} within {scope.site_ids}")
        if scope.everything and table.name == "sites" and seen != {1, 2, 3}:
            foreign.append(f"everything: {seen}")

    def run(worker):
        random = Random(worker)
        for n in range(each):
            scope, table = random.choice(scopes), random.choice(tables)
            kind = random.random()
            if kind < 0.1 and scope.site_ids:
                site = random.choice(sorted(scope.site_ids))

                def work(writing, scope=scope, table=table, site=site):
                    look(writing.connection, scope, table)
                    writing.record("look", table.name, site_id=site)

                marked.writing(f"worker {worker}", scope, work)
            elif kind < 0.15:
                with contextlib.suppress(ZeroDivisionError), marked.reading(scope) as connection:
                    look(connection, scope, table)
                    raise ZeroDivisionError
            elif kind < 0.2:
                with pytest.raises(DBAPIError), marked.reading(scope) as connection:
                    connection.exec_driver_sql("SELECT 1/0")
            elif kind < 0.25:  # a connection that says nothing about its scope
                with marked.writer.begin() as connection:
                    left = connection.exec_driver_sql(
                        "SELECT current_user = session_user, coalesce(current_setting('duewatch.sites', true), '')"
                    ).one()
                    if left != (True, ""):
                        foreign.append(f"left behind: {left}")
            else:
                with marked.reading(scope, f"worker {worker}") as connection:
                    look(connection, scope, table)
            done[worker] = n + 1

    threads = [threading.Thread(target=run, args=(worker,)) for worker in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert done == [each] * 4
    assert foreign == []


@on_postgresql
def test_a_leak_would_be_seen(marked):
    """The count above looks at what it should: a transaction that forgets its role sees every site."""
    with marked.writer.begin() as connection:
        assert set(connection.scalars(select(accounts.c.site_id))) == {1, 2, 3}
        confine(connection, Scope.of([HERE]))
        assert set(connection.scalars(select(accounts.c.site_id))) == {HERE}
