"""What a command runs with: the database, on whose behalf, today, and where to print."""

import json
import sys
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from data_access.database import Database
from data_access.queries.people import person_by_email, scope_of
from data_access.scope import Scope

OPERATOR = "operator"

DONE, FOUND, USAGE = 0, 1, 2


class RefusedError(Exception):
    """A command cannot do what was asked; the message is for the person at the terminal. Exit code 1."""


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


def scope_for(database: Database, email: str | None) -> tuple[Scope, str]:
    """(scope, actor) of the user at `email`, or the operator's when None; raises RefusedError for strangers."""
    if email is None:
        return Scope.all_sites(), OPERATOR
    with database.reading(Scope.all_sites()) as connection:
        person = person_by_email(connection, email)
        if person is None:
            raise RefusedError(f"there is no user {email}")
        if person.disabled:
            raise RefusedError(f"the user {email} is disabled")
        return scope_of(connection, person), person.email
