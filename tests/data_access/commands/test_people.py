"""Roles, grants and the last admin."""

import threading

import pytest

from data_access.commands.people import Access, disable, enable, grant
from data_access.commands.refusals import NotFoundError, PeopleRefusedError
from data_access.queries.people import grants_of, person_by_email, person_rows, scope_of
from data_access.scope import Scope
from tests import factories as make


@pytest.fixture
def places(database):
    return {
        code: make.site(database, code, region=region)
        for code, region in (("HQ", "North"), ("BR", "South"), ("OX", "South"))
    }


@pytest.fixture
def sees(database):
    """sees(email): the scope, and what was granted."""

    def look(email):
        with database.reading(Scope.all_sites()) as connection:
            person = person_by_email(connection, email)
            return scope_of(connection, person), *grants_of(connection, person.id)

    return look


def test_a_person_is_created_and_told(places, run, rows, sees):
    person = run(grant, " Vera@Example.ORG", Access("viewer", " Vera Rubin ", ["HQ"], ["South"]))
    assert (person.email, person.name, person.role, person.disabled, person.bound) == (
        ("vera@example.org", "Vera Rubin", "viewer", False, False)
    )
    assert sees("VERA@example.org") == (Scope.of(places.values()), ("HQ",), ("South",))
    (event,) = rows("audit_log")
    assert (event.actor, event.action, event.entity, event.entity_id, event.before) == (
        ("ana", "grant", "users", person.id, None)
    )
    assert event.after == (
        '{"bound": false, "disabled": false, "email": "vera@example.org", "name": "Vera Rubin", '
        '"regions": ["South"], "role": "viewer", "sites": ["HQ"]}'
    )


def test_grants_that_are_given_replace_those_there_are(places, run, rows, sees):
    run(grant, "vera@example.org", Access("viewer", "Vera", ["HQ"], ["South"]))
    run(grant, "vera@example.org", Access("finance"))
    assert sees("vera@example.org")[1:] == (("HQ",), ("South",))
    run(grant, "vera@example.org", Access("finance", sites=["BR", "BR"]))
    assert sees("vera@example.org") == (Scope.of([places["BR"]]), ("BR",), ())
    run(grant, "vera@example.org", Access("viewer", "", [], []))
    assert sees("vera@example.org") == (Scope.of([]), (), ())
    assert len(rows("users")) == 1
    last = rows("audit_log")[-1]
    assert ('"sites": ["BR"]' in last.before, '"role": "finance"' in last.before) == (True, True)
    assert ('"sites": []' in last.after, '"role": "viewer"' in last.after, '"name": ""' in last.after) == (True,) * 3


def test_a_region_grants_the_sites_that_come_into_it(database, places, run, sees):
    run(grant, "vera@example.org", Access("viewer", regions=["South"]))
    later = make.site(database, "NEW", region="South")
    assert sees("vera@example.org")[0] == Scope.of([places["BR"], places["OX"], later])


def test_an_admin_sees_every_site(places, run, sees):
    run(grant, "ada@example.org", Access("admin"))
    assert sees("ada@example.org")[0] == Scope.all_sites()


@pytest.mark.parametrize(
    ("email", "access", "error", "words"),
    [
        ("vera", Access("viewer"), PeopleRefusedError, "no e-mail address"),
        ("@example.org", Access("viewer"), PeopleRefusedError, "no e-mail address"),
        ("ve ra@example.org", Access("viewer"), PeopleRefusedError, "no e-mail address"),
        ("vera@example.org", Access("owner"), PeopleRefusedError, "viewer, finance, admin"),
        ("vera@example.org", Access("admin", sites=["HQ"]), PeopleRefusedError, "an admin sees every site"),
        ("vera@example.org", Access("viewer", sites=["HQ", "XX"]), NotFoundError, "no site XX"),
        ("vera@example.org", Access("viewer", regions=["East"]), NotFoundError, "region East"),
        ("vera@example.org", Access("viewer", regions=[""]), NotFoundError, "region"),
    ],
)
def test_what_cannot_be_granted_leaves_nothing(places, refuses, email, access, error, words):
    assert words in refuses(error, grant, email, access)


def test_disabled_and_enabled_again(places, run, rows, refuses):
    run(grant, "vera@example.org", Access("viewer", sites=["HQ"]))
    assert run(disable, "VERA@example.org").disabled is True
    assert "disabled already" in refuses(PeopleRefusedError, disable, "vera@example.org")
    assert run(enable, "vera@example.org").disabled is False
    assert "enabled already" in refuses(PeopleRefusedError, enable, "vera@example.org")
    assert "no user bob@example.org" in refuses(NotFoundError, disable, "bob@example.org")
    assert [event.action for event in rows("audit_log")] == ["grant", "disable", "enable"]
    assert ('"disabled": false' in rows("audit_log")[1].before, '"disabled": true' in rows("audit_log")[1].after) == (
        (True, True)
    )


def test_the_last_admin_stays(run, refuses):
    run(grant, "ada@example.org", Access("admin"))
    run(grant, "bob@example.org", Access("admin"))
    run(disable, "bob@example.org")
    for command, *asked in ((disable, "ada@example.org"), (grant, "ada@example.org", Access("finance"))):
        assert "ada@example.org is the last admin" in refuses(PeopleRefusedError, command, *asked)
    run(grant, "bob@example.org", Access("viewer"))  # a disabled admin is none to keep
    run(grant, "cid@example.org", Access("admin"))
    run(grant, "ada@example.org", Access("finance"))
    assert "cid@example.org is the last admin" in refuses(PeopleRefusedError, disable, "cid@example.org")


def test_two_admins_who_disable_each_other_at_once_leave_one(database, run):
    """Both have looked before either commits; without the lock on PostgreSQL both would go."""
    pair = ["ada@example.org", "bob@example.org"]
    for email in pair:
        run(grant, email, Access("admin"))
    both_looked, outcomes = threading.Barrier(2, timeout=20), []

    def switch_off(email):
        first = [True]

        def work(writing):
            if database.dialect == "postgresql" and first:
                first.clear()
                person_by_email(writing.connection, email)
                both_looked.wait()
            return disable(writing, email)

        try:
            database.writing(email, Scope.all_sites(), work)
            outcomes.append("done")
        except PeopleRefusedError:
            outcomes.append("refused")

    threads = [threading.Thread(target=switch_off, args=(email,)) for email in pair]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["done", "refused"]
    with database.reading(Scope.all_sites()) as connection:
        assert sorted(row.person.disabled for row in person_rows(connection, Scope.all_sites())) == [False, True]


def test_somebody_who_sees_some_sites_lists_nobody(database, places, run):
    run(grant, "vera@example.org", Access("viewer", sites=["HQ"]))
    scope = Scope.of([places["HQ"]])
    with database.reading(scope) as connection:
        assert person_rows(connection, scope) == []
        assert person_by_email(connection, "vera@example.org") is None or database.dialect == "sqlite"


def test_the_list_has_everybody_with_what_is_theirs(database, places, run):
    run(grant, "vera@example.org", Access("viewer", sites=["OX", "HQ"], regions=["South", "North"]))
    run(grant, "ben@example.org", Access("finance", regions=["South"]))
    run(grant, "ana@example.org", Access("admin"))
    with database.reading(Scope.all_sites()) as connection:
        found = [(row.person.email, row.sites, row.regions) for row in person_rows(connection, Scope.all_sites())]
    assert found == [
        ("ana@example.org", (), ()),
        ("ben@example.org", (), ("South",)),
        ("vera@example.org", ("HQ", "OX"), ("North", "South")),
    ]
