"""Has somebody changed something since? The audit trail knows, whichever process or program wrote."""

from sqlalchemy import exists, func, select

from data_access.database import Database
from data_access.schema import audit_log
from data_access.scope import Scope


def last_event(database: Database) -> int:
    """The number of the newest audit event, 0 for none."""
    with database.reading(Scope.all_sites()) as connection:
        return connection.scalar(select(func.max(audit_log.c.seq))) or 0


def has_changed(database: Database, actor: str, since: int) -> bool:
    """Has `actor` written an event beyond number `since`?"""
    later = exists().where(audit_log.c.seq > since, audit_log.c.actor == actor)
    with database.reading(Scope.all_sites()) as connection:
        return bool(connection.scalar(select(later)))
