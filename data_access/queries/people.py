"""Who a user is, which sites their grants cover, and the list of all of them."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, or_, select

from data_access.schema import audit_log, grants, sites, users
from data_access.scope import Scope, require
from domain.identity import Identity, Refusal, canonical_email

SIGNED_IN = "sign in"  # the audit trail's action

Granted = tuple[tuple[str, ...], tuple[str, ...]]  # site codes and regions, each sorted


@dataclass(frozen=True, slots=True)
class Person:
    """A known user; disabled ones are refused by whoever asks. `bound`: a sign-in is tied to the user already."""

    id: int
    email: str
    name: str
    role: str
    disabled: bool
    bound: bool

    @property
    def called(self) -> str:
        """The name to show."""
        return self.name or self.email


@dataclass(frozen=True, slots=True)
class PersonRow:
    """A user in the list: the codes and regions granted, and when they last signed in. An admin needs no grants."""

    person: Person
    sites: tuple[str, ...]
    regions: tuple[str, ...]
    last_sign_in: datetime | None


def _person(connection: Connection, condition: ColumnElement[bool]) -> Person | None:
    row = connection.execute(select(users).where(condition)).one_or_none()
    return None if row is None else _of(row)


def _of(row: Any) -> Person:
    return Person(row.id, row.email, row.name, row.role, bool(row.disabled), row.subject is not None)


def person_by_email(connection: Connection, email: str) -> Person | None:
    """The user with this address, whatever its case."""
    return _person(connection, users.c.email == canonical_email(email))


def person_by_id(connection: Connection, user_id: int) -> Person | None:
    """The user as they are now."""
    return _person(connection, users.c.id == user_id)


def recognise(connection: Connection, identity: Identity) -> tuple[Person | None, Refusal | None]:
    """The user who signed in, if there is one, and why they are refused, if they are.

    One who is not `bound` yet signs in for the first time.
    """
    if not identity.verified:
        return None, Refusal.UNVERIFIED
    if not (identity.issuer and identity.subject):
        return None, Refusal.UNKNOWN
    person = _person(connection, (users.c.issuer == identity.issuer) & (users.c.subject == identity.subject))
    if person is None and identity.email:
        person = person_by_email(connection, identity.email)
        if person is not None and person.bound:
            return person, Refusal.TAKEN
    if person is None:
        return None, Refusal.UNKNOWN
    return person, Refusal.DISABLED if person.disabled else None


def scope_of(connection: Connection, person: Person) -> Scope:
    """An admin sees every site; anyone else the sites and regions granted, which may be none."""
    if person.role == "admin":
        return Scope.all_sites()
    granted = select(sites.c.id).join(grants, or_(grants.c.site_id == sites.c.id, grants.c.region == sites.c.region))
    return Scope.of(connection.scalars(granted.where(grants.c.user_id == person.id)))


def grants_of(connection: Connection, user_id: int) -> Granted:
    """What is granted to one user."""
    return _granted(connection, grants.c.user_id == user_id)[user_id]


def _granted(connection: Connection, *conditions: ColumnElement[bool]) -> Mapping[int, Granted]:
    """By user."""
    rows = connection.execute(
        select(grants.c.user_id, sites.c.code, grants.c.region)
        .select_from(grants.outerjoin(sites, sites.c.id == grants.c.site_id))
        .where(*conditions)
    )
    codes: defaultdict[int, list[str]] = defaultdict(list)
    regions: defaultdict[int, list[str]] = defaultdict(list)
    for user_id, code, region in rows:
        codes[user_id] += [code] if code else []
        regions[user_id] += [region] if region else []
    granted = {user_id: (tuple(sorted(codes[user_id])), tuple(sorted(regions[user_id]))) for user_id in codes}
    return defaultdict(lambda: ((), ()), granted)


def person_rows(connection: Connection, scope: Scope) -> list[PersonRow]:
    """Every user by address; nothing for somebody who sees only some sites."""
    if not require(scope).everything:
        return []
    signed_in = (
        select(audit_log.c.entity_id, func.max(audit_log.c.at).label("at"))
        .where(audit_log.c.entity == users.name, audit_log.c.action == SIGNED_IN)
        .group_by(audit_log.c.entity_id)
        .subquery()
    )
    statement = select(users, signed_in.c.at).outerjoin(signed_in, signed_in.c.entity_id == users.c.id)
    granted = _granted(connection)
    people = connection.execute(statement.order_by(users.c.email))
    return [PersonRow(_of(row), *granted[row.id], row.at) for row in people]


def sign_in_is_told(connection: Connection, person: Person, told: str) -> bool:
    """Has the audit trail heard of this sign-in already? `told` is the event's text."""
    statement = select(audit_log.c.seq).where(
        audit_log.c.entity == users.name,
        audit_log.c.entity_id == person.id,
        audit_log.c.action == SIGNED_IN,
        audit_log.c.after == told,
    )
    return connection.execute(statement.limit(1)).first() is not None
