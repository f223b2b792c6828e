"""Who is looking. Everything that is read or written is done on a viewer's behalf."""

from dataclasses import dataclass
from datetime import date

from data_access.scope import Scope


@dataclass(frozen=True, slots=True)
class Viewer:
    """One person at the screen. `today` is the date where they sit; `name` is the actor of what they change."""

    name: str
    role: str
    scope: Scope
    today: date

    def may_write(self) -> bool:
        """May this viewer record payments, calls and imports?"""
        return self.role in ("finance", "admin")


def local_operator(today: date) -> Viewer:
    """The one person at this machine, who sees and does everything; the server listens on localhost only."""
    return Viewer("operator", "admin", Scope.all_sites(), today)
