"""deploy/postgresql-roles.sql: everything works with its two logins, neither may do more than it must, doctor sees it."""

import io
import json
from contextlib import redirect_stdout

import psycopg
import pytest
from psycopg import errors

from data_access.confinement_checks import connection_finding, examine_confinement
from data_access.database import Database
from data_access.schema import metadata
from terminal.front import main
from tests.postgres import postgres_home

AS_OF = ("--as-of", "2026-11-20")


@pytest.fixture(scope="module")
def logins(new_logins):
    """A tiny ledger, made by the owner and filled by the app's login."""
    made = new_logins()
    manage(made.owner, "init")
    manage(made.web, "seed", "--size", "tiny")
    return made


def manage(address, *arguments):
    """The JSON that manage.py prints there; it must be done."""
    out = io.StringIO()
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(out):
        patch.setenv("DATABASE_URL", address)
        patch.setenv("DUEWATCH_PG_BIN", str(postgres_home() / "bin"))
        assert main([*map(str, arguments), "--json"]) == 0, out.getvalue()
    return json.loads(out.getvalue())


@pytest.mark.slow
def test_the_life_of_a_ledger_with_the_two_logins(logins, new_logins, tmp_path):
    sites = tmp_path / "sites.csv"
    sites.write_text("code,name,region\nNEW,New site,North\n")
    assert manage(logins.web, "import", "sites", sites)["added"] == 1
    before = manage(logins.web, "aging", *AS_OF)
    assert before["rows"]
    assert manage(logins.web, "verify")["ok"]
    assert manage(logins.web, "doctor")["ok"]

    manage(logins.owner, "backup", tmp_path / "ledger.backup")
    drill = new_logins()
    manage(drill.owner, "restore", tmp_path / "ledger.backup")
    assert manage(drill.web, "aging", *AS_OF) == before
    assert manage(drill.web, "verify")["ok"]
    assert manage(drill.web, "doctor")["ok"]
    # And a second time, over what is there.
    manage(drill.owner, "restore", tmp_path / "ledger.backup", "--force")
    assert manage(drill.web, "verify")["ok"]


@pytest.mark.parametrize("role", ["", "SET ROLE duewatch_app", "SET ROLE duewatch_all"])
@pytest.mark.parametrize(
    "statement",
    [
        "TRUNCATE payments",
        "TRUNCATE audit_log CASCADE",
        "ALTER TABLE payments NO FORCE ROW LEVEL SECURITY",
        "ALTER TABLE payments DISABLE TRIGGER ALL",
        "DROP TABLE allocations",
        "DROP POLICY everything ON payments",
        "CREATE TABLE theirs (id int)",
        "CREATE FUNCTION public.f() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "DELETE FROM payments",
        "DELETE FROM audit_log",
        "UPDATE audit_log SET actor = 'eve'",
        "UPDATE alembic_version SET version_num = '0001'",
        "SET session_replication_role = replica",
        "SET ROLE duewatch_owner",
        "CREATE ROLE eve",
        "COPY payments TO PROGRAM 'cat'",
    ],
)
def test_the_apps_login_may_not(logins, role, statement):
    with psycopg.connect(logins.web) as connection:
        if role:
            connection.execute(role)
        with pytest.raises(errors.InsufficientPrivilege):
            connection.execute(statement)


def test_without_a_role_nothing_is_read(logins):
    with psycopg.connect(logins.web) as connection, pytest.raises(errors.InsufficientPrivilege):
        connection.execute("SELECT 1 FROM payments")
    with psycopg.connect(logins.owner) as connection:
        assert connection.execute("SELECT count(*) FROM payments").fetchone() == (0,)
        connection.execute("SET ROLE duewatch_all")
        assert connection.execute("SELECT count(*) FROM payments").fetchone() > (0,)
    with psycopg.connect(logins.web) as connection:
        connection.execute("SET ROLE duewatch_app")
        assert connection.execute("SELECT count(*) FROM payments").fetchone() == (0,)


