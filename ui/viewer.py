"""Who is looking. Everything that is read or written is done on a viewer's behalf."""

from dataclasses import dataclass
from datetime import date, datetime

from data_access.commands.reveals import MAY_REVEAL
from data_access.queries.people import Person
from data_access.scope import Scope


@dataclass(frozen=True, slots=True)
class Viewer:
    """One person at the screen. `now` is aware, in the time zone where they sit; `name` is the actor of what they change.

    person: the user who signed in, None for the local operator. session: names this sign-in among the person's others.
    """

    name: str
    role: str
    scope: Scope
    now: datetime
    person: Person | None = None
    session: str = ""

    @property
    def today(self) -> date:
        """The date where they sit."""
        return self.now.date()

    def may_write(self) -> bool:
        """May this viewer record payments, calls and imports?"""
        return self.role in ("finance", "admin")

    def may_administer(self) -> bool:
        """May this viewer say who may do what?"""
        return self.role == "admin"

    def may_reveal(self) -> bool:
        """May this viewer see whole account numbers?"""
        return self.role in MAY_REVEAL


def local_operator(now: datetime) -> Viewer:
    """The one person at this machine, who sees and does everything; the server listens on localhost only."""
    return Viewer("operator", "admin", Scope.all_sites(), now)
