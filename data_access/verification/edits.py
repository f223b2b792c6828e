"""Check L6, the edits: what people entered still says what the audit trail heard when they entered it."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import Column, Connection, Table, and_, select

from data_access.audit import as_text
from data_access.schema import allocations, audit_log, calls, disputes, notices, payments
from data_access.schema.types import Instant
from data_access.verification.events import as_stored, moment_of, values_of

# By table: the actions that tell of a new row, and the columns that may change afterwards by rule.
_BORN = {
    payments: (("record",), {"status", "posted_on", "reversed_on", "allocated"}),
    calls: (("log", "amend"), set()),
    disputes: (("open",), {"closed_on", "outcome"}),
    notices: (("record",), {"withdrawn_on"}),
}
_MAY_MOVE = {"site_id"}  # with its account
_MAY_BE_FILLED_IN = {"confirmation_number": "", "call_id": None}
_ALLOCATED = ("account_id", "payment_id", "credit_note_id", "invoice_id", "refund_id", "amount", "applied_on")


def posted_rows_stand(connection: Connection) -> Iterator[str]:
    """Each row that differs from its own audit event, and each allocation that was told of and is not there."""
    for table, (actions, may_change) in _BORN.items():
        for row in _told(connection, table, actions):
            was, now = values_of(row.told), _plain(row._mapping)
            for name in sorted(was.keys() & now.keys() - may_change - _MAY_MOVE):
                filled_in = name in _MAY_BE_FILLED_IN and was[name] == _MAY_BE_FILLED_IN[name]
                if not filled_in and not _same(table.c[name], was[name], now[name]):
                    yield f"{table.name} {row.id}: {name} is {now[name]!r}, audit event {row.seq} says {was[name]!r}"
    yield from _allocations_stand(connection)


def _same(column: Column[Any], was: Any, now: Any) -> bool:
    """A moment is the same in every zone."""
    if isinstance(column.type, Instant) and was and now:
        return moment_of(was) == moment_of(now)
    return bool(was == now)


def _told(connection: Connection, table: Table, actions: tuple[str, ...]) -> Iterator[Any]:
    statement = (
        select(audit_log.c.seq, audit_log.c.after.label("told"), *(as_stored(connection, c) for c in table.columns))
        .join(table, and_(audit_log.c.entity == table.name, audit_log.c.entity_id == table.c.id))
        .where(audit_log.c.action.in_(actions))
        .order_by(audit_log.c.seq)
    )
    yield from connection.execute(statement, execution_options={"yield_per": 1000})


def _plain(row: Mapping[Any, Any]) -> dict[str, Any]:
    """A row in the words of an audit event."""
    return values_of(as_text(row))


def _allocations_stand(connection: Connection) -> Iterator[str]:
    told: Counter[str] = Counter()
    statement = select(audit_log.c.seq, audit_log.c.after).where(audit_log.c.action == "allocate")
    events: dict[str, list[int]] = {}
    for event in connection.execute(statement.order_by(audit_log.c.seq)):
        values = values_of(event.after)
        if "amount" in values:
            key = _key(values)
            told[key] += 1
            events.setdefault(key, []).append(event.seq)
    if not told:
        return
    own = select(*(as_stored(connection, allocations.c[name]) for name in _ALLOCATED)).where(
        allocations.c.batch_id.is_(None), allocations.c.reverses_id.is_(None)
    )
    for row in connection.execute(own, execution_options={"yield_per": 1000}):
        told[_key(_plain(row._mapping))] -= 1
    for key, seqs in events.items():
        for seq in seqs[: max(0, told[key])]:
            yield f"allocations: audit event {seq} tells of {key}, which is not there"


def _key(values: dict[str, Any]) -> str:
    return ", ".join(f"{name} {values[name]}" for name in _ALLOCATED if values.get(name) is not None)
