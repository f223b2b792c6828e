"""How current the ledger is: when something last came in, and whether there is anything at all."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select

from data_access.schema import audit_log, calendar_tokens, import_batches, sites, users
from data_access.scope import Scope, within
from domain.audit import NO_CHANGE

_OF_PEOPLE = (users.name, calendar_tokens.name)


@dataclass(frozen=True, slots=True)
class Freshness:
    """Moments in UTC, None for never. `sites` counts the sites in scope."""

    changed_at: datetime | None
    imported_at: datetime | None
    sites: int


def freshness(connection: Connection, scope: Scope) -> Freshness:
    """The newest audited change, the newest import, and the number of sites in scope. Who may come in is no ledger."""
    of_ledger = select(audit_log.c.at).where(
        audit_log.c.action.not_in(NO_CHANGE), audit_log.c.entity.not_in(_OF_PEOPLE)
    )
    changed = connection.scalar(of_ledger.order_by(audit_log.c.seq.desc()).limit(1))
    imported = connection.scalar(
        select(import_batches.c.imported_at).order_by(import_batches.c.imported_at.desc()).limit(1)
    )
    count = connection.scalar(select(func.count()).select_from(sites).where(within(scope, sites.c.id)))
    return Freshness(changed, imported, count or 0)
