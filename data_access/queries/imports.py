"""Past imports and what they rejected."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, Table, and_, select, true

from data_access.queries.expressions import contains
from data_access.queries.keyset import Mark, Order, page_of, turned
from data_access.schema import import_batches, import_rejects
from data_access.scope import Scope, require


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


def _within(scope: Scope, actor: str, table: Table) -> ColumnElement[bool]:
    """A file mixes sites: whoever sees only some of them sees what they imported themselves."""
    return true() if require(scope).everything else and_(table.c.actor == actor, table.c.actor != "")


def batch_rows(
    connection: Connection,
    scope: Scope,
    actor: str,
    *,
    search: str = "",
    batch_id: int | None = None,
    after: Mark | None = None,
    before: Mark | None = None,
    limit: int = 50,
) -> list[BatchRow]:
    """The newest imports first; `actor` is who asks, `after` (imported_at, id) of the last one shown, `before` of the first.

    search: a part of the file's name, its source or its kind.
    """
    b = import_batches.c
    statement = select(*(b[f] for f in BatchRow.__dataclass_fields__)).where(_within(scope, actor, import_batches))
    if search.strip():
        statement = statement.where(contains([b.file_name, b.source, b.kind, b.actor], search))
    if batch_id is not None:
        statement = statement.where(b.id == batch_id)
    order = Order((b.imported_at, b.id), descending=True)
    found = connection.execute(page_of(statement, order, after=after, before=before, limit=limit))
    return turned([BatchRow(**row._mapping) for row in found], before)


def reject_rows(connection: Connection, scope: Scope, actor: str, batch_id: int, limit: int = 1000) -> list[RejectRow]:
    """The rejected rows of one import, in order of line; `actor` is who asks."""
    fields = RejectRow.__dataclass_fields__
    statement = (
        select(*(import_rejects.c[f] for f in fields))
        .where(import_rejects.c.batch_id == batch_id, _within(scope, actor, import_rejects))
        .order_by(import_rejects.c.line, import_rejects.c.id)
        .limit(limit)
    )
    return [RejectRow(**row._mapping) for row in connection.execute(statement)]
