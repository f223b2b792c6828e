"""Saved mappings: how files are read, by name."""

from sqlalchemy import Connection, select

from data_access.importers.mappings import DELETED, SavedMapping, from_text
from data_access.schema import import_mappings
from data_access.scope import Scope, require


def mapping_rows(connection: Connection, scope: Scope, kind: str) -> list[SavedMapping]:
    """Those of a kind by name; none for whoever sees only some sites, as they may name a bank account."""
    if not require(scope).everything:
        return []
    table = import_mappings.c
    statement = select(table.kind, table.name, table.options, table.titles).where(
        table.kind == kind, table.options != DELETED
    )
    return [from_text(*row) for row in connection.execute(statement.order_by(table.name))]
