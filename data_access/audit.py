"""Appending to the audit trail, in the transaction of the change that it tells of."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, insert, select, text

from data_access.schema import audit_log
from domain.audit import GENESIS, AuditEvent, Head

# One key for the whole trail: its numbers are gapless, so its writers queue, but only from here to the commit.
_TRAIL_LOCK = 0x44756577


@dataclass(frozen=True, slots=True)
class Change:
    """What one write did, before it has a number."""

    action: str
    entity: str
    entity_id: int | None
    site_id: int | None
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None


def as_text(values: Mapping[str, Any] | None) -> str | None:
    """JSON with sorted keys; dates and instants in ISO form."""
    if values is None:
        return None
    return json.dumps(dict(values), sort_keys=True, ensure_ascii=False, default=_plain)


def _plain(value: object) -> str:
    if isinstance(value, date | datetime):
        return value.isoformat()
    return str(value)


def _head(connection: Connection) -> tuple[int, str]:
    """Number and hash of the last event, wherever it happened: on PostgreSQL a scope would hide it."""
    if connection.dialect.name == "postgresql":
        head = connection.execute(text("SELECT seq, hash FROM duewatch_trail_head()")).one()
    else:
        head = connection.execute(
            select(audit_log.c.seq, audit_log.c.hash).order_by(audit_log.c.seq.desc()).limit(1)
        ).one_or_none()
    return (head.seq, head.hash) if head and head.seq else (0, GENESIS)


def head(connection: Connection) -> Head | None:
    """The last event as this transaction sees it; None for an empty trail. For somebody who sees every site."""
    newest = select(audit_log.c.seq, audit_log.c.hash, audit_log.c.at).order_by(audit_log.c.seq.desc()).limit(1)
    row = connection.execute(newest).one_or_none()
    return None if row is None else Head(row.seq, row.hash, row.at)


def append(connection: Connection, actor: str, at: datetime, changes: Sequence[Change]) -> None:
    """Number, chain and insert `changes`. Call it last: it holds the trail's lock until the commit."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _TRAIL_LOCK})
    seq, prev_hash = _head(connection)
    rows = []
    for change in changes:
        seq += 1
        event = AuditEvent(
            seq=seq,
            at=at,
            actor=actor,
            action=change.action,
            entity=change.entity,
            entity_id=change.entity_id,
            site_id=change.site_id,
            before=as_text(change.before),
            after=as_text(change.after),
        )
        own_hash = event.hash_after(prev_hash)
        rows.append(
            {field: getattr(event, field) for field in AuditEvent.__slots__}
            | {"prev_hash": prev_hash, "hash": own_hash}
        )
        prev_hash = own_hash
    connection.execute(insert(audit_log), rows)
