"""Who is here: the user behind the sign-in, looked up anew on every run, or the local operator where there is no sign-in."""

from dataclasses import dataclass
from datetime import datetime

import streamlit as st

from data_access.address import database_address
from data_access.commands.denials import Denial, deny
from data_access.commands.sign_ins import let_in
from data_access.queries.people import person_by_id, scope_of
from data_access.scope import Scope
from domain.identity import Identity, Refusal, identity_of
from ui import reads, start
from ui.viewer import Viewer, local_operator


@dataclass(frozen=True, slots=True)
class Stranger:
    """Somebody who may not come in: not signed in (no refusal), or signed in and refused."""

    refusal: Refusal | None
    identity: Identity | None


def who(now: datetime) -> Viewer | Stranger:
    """The viewer of this run. A refused sign-in is told to the audit trail, once a sign-in."""
    if start.settings() is None:
        return local_operator(now)
    if not st.user.get("is_logged_in"):
        return Stranger(None, None)
    identity = identity_of(st.user.to_dict())
    database = reads.open_database(database_address())
    person, answer = let_in(database, identity)
    session = " ".join(filter(None, (identity.issuer, identity.session)))
    if person is None or isinstance(answer, Refusal):
        refusal = answer if isinstance(answer, Refusal) else Refusal.UNKNOWN
        actor = person.email if person and refusal is Refusal.DISABLED else identity.subject or "unknown"
        what = f"sign-in as {identity.email}" if identity.email else "sign-in"
        deny(database, Denial(actor, what, refusal, person.id if person else None, session))
        return Stranger(refusal, identity)
    return Viewer(person.email, person.role, answer, now, person, session)


def is_still(viewer: Viewer) -> bool:
    """Is the viewer's user still let in, with the same role and sites? Asked again where no new run has asked."""
    if viewer.person is None:
        return True
    with reads.open_database(database_address()).reading(Scope.all_sites()) as connection:
        person = person_by_id(connection, viewer.person.id)
        if person is None or person.disabled or person.role != viewer.role:
            return False
        return scope_of(connection, person) == viewer.scope
