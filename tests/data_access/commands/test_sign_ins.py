"""The first sign-in binds issuer and subject; from then on they alone identify."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from data_access.commands.denials import Denial, deny
from data_access.commands.people import Access, disable, grant
from data_access.commands.refusals import CardNumberError
from data_access.commands.sign_ins import let_in
from data_access.database import Database
from data_access.queries.freshness import freshness
from data_access.queries.people import person_rows
from data_access.scope import Scope
from data_access.verification import verify
from domain.identity import Identity, Refusal
from tests import factories as make

ADA = Identity("https://id.example.org", "sub-1", "ada@example.org", "Ada L.", True, "2026-11-20T09:00:00+00:00")


@pytest.fixture
def known(database, run):
    make.site(database, "HQ")
    return run(grant, "ada@example.org", Access("viewer", "", ["HQ"]))


@pytest.fixture
def enter(database):
    """enter(identity): the refusal, or the person's id."""

    def ask(identity):
        person, answer = let_in(database, identity)
        return answer if isinstance(answer, Refusal) else person.id

    return ask


def actions(rows):
    return [event.action for event in rows("audit_log")]


def test_the_first_sign_in_binds_and_every_sign_in_is_told_once(database, known, enter, rows):
    assert enter(ADA) == enter(ADA) == known.id
    (user,) = rows("users")
    assert (user.issuer, user.subject, user.name) == (ADA.issuer, ADA.subject, "Ada L.")
    assert actions(rows) == ["grant", "bind", "sign in"]
    bound = rows("audit_log")[1]
    assert (bound.actor, bound.entity_id) == ("ada@example.org", known.id)
    assert bound.before == '{"issuer": null, "name": "", "subject": null}'
    assert bound.after == '{"issuer": "https://id.example.org", "name": "Ada L.", "subject": "sub-1"}'
    assert enter(replace(ADA, session="2026-11-21T09:00:00+00:00")) == known.id
    assert actions(rows) == ["grant", "bind", "sign in", "sign in"]
    with database.reading(Scope.all_sites()) as connection:
        assert person_rows(connection, Scope.all_sites())[0].last_sign_in == datetime(2026, 11, 20, 12, tzinfo=UTC)
    assert verify(database, datetime(2026, 11, 20, tzinfo=UTC).date()).ok


def test_numbers_of_a_sign_in_that_look_like_a_card_are_none(database, known, enter, rows):
    """A provider that numbers its users, on a port: nobody typed that."""
    numbered = replace(ADA, issuer="https://id.example.org:41111", subject="4111111111111111", session="1111 1111 111")
    assert enter(numbered) == known.id
    deny(database, Denial("ada@example.org", "page admin", "not an admin", known.id, "https://id:4111 1111 1111 1111"))
    assert actions(rows) == ["grant", "bind", "sign in", "deny"]
    with pytest.raises(CardNumberError):
        deny(database, Denial("ada@example.org", "page 4111 1111 1111 1111", "not an admin", known.id))


def test_what_they_may_see_comes_with_them(database, known):
    person, scope = let_in(database, ADA)
    assert (person.id, scope.everything, len(scope.site_ids)) == (known.id, False, 1)


def test_issuer_and_subject_count_and_the_address_does_not(known, enter):
    assert enter(ADA) == known.id
    assert enter(replace(ADA, email="ada.king@example.org")) == known.id
    assert enter(replace(ADA, email="")) == known.id


@pytest.mark.parametrize("other", [{"subject": "sub-2"}, {"issuer": "https://other.example"}])
def test_the_address_with_another_subject_or_issuer_is_refused(known, enter, rows, other):
    enter(ADA)
    before = rows("users")
    assert enter(replace(ADA, **other)) is Refusal.TAKEN
    assert rows("users") == before


@pytest.mark.parametrize(
    ("identity", "refusal"),
    [
        (replace(ADA, verified=False), Refusal.UNVERIFIED),
        (replace(ADA, email="bob@example.org"), Refusal.UNKNOWN),
        (replace(ADA, email=""), Refusal.UNKNOWN),
        (replace(ADA, subject=""), Refusal.UNKNOWN),
        (replace(ADA, issuer=""), Refusal.UNKNOWN),
    ],
)
def test_strangers_are_refused_and_bind_nothing(known, enter, rows, identity, refusal):
    assert enter(identity) is refusal
    assert [user.subject for user in rows("users")] == [None]
    assert actions(rows) == ["grant"]


def test_the_disabled_are_refused_before_and_after_binding(database, known, run, enter, rows):
    run(grant, "bob@example.org", Access("admin"))
    run(disable, "ada@example.org")
    assert enter(ADA) is Refusal.DISABLED
    assert [user.subject for user in rows("users")] == [None, None]
    bob = replace(ADA, subject="sub-b", email="bob@example.org")
    enter(bob)
    run(grant, "cid@example.org", Access("admin"))
    run(disable, "bob@example.org")
    assert enter(bob) is Refusal.DISABLED


def test_an_unverified_address_is_refused_even_of_a_known_subject(known, enter):
    assert enter(ADA) == known.id
    assert enter(replace(ADA, verified=False)) is Refusal.UNVERIFIED


def test_binding_anew_lets_the_next_one_in_and_the_old_one_no_more(known, run, enter):
    enter(ADA)
    run(grant, "ada@example.org", Access("viewer", rebind=True))
    moved = replace(ADA, issuer="https://new.example")
    assert enter(moved) == known.id
    assert enter(ADA) is Refusal.TAKEN


def test_signing_in_is_no_change_of_the_ledger(database, known, run, enter):
    """What the head of every page says of the data's age does not move with it."""
    enter(ADA)
    with database.reading(Scope.all_sites()) as connection:
        assert freshness(connection, Scope.all_sites()).changed_at is None


@pytest.mark.parametrize(("winner", "answer"), [("sub-2", Refusal.TAKEN), ("sub-1", None)])
def test_of_two_first_sign_ins_at_once_one_binds(database, ledger_address, known, rows, monkeypatch, winner, answer):
    """The other comes in between the look and the binding: another person, or the same one in a second tab."""
    other = Database(ledger_address)
    writing = Database.writing
    once = [replace(ADA, subject=winner)]

    def overtaken(self, *args):
        if once:
            let_in(other, once.pop())
        return writing(self, *args)

    monkeypatch.setattr(Database, "writing", overtaken)
    person, found = let_in(database, ADA)
    other.close()
    assert person.id == known.id
    assert found is answer or isinstance(found, Scope)
    assert [user.subject for user in rows("users")] == [winner]
