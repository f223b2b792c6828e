"""Who a user is and which sites their grants cover."""

from dataclasses import dataclass

from sqlalchemy import Connection, or_, select

from data_access.schema import grants, sites, users
from data_access.scope import Scope


@dataclass(frozen=True, slots=True)
class Person:
    """A known user; disabled ones are refused by whoever asks."""

    id: int
    email: str
    name: str
    role: str
    disabled: bool


def person_by_email(connection: Connection, email: str) -> Person | None:
    """The user with this address, whatever its case."""
    row = connection.execute(
        select(users.c.id, users.c.email, users.c.name, users.c.role, users.c.disabled).where(
            users.c.email == email.strip().lower()
        )
    ).one_or_none()
    return None if row is None else Person(row.id, row.email, row.name, row.role, bool(row.disabled))


def scope_of(connection: Connection, person: Person) -> Scope:
    """An admin sees every site; anyone else the sites and regions granted, which may be none."""
    if person.role == "admin":
        return Scope.all_sites()
    granted = select(sites.c.id).join(grants, or_(grants.c.site_id == sites.c.id, grants.c.region == sites.c.region))
    return Scope.of(connection.scalars(granted.where(grants.c.user_id == person.id)))
