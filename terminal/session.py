"""What a command runs with: the database, on whose behalf, today, and where to print."""

import json
import sys
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from data_access.commands.denials import Denial
from data_access.database import Database
from data_access.queries.people import person_by_email, scope_of
from data_access.scope import Scope
from domain.identity import Refusal

OPERATOR = "operator"
# Whom a command is for when it runs with --as.
EVERYONE = frozenset({"viewer", "finance", "admin"})
WRITERS = frozenset({"finance", "admin"})
ADMINS = frozenset({"admin"})

DONE, FOUND, USAGE = 0, 1, 2


class RefusedError(Exception):
    """A command cannot do what was asked; the message is for the person at the terminal. Exit code 1."""


class DeniedError(RefusedError):
    """Somebody may not do what was asked; `denial` is for the audit trail."""

    def __init__(self, message: str, denial: Denial) -> None:
        super().__init__(message)
        self.denial = denial


@dataclass(frozen=True, slots=True)
class Session:
    """One command's surroundings. `actor` names the audit trail's who; `today` is the only clock."""

    database: Database
    scope: Scope
    actor: str
    today: date
    as_json: bool

    def show(self, result: dict[str, Any], text: str) -> None:
        """Print the JSON or the text, as asked for."""
        print(json.dumps(result, ensure_ascii=False, indent=2) if self.as_json else text)

    def say(self, message: str) -> None:
        """A remark or a finding, on stderr."""
        print(message, file=sys.stderr)


def local_today() -> date:
    """The day at the edge."""
    return datetime.now(UTC).astimezone().date()


def scope_for(database: Database, email: str | None, command: str, roles: Collection[str]) -> tuple[Scope, str]:
    """(scope, actor) of the user at `email`, or the operator's when None.

    Raises DeniedError for strangers, and for a user whose role is none of `roles`.
    """
    if email is None:
        return Scope.all_sites(), OPERATOR
    what = f"command {command}"
    with database.reading(Scope.all_sites()) as connection:
        person = person_by_email(connection, email)
        if person is None:
            raise DeniedError(f"there is no user {email}", Denial(email, what, Refusal.UNKNOWN))
        if person.disabled:
            denial = Denial(person.email, what, Refusal.DISABLED, person.id)
            raise DeniedError(f"the user {email} is disabled", denial)
        if person.role not in roles:
            whom = "an admin, who may see every site" if roles == ADMINS else " or ".join(sorted(roles))
            denial = Denial(person.email, what, f"role {person.role}", person.id)
            raise DeniedError(f"{person.email} is {person.role}; this command is for {whom}", denial)
        return scope_of(connection, person), person.email