def looks(address):
    database = Database(address)
    with database.reader.connect() as connection:
        found = list(examine_confinement(connection))
    database.close()
    return found


def test_doctor_names_every_table(logins):
    found = looks(logins.web)
    assert [finding for finding in found if not finding.ok] == []
    assert found[0].found == f"forced on {len(metadata.tables)} tables"


@pytest.mark.parametrize(
    ("damage", "repair", "about"),
    [
        *(
            (f"ALTER TABLE {table} {off}", f"ALTER TABLE {table} {on}", "row-level security")
            for table in ("payments", "users")
            for off, on in (
                ("NO FORCE ROW LEVEL SECURITY", "FORCE ROW LEVEL SECURITY"),
                ("DISABLE ROW LEVEL SECURITY", "ENABLE ROW LEVEL SECURITY"),
            )
        ),
        (
            "DROP POLICY shared ON vendors",
            "CREATE POLICY shared ON vendors FOR SELECT TO duewatch_app USING (true)",
            "policies",
        ),
        ("CREATE POLICY more ON users TO duewatch_app USING (true)", "DROP POLICY more ON users", "policies"),
        (
            "ALTER POLICY own_imports ON import_batches USING (true)",
            "ALTER POLICY own_imports ON import_batches USING (actor = current_setting('duewatch.actor', true))",
            "policies",
        ),
        ("ALTER ROLE duewatch_app BYPASSRLS", "ALTER ROLE duewatch_app NOBYPASSRLS", "role duewatch_app"),
        ("ALTER ROLE duewatch_all SUPERUSER", "ALTER ROLE duewatch_all NOSUPERUSER", "role duewatch_all"),
        ("ALTER ROLE duewatch_all LOGIN", "ALTER ROLE duewatch_all NOLOGIN", "role duewatch_all"),
        ("GRANT TRUNCATE ON calls TO duewatch_app", "REVOKE TRUNCATE ON calls FROM duewatch_app", "role duewatch_app"),
        (
            "ALTER TABLE calls OWNER TO duewatch_all",
            "ALTER TABLE calls OWNER TO duewatch_owner",
            "role duewatch_all",
        ),
        ("ALTER ROLE duewatch_app RENAME TO gone", "ALTER ROLE gone RENAME TO duewatch_app", "role duewatch_app"),
        ("ALTER ROLE duewatch_web SUPERUSER", "ALTER ROLE duewatch_web NOSUPERUSER", "login"),
        ("ALTER ROLE duewatch_web BYPASSRLS", "ALTER ROLE duewatch_web NOBYPASSRLS", "login"),
        ("GRANT duewatch_owner TO duewatch_web", "REVOKE duewatch_owner FROM duewatch_web", "login"),
        ("GRANT TRUNCATE ON calls TO duewatch_web", "REVOKE TRUNCATE ON calls FROM duewatch_web", "login"),
        ("GRANT CREATE ON SCHEMA public TO duewatch_web", "REVOKE CREATE ON SCHEMA public FROM duewatch_web", "login"),
    ],
)
def test_doctor_sees(logins, damage, repair, about):
    with psycopg.connect(logins.superuser, autocommit=True) as connection:
        connection.execute(damage)
        try:
            found = {finding.about: finding for finding in looks(logins.web)}
        finally:
            connection.execute(repair)
    assert not found[about].ok, found[about]
    assert found[about].advice


def test_doctor_sees_the_owner_and_a_superuser_at_work(logins):
    for address, excess in ((logins.owner, "owner of the tables"), (logins.superuser, "superuser")):
        login = next(finding for finding in looks(address) if finding.about == "login")
        assert not login.ok
        assert excess in login.found


def test_doctor_sees_a_connection_that_others_can_read():
    assert connection_finding(local=False, secure=True).ok
    assert connection_finding(local=True, secure=False).ok
    assert not connection_finding(local=False, secure=False).ok
