"""Past imports and what they rejected."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from data_access.schema import import_batches, import_rejects
from data_access.scope import Scope, ScopeRequiredError


@dataclass(frozen=True, slots=True)
class BatchRow:
    """One accepted import; rows_read = added + duplicate + rejected."""

    id: int
    kind: str
    source: str
    file_name: str
    sha256: str
    rows_read: int
    added: int
    duplicate: int
    rejected: int
    actor: str
    imported_at: datetime


@dataclass(frozen=True, slots=True)
class RejectRow:
    """One row that an import refused."""

    line: int
    column_name: str
    value: str
    reason: str
    row_text: str


def _require_everything(scope: Scope) -> bool:
    """Batches mix sites, so only a scope of every site sees them."""
    if not isinstance(scope, Scope):
        raise ScopeRequiredError("this query needs a Scope; None is not one")
    return scope.everything


def batch_rows(connection: Connection, scope: Scope, limit: int = 50) -> list[BatchRow]:
    """The newest imports first."""
    if not _require_everything(scope):
        return []
    fields = BatchRow.__dataclass_fields__
    statement = (
        select(*(import_batches.c[f] for f in fields))
        .order_by(import_batches.c.imported_at.desc(), import_batches.c.id.desc())
        .limit(limit)
    )
    return [BatchRow(**row._mapping) for row in connection.execute(statement)]


def reject_rows(connection: Connection, scope: Scope, batch_id: int, limit: int = 1000) -> list[RejectRow]:
    """The rejected rows of one import, in order of line."""
    if not _require_everything(scope):
        return []
    fields = RejectRow.__dataclass_fields__
    statement = (
        select(*(import_rejects.c[f] for f in fields))
        .where(import_rejects.c.batch_id == batch_id)
        .order_by(import_rejects.c.line, import_rejects.c.id)
        .limit(limit)
    )
    return [RejectRow(**row._mapping) for row in connection.execute(statement)]
