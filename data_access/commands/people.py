"""Who may do what, where: roles, grants, and the way in. Every change is told with what was before."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from data_access.commands.refusals import NotFoundError, PeopleRefusedError
from data_access.database import Writing
from data_access.queries.people import Person, grants_of, person_by_email, person_by_id
from data_access.schema import grants, sites, users
from domain.identity import canonical_email

ROLES = ("viewer", "finance", "admin")


@dataclass(frozen=True, slots=True)
class Access:
    """What somebody is to have. `sites` (codes) and `regions` replace those granted; None leaves them as they are.

    rebind: forget the sign-in that the user is bound to, so that the next one with this address is bound.
    """

    role: str
    name: str | None = None
    sites: Sequence[str] | None = None
    regions: Sequence[str] | None = None
    rebind: bool = False

    @property
    def grants_anew(self) -> bool:
        """Are grants replaced?"""
        return self.sites is not None or self.regions is not None


def grant(writing: Writing, email: str, access: Access) -> Person:
    """Create the user, or change them. Raises PeopleRefusedError, and NotFoundError for a site that is not there."""
    address = canonical_email(email)
    name, at, host = address.partition("@")
    if not (name and at and host) or " " in address:
        raise PeopleRefusedError(f"{email!r} is no e-mail address")
    if access.role not in ROLES:
        raise PeopleRefusedError(f"{access.role!r} is no role; choose one of {', '.join(ROLES)}")
    if access.role == "admin" and (access.sites or access.regions):
        raise PeopleRefusedError("an admin sees every site; leave sites and regions out")
    found = person_by_email(writing.connection, address)
    if found is None:
        before, user_id = None, _created(writing, address, access)
    else:
        before, user_id = _known(writing, found), found.id
        if found.role == "admin" and access.role != "admin":
            _keep_an_admin(writing, found)
        values: dict[str, Any] = {"role": access.role}
        if access.name is not None:
            values["name"] = access.name.strip()
        if access.rebind:
            values |= {"issuer": None, "subject": None}
        writing.connection.execute(update(users).where(users.c.id == user_id).values(**values))
    if access.grants_anew:
        _replace_grants(writing, user_id, access)
    return _told(writing, "grant", user_id, before)


def disable(writing: Writing, email: str) -> Person:
    """Refuse the user from their next click on."""
    return _switch(writing, email, disabled=True)


def enable(writing: Writing, email: str) -> Person:
    """Let a disabled user in again, with the role and grants that they had."""
    return _switch(writing, email, disabled=False)


def _switch(writing: Writing, email: str, *, disabled: bool) -> Person:
    person = person_by_email(writing.connection, email)
    if person is None:
        raise NotFoundError(f"there is no user {email}")
    if person.disabled == disabled:
        raise PeopleRefusedError(f"{person.email} is {'disabled' if disabled else 'enabled'} already")
    if disabled and person.role == "admin":
        _keep_an_admin(writing, person)
    before = _known(writing, person)
    writing.connection.execute(update(users).where(users.c.id == person.id).values(disabled=disabled))
    return _told(writing, "disable" if disabled else "enable", person.id, before)


def _keep_an_admin(writing: Writing, leaving: Person) -> None:
    """Raise unless another admin stays. The rows are locked: of two who demote each other, the second is refused."""
    admins = select(users.c.id).where(users.c.role == "admin", users.c.disabled.is_(False))
    staying = writing.connection.scalars(admins.order_by(users.c.id).with_for_update()).all()
    if not leaving.disabled and set(staying) <= {leaving.id}:
        raise PeopleRefusedError(
            f"{leaving.email} is the last admin who can sign in; make somebody else an admin first"
        )


def _created(writing: Writing, address: str, access: Access) -> int:
    values = {"email": address, "name": (access.name or "").strip(), "role": access.role}
    try:
        return writing.connection.execute(insert(users).returning(users.c.id), [values]).scalar_one()
    except IntegrityError as error:
        raise PeopleRefusedError(f"somebody else added {address} just now; look again") from error


def _replace_grants(writing: Writing, user_id: int, access: Access) -> None:
    rows: list[dict[str, Any]] = []
    for code in dict.fromkeys(access.sites or ()):
        site_id = writing.connection.scalar(select(sites.c.id).where(sites.c.code == code))
        if site_id is None:
            raise NotFoundError(f"there is no site {code}")
        rows.append({"user_id": user_id, "site_id": site_id, "region": None})
    known = set(writing.connection.scalars(select(sites.c.region).distinct()))
    for region in dict.fromkeys(access.regions or ()):
        if not region or region not in known:
            raise NotFoundError(f"no site is in the region {region}")
        rows.append({"user_id": user_id, "site_id": None, "region": region})
    writing.connection.execute(delete(grants).where(grants.c.user_id == user_id))
    if rows:
        writing.connection.execute(insert(grants), rows)


def _known(writing: Writing, person: Person) -> Mapping[str, Any]:
    codes, regions = grants_of(writing.connection, person.id)
    return {
        "email": person.email,
        "name": person.name,
        "role": person.role,
        "disabled": person.disabled,
        "bound": person.bound,
        "sites": codes,
        "regions": regions,
    }


def _told(writing: Writing, action: str, user_id: int, before: Mapping[str, Any] | None) -> Person:
    person = person_by_id(writing.connection, user_id)
    if person is None:
        raise NotFoundError("this user is not there any more")
    writing.record(action, users.name, user_id, before=before, after=_known(writing, person))
    return person
