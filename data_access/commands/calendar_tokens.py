"""Making, renewing, revoking and using the link to a calendar. One link a person: a new one revokes the one before it."""

import secrets
from datetime import UTC, datetime, time
from functools import partial

from sqlalchemy import insert, or_, select, update

from data_access.calendar_tokens import Holder, hashed, holder_of
from data_access.commands.refusals import NotFoundError, PeopleRefusedError
from data_access.database import Database, Writing
from data_access.queries.people import person_by_id
from data_access.schema import calendar_tokens, users
from data_access.scope import Scope

_BYTES = 32


def new_token() -> str:
    """What cannot be guessed; 43 letters that an address may hold."""
    return secrets.token_urlsafe(_BYTES)


def renew(writing: Writing, user_id: int | None, token: str) -> None:
    """Make `token` open the calendar of the user (None: the local operator), and no earlier one any more."""
    if user_id is not None:
        # Held until the commit, so that two clicks make one link after the other.
        writing.connection.execute(select(users.c.id).where(users.c.id == user_id).with_for_update())
        person = person_by_id(writing.connection, user_id)
        if person is None or person.disabled:
            raise PeopleRefusedError("who is not let in has no calendar")
    _revoke_all(writing, user_id)
    values = {"user_id": user_id, "sha256": hashed(token), "created_at": writing.at}
    made = writing.connection.execute(insert(calendar_tokens).values(**values).returning(calendar_tokens.c.id))
    writing.record("create", calendar_tokens.name, made.scalar_one(), after={"user_id": user_id})


def revoke(writing: Writing, user_id: int | None) -> None:
    """Close the link that there is. Raises NotFoundError for none."""
    if not _revoke_all(writing, user_id):
        raise NotFoundError("there is no calendar link to revoke")


def _revoke_all(writing: Writing, user_id: int | None) -> int:
    own = calendar_tokens.c.user_id.is_(None) if user_id is None else calendar_tokens.c.user_id == user_id
    statement = update(calendar_tokens).where(own, calendar_tokens.c.revoked_at.is_(None))
    closed = writing.connection.scalars(statement.values(revoked_at=writing.at).returning(calendar_tokens.c.id)).all()
    for link_id in closed:
        writing.record("revoke", calendar_tokens.name, link_id, after={"user_id": user_id})
    return len(closed)


def opened_by(database: Database, token: str, now: datetime, *, operator: bool) -> Holder | None:
    """Whose calendar `token` opens. The first use of a day is kept, and told to the audit trail."""
    with database.reading(Scope.all_sites()) as connection:
        holder = holder_of(connection, token, operator=operator)
    if holder is None or not _is_first_today(holder, now):
        return holder
    try:
        database.writing(holder.name, Scope.all_sites(), partial(_used, holder))
    except NotFoundError:  # revoked, or told by another request, since it was read
        with database.reading(Scope.all_sites()) as connection:
            return holder_of(connection, token, operator=operator)
    return holder


def _is_first_today(holder: Holder, now: datetime) -> bool:
    used = holder.link.last_used_at
    return used is None or used.date() < now.astimezone(UTC).date()


def _used(holder: Holder, writing: Writing) -> None:
    today = datetime.combine(writing.at.astimezone(UTC).date(), time(), UTC)
    link = calendar_tokens.c
    fresh = or_(link.last_used_at.is_(None), link.last_used_at < today)
    statement = update(calendar_tokens).where(link.id == holder.link.id, link.revoked_at.is_(None), fresh)
    if writing.connection.execute(statement.values(last_used_at=writing.at)).rowcount != 1:
        raise NotFoundError("the link was used or revoked meanwhile")
    writing.record("fetch", calendar_tokens.name, holder.link.id, after={"user_id": holder.person and holder.person.id})
