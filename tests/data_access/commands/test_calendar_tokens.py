"""A link's life: made, used, renewed, revoked; and what it opens follows its user."""

from datetime import timedelta

import pytest
from sqlalchemy import insert, select
from sqlalchemy.exc import ProgrammingError

from data_access.calendar_tokens import hashed, link_of
from data_access.commands.calendar_tokens import new_token, opened_by, renew, revoke
from data_access.commands.people import Access, disable, enable, grant
from data_access.commands.refusals import NotFoundError, PeopleRefusedError
from data_access.queries.freshness import freshness
from data_access.schema import calendar_tokens
from data_access.scope import Scope
from tests import factories as make
from tests.conftest import NOW

ALL = Scope.all_sites()
ADA, VERA = "ada@example.com", "vera@example.com"


@pytest.fixture
def vera(database, where):
    make.add(database, "users", email=ADA, role="admin")
    user_id = make.add(database, "users", email=VERA, role="viewer")
    make.add(database, "grants", user_id=user_id, site_id=where["site_id"])
    return user_id


@pytest.fixture
def link(run, vera):
    token = new_token()
    run(renew, vera, token)
    return token


@pytest.fixture
def opens(database):
    return lambda token, now=NOW, operator=False: opened_by(database, token, now, operator=operator)


def test_it_opens_what_its_user_sees(opens, link, where):
    holder = opens(link)
    assert (holder.name, holder.scope) == (VERA, Scope.of([where["site_id"]]))
    assert opens(new_token()) is None
    assert opens(link[:-1]) is None
    assert opens("") is None


def test_only_the_hash_is_kept(database, link, rows, told):
    (row,) = rows("calendar_tokens")
    assert row.sha256 == hashed(link)
    assert link not in repr([rows("calendar_tokens"), rows("audit_log")])
    assert ("create", "calendar_tokens", row.id) in told()
    assert len({new_token() for _ in range(50)}) == 50


def test_a_new_one_ends_the_one_before(run, opens, link, vera, told):
    newer = new_token()
    run(renew, vera, newer)
    assert opens(link) is None
    assert opens(newer).name == VERA
    assert [action for action, entity, _ in told() if entity == "calendar_tokens"] == [
        "create", "revoke", "create", "fetch"
    ]  # fmt: skip


def test_revoked_is_closed(database, run, opens, link, vera, refuses):
    run(revoke, vera)
    assert opens(link) is None
    with database.reading(ALL) as connection:
        assert link_of(connection, vera) is None
    assert "no calendar link" in refuses(NotFoundError, revoke, vera)


def test_what_it_opens_follows_its_user_at_once(run, opens, link, where, refuses, vera):
    run(grant, VERA, Access("viewer", sites=[], regions=[]))
    assert opens(link).scope == Scope.of([])
    run(grant, VERA, Access("admin"))
    assert opens(link).scope == ALL
    run(grant, VERA, Access("viewer", sites=["HQ"], regions=[]))
    run(disable, VERA)
    assert opens(link) is None
    refuses(PeopleRefusedError, renew, vera, new_token())
    run(enable, VERA)
    assert opens(link).scope == Scope.of([where["site_id"]])


def test_the_first_use_of_a_day_is_told_and_no_other(database, opens, link, told, rows, monkeypatch):
    before = freshness_of(database)
    opens(link)
    with monkeypatch.context() as read_only:
        read_only.setattr(database, "writing", None)  # the trail's lock is not for every fetch
        opens(link)
    fetched = [event for event in told() if event[0] == "fetch"]
    assert len(fetched) == 1
    assert rows("calendar_tokens")[0].last_used_at == NOW
    database._now = lambda: NOW + timedelta(days=1)
    opens(link, NOW + timedelta(days=1))
    assert len([event for event in told() if event[0] == "fetch"]) == 2
    assert freshness_of(database) == before  # no change of the ledger


def freshness_of(database):
    with database.reading(ALL) as connection:
        return freshness(connection, ALL).changed_at


def test_the_operators_opens_only_where_nobody_signs_in(run, opens):
    token = new_token()
    run(renew, None, token)
    assert opens(token) is None
    assert opens(token, operator=True).scope == ALL
    newer = new_token()
    run(renew, None, newer)
    assert opens(token, operator=True) is None


@pytest.mark.parametrize("dialect", ["postgresql"], indirect=True)
def test_somebody_who_sees_some_sites_finds_no_link_and_makes_none(database, link, own, vera):
    values = {"user_id": vera, "sha256": "0" * 64, "created_at": NOW}
    with database.reading(own) as connection:
        assert connection.execute(select(calendar_tokens)).all() == []
    with pytest.raises(ProgrammingError, match="permission denied"):
        database.writing("vera", own, lambda w: w.connection.execute(insert(calendar_tokens).values(**values)))
