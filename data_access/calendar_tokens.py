"""Whose calendar a token opens, and the link that somebody has."""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from hmac import compare_digest

from sqlalchemy import Connection, select

from data_access.queries.people import Person, person_by_id, scope_of
from data_access.schema import calendar_tokens
from data_access.scope import Scope

OPERATOR = "operator"


@dataclass(frozen=True, slots=True)
class Link:
    """A link that still opens."""

    id: int
    created_at: datetime
    last_used_at: datetime | None


@dataclass(frozen=True, slots=True)
class Holder:
    """Who reads by a token, and what they may see now. person: None for the local operator."""

    link: Link
    person: Person | None
    scope: Scope

    @property
    def name(self) -> str:
        """The actor of what is told."""
        return self.person.email if self.person else OPERATOR


def hashed(token: str) -> str:
    """What is kept of a token. It is long and random, so that a plain hash cannot be guessed back."""
    return sha256(token.encode()).hexdigest()


def holder_of(connection: Connection, token: str, *, operator: bool) -> Holder | None:
    """Role, sites and state as they are now; None for what opens nothing, and does not say why.

    operator: may the local operator's own link be used? Not where people sign in.
    """
    wanted = hashed(token)
    row = connection.execute(
        select(calendar_tokens).where(calendar_tokens.c.sha256 == wanted, calendar_tokens.c.revoked_at.is_(None))
    ).one_or_none()
    if row is None or not compare_digest(row.sha256, wanted):
        return None
    link = Link(row.id, row.created_at, row.last_used_at)
    if row.user_id is None:
        return Holder(link, None, Scope.all_sites()) if operator else None
    person = person_by_id(connection, row.user_id)
    if person is None or person.disabled:
        return None
    return Holder(link, person, scope_of(connection, person))


def link_of(connection: Connection, user_id: int | None) -> Link | None:
    """The link that somebody has, without its token: that was shown once."""
    own = calendar_tokens.c.user_id.is_(None) if user_id is None else calendar_tokens.c.user_id == user_id
    statement = select(calendar_tokens).where(own, calendar_tokens.c.revoked_at.is_(None))
    row = connection.execute(statement.order_by(calendar_tokens.c.id.desc()).limit(1)).one_or_none()
    return None if row is None else Link(row.id, row.created_at, row.last_used_at)
