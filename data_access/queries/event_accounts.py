"""Which account an audit event is about, as far as the event or its row says."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, select

from data_access.schema import accounts, metadata, vendors
from data_access.scope import Scope, within

_HAVE_AN_ACCOUNT = ("payments", "invoices", "calls", "disputes", "allocations")
Values = dict[str, Any] | None


def accounts_of(
    connection: Connection, scope: Scope, rows: Sequence[Any], values: Sequence[tuple[Values, Values]]
) -> dict[int, Any]:
    """By event number: its account (vendor, account_number, currency). `values`: each row's before and after."""
    ids = _ids(connection, scope, rows, values)
    known = _known(connection, scope, ids.values())
    return {seq: known[account_id] for seq, account_id in ids.items() if account_id in known}


def _ids(
    connection: Connection, scope: Scope, rows: Sequence[Any], values: Sequence[tuple[Values, Values]]
) -> dict[int, int]:
    found: dict[int, int] = {}
    asked: dict[str, dict[int, list[int]]] = {}
    for row, (before, after) in zip(rows, values, strict=True):
        named = (after or {}).get("account_id") or (before or {}).get("account_id")
        if row.entity == accounts.name and row.entity_id is not None:
            found[row.seq] = row.entity_id
        elif isinstance(named, int):
            found[row.seq] = named
        elif row.entity in _HAVE_AN_ACCOUNT and row.entity_id is not None:
            asked.setdefault(row.entity, {}).setdefault(row.entity_id, []).append(row.seq)
    for entity, events in asked.items():
        table = metadata.tables[entity]
        statement = select(table.c.id, table.c.account_id).where(
            table.c.id.in_(list(events)), within(scope, table.c.site_id)
        )
        for row in connection.execute(statement):
            found |= dict.fromkeys(events[row.id], row.account_id)
    return found


def _known(connection: Connection, scope: Scope, ids: Iterable[int]) -> dict[int, Any]:
    statement = (
        select(accounts.c.id, vendors.c.name.label("vendor"), accounts.c.account_number, accounts.c.currency)
        .join(vendors, vendors.c.id == accounts.c.vendor_id)
        .where(accounts.c.id.in_(sorted(set(ids))), within(scope, accounts.c.site_id))
    )
    return {row.id: row for row in connection.execute(statement)}
