"""Signing in: the first time binds issuer and subject to the user, every time is told to the audit trail."""

from collections.abc import Mapping

from sqlalchemy import update

from data_access.audit import as_text
from data_access.commands.refusals import PeopleRefusedError
from data_access.database import Database, Writing
from data_access.queries.people import SIGNED_IN, Person, recognise, scope_of, sign_in_is_told
from data_access.schema import users
from data_access.scope import Scope
from domain.identity import Identity, Refusal


def let_in(database: Database, identity: Identity) -> tuple[Person | None, Scope | Refusal]:
    """Who signed in, and what they may see now or why they are refused. Asked on every click; writes on the first."""
    with database.reading(Scope.all_sites()) as connection:
        person, refusal = recognise(connection, identity)
        if person is None or refusal:
            return person, refusal or Refusal.UNKNOWN
        scope = scope_of(connection, person)
        told = person.bound and sign_in_is_told(connection, person, as_text(_event(identity)) or "")
    if not told:
        try:
            database.writing(person.email, Scope.all_sites(), lambda writing: _enter(writing, person, identity))
        except PeopleRefusedError:  # bound or disabled since they were read: by whom, the next look says
            return let_in(database, identity)
    return person, scope


def _enter(writing: Writing, person: Person, identity: Identity) -> None:
    if not person.bound:
        values = {"issuer": identity.issuer, "subject": identity.subject, "name": person.name or identity.name}
        free = (users.c.id == person.id) & users.c.subject.is_(None) & users.c.disabled.is_(False)
        if writing.connection.execute(update(users).where(free).values(**values)).rowcount != 1:
            raise PeopleRefusedError(f"{person.email} is bound to another sign-in")
        before = {"issuer": None, "subject": None, "name": person.name}
        writing.record("bind", users.name, person.id, before=before, after=values)
    writing.record(SIGNED_IN, users.name, person.id, after=_event(identity))


def _event(identity: Identity) -> Mapping[str, str]:
    return {"issuer": identity.issuer, "at": identity.session}
