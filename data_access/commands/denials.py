"""Telling the audit trail what was refused: who asked for what, and why not; never what was behind it."""

from dataclasses import dataclass

from sqlalchemy import select

from data_access.audit import as_text
from data_access.database import Database
from data_access.schema import accounts, audit_log, calls, invoices, payments, users
from data_access.scope import Scope

DENY = "deny"
# What an address may name, and the table that it is a row of.
RECORDS = {"account": accounts, "bill": invoices, "payment": payments, "call": calls}


@dataclass(frozen=True, slots=True)
class Denial:
    """`user_id` where the person is known. Within one `session` (a sign-in) the same denial is told once."""

    actor: str
    what: str
    why: str
    user_id: int | None = None
    session: str = ""

    @property
    def values(self) -> dict[str, str]:
        """What the event says."""
        return {"what": self.what, "why": self.why} | ({"session": self.session} if self.session else {})


def deny(database: Database, denial: Denial) -> None:
    """Add the event, in a transaction of its own: whoever refuses has written nothing else."""
    if denial.session and _is_told(database, denial):
        return
    database.writing(
        denial.actor,
        Scope.all_sites(),
        lambda writing: writing.record(DENY, users.name, denial.user_id, after=denial.values),
    )


def _is_told(database: Database, denial: Denial) -> bool:
    whose = audit_log.c.entity_id.is_(None) if denial.user_id is None else audit_log.c.entity_id == denial.user_id
    statement = select(audit_log.c.seq).where(
        audit_log.c.entity == users.name,
        whose,
        audit_log.c.action == DENY,
        audit_log.c.actor == denial.actor,
        audit_log.c.after == as_text(denial.values),
    )
    with database.reading(Scope.all_sites()) as connection:
        return connection.execute(statement.limit(1)).first() is not None


def is_hidden(database: Database, scope: Scope, kind: str, record_id: int) -> bool:
    """Is there such a record (one of RECORDS) outside `scope`? Told to nobody who asks: only a denial follows from it."""
    if scope.everything:
        return False
    table = RECORDS[kind]
    with database.reading(Scope.all_sites()) as connection:
        site_id = connection.scalar(select(table.c.site_id).where(table.c.id == record_id))
    return site_id is not None and not scope.allows(site_id)
