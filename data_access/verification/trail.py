"""Checks I1 to I6 on imports and A1 to A2 on the audit trail."""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, func, select, text

from data_access.importers.existing import batches
from data_access.schema import audit_log
from data_access.verification.events import as_stored, moment_of, values_of
from domain.audit import AuditEvent, Head, broken_anchors, broken_links

_ROW_KEY = re.compile(r"(?P<row>row:[0-9a-f]{64})#(?P<occurrence>[1-9][0-9]*)")
_OF_THEIR_KIND = ("invoices", "charges", "payments", "allocations", "calls", "notices", "usage")
IMPORTED = (*_OF_THEIR_KIND, "disputes", "vendor_statement_lines")
_KIND_OF = {table: table for table in _OF_THEIR_KIND} | {"vendor_statement_lines": "statements"}


def keys_are_unique(connection: Connection) -> Iterator[str]:
    """I1."""
    for table in IMPORTED:
        statement = (
            f"SELECT account_id, source, import_key, count(*) AS n FROM {table} WHERE import_key IS NOT NULL "  # noqa: S608
            "GROUP BY account_id, source, import_key HAVING count(*) > 1"
        )
        for row in connection.execute(text(statement)):
            yield f"{table}: {row.n} rows of account {row.account_id} share the key {row.import_key} of {row.source}"
        statement = f"SELECT id FROM {table} WHERE import_key IS NOT NULL AND source IS NULL"  # noqa: S608
        for row in connection.execute(text(statement)):
            yield f"{table} {row.id}: an import key without a source"


def twins_are_numbered(connection: Connection) -> Iterator[str]:
    """I2: occurrences of one row of one source count 1, 2, 3 without a gap, so the same file again adds nothing."""
    for table in IMPORTED:
        seen: dict[tuple[int, str, str], list[int]] = {}
        statement = (
            f"SELECT id, account_id, source, import_key FROM {table} WHERE import_key IS NOT NULL "  # noqa: S608
            "AND import_key NOT LIKE 'id:_%' AND import_key NOT LIKE 'row:%#1'"
        )
        # A first occurrence is the rule: only the rest is looked at one by one.
        for row in connection.execute(text(statement)):
            match = _ROW_KEY.fullmatch(row.import_key)
            if match is None:
                yield f"{table} {row.id}: {row.import_key[:80]!r} is not an import key"
            else:
                seen.setdefault((row.account_id, row.source, match["row"]), []).append(int(match["occurrence"]))
        for (account_id, source, body), numbers in seen.items():
            first = text(
                f"SELECT 1 FROM {table} WHERE account_id = :account AND source = :source AND import_key = :key"  # noqa: S608
            )
            values = {"account": account_id, "source": source, "key": f"{body}#1"}
            has_first = connection.scalar(first, values) is not None
            found = sorted([1] * has_first + numbers)
            if found != list(range(1, len(found) + 1)):
                yield f"{table}: account {account_id}, {source}: occurrences {found} of {body[:20]}... have a gap"


def batches_add_up(connection: Connection) -> Iterator[str]:
    """I3: rows read = added + duplicate + rejected, and each rejected row is kept with its line and reason."""
    statement = (
        "SELECT b.id, b.rows_read, b.added, b.duplicate, b.rejected, count(DISTINCT r.line) AS kept FROM import_batches b "
        "LEFT JOIN import_rejects r ON r.batch_id = b.id GROUP BY b.id, b.rows_read, b.added, b.duplicate, b.rejected"
    )
    for row in connection.execute(text(statement)):
        if row.rows_read != row.added + row.duplicate + row.rejected:
            yield f"import {row.id}: {row.rows_read} read is not {row.added} + {row.duplicate} + {row.rejected}"
        if row.kept != row.rejected:
            yield f"import {row.id}: {row.rejected} rejected, {row.kept} kept with a line"
    for row in connection.execute(text("SELECT id FROM import_rejects WHERE reason = '' OR line < 1")):
        yield f"rejected row {row.id}: no reason or no line"


def batches_are_whole(connection: Connection) -> Iterator[str]:
    """I4: an import of ledger rows left as many rows as it says it added."""
    for table, kind in _KIND_OF.items():
        own = "AND t.import_key IS NOT NULL" + (" AND t.kind <> 'reversal'" if table == "payments" else "")
        statement = (
            f"SELECT b.id, b.added, count(t.id) AS landed FROM import_batches b LEFT JOIN {table} t "  # noqa: S608
            f"ON t.batch_id = b.id {own} WHERE b.kind = '{kind}' GROUP BY b.id, b.added HAVING count(t.id) <> b.added"
        )
        for row in connection.execute(text(statement)):
            yield f"import {row.id}: says {row.added} {table} were added, {row.landed} are there"


def hashes_are_kept(connection: Connection) -> Iterator[str]:
    """I6: the raw file's SHA-256."""
    for row in connection.execute(text("SELECT id, sha256 FROM import_batches")):
        if not re.fullmatch("[0-9a-f]{64}", row.sha256):
            yield f"import {row.id}: no SHA-256 of its file"


def changes_are_told(connection: Connection) -> Iterator[str]:
    """A1: each import has one audit event that tells its counts; each event tells of a row that exists."""
    told: dict[int, list[dict[str, object]]] = {}
    statement = select(audit_log.c.entity_id, audit_log.c.after).where(audit_log.c.entity == "import_batches")
    for row in connection.execute(statement):
        told.setdefault(row.entity_id, []).append(values_of(row.after))
    for batch in connection.execute(text("SELECT id, sha256, added FROM import_batches")):
        events = told.get(batch.id, [])
        if len(events) != 1:
            yield f"import {batch.id}: {len(events)} audit events instead of one"
        elif events[0].get("sha256") != batch.sha256 or events[0].get("added") != batch.added:
            yield f"import {batch.id}: its audit event tells of another file or count"
    for table in (
        "payments",
        "calls",
        "disputes",
        "invoices",
        "allocations",
        "notices",
        "payment_contacts",
        "dispute_events",
        "scenarios",
    ):
        statement_text = (
            f"SELECT l.seq, l.entity_id FROM audit_log l LEFT JOIN {table} t ON t.id = l.entity_id "  # noqa: S608
            f"WHERE l.entity = '{table}' AND l.entity_id IS NOT NULL AND t.id IS NULL"
        )
        for row in connection.execute(text(statement_text)):
            yield f"audit event {row.seq}: {table} {row.entity_id} is gone"


def chain_holds(connection: Connection) -> Iterator[str]:
    """A2: gapless numbers, each hash over its event and the hash before."""
    statement = select(*(as_stored(connection, column) for column in audit_log.c))
    rows = connection.execute(statement.order_by(audit_log.c.seq), execution_options={"yield_per": 2000})
    yield from broken_links((event_of(row), row.prev_hash, row.hash) for row in rows)


def anchors_hold(connection: Connection, anchors: Sequence[Head]) -> Iterator[str]:
    """A3: the events whose numbers and hashes were kept off the machine are still those events."""
    kept: dict[int, Head] = {}
    columns = [as_stored(connection, column) for column in (audit_log.c.seq, audit_log.c.hash, audit_log.c.at)]
    for some in batches(sorted({anchor.seq for anchor in anchors})):
        for row in connection.execute(select(*columns).where(audit_log.c.seq.in_(some))):
            kept[row.seq] = Head(row.seq, row.hash, moment_of(row.at))
    last = connection.scalar(select(func.coalesce(func.max(audit_log.c.seq), 0))) or 0
    yield from broken_anchors(anchors, kept, last)


def event_of(row: Any) -> AuditEvent:
    """A row of the trail as the event that its hash covers."""
    values: dict[str, Any] = {name: getattr(row, name) for name in AuditEvent.__slots__}
    values["at"] = moment_of(row.at)
    return AuditEvent(**values)


def unattributed(connection: Connection) -> Iterator[str]:
    """Rows that another program wrote: allowed, and worth knowing."""
    for table in ("payments", "calls", "disputes", "notices"):
        statement = (
            f"SELECT count(*) FROM {table} t WHERE t.batch_id IS NULL AND NOT EXISTS "  # noqa: S608
            f"(SELECT 1 FROM audit_log l WHERE l.entity = '{table}' AND l.entity_id = t.id)"
        )
        if table == "payments":
            statement += " AND t.kind <> 'reversal'"
        if count := connection.scalar(text(statement)):
            yield f"{count} {table} were written by another program: they carry no audit event"


TRAIL_CHECKS: tuple[tuple[str, str, Callable[[Connection], Iterator[str]]], ...] = (
    ("I1", "import keys are unique", keys_are_unique),
    ("I2", "twins are numbered without a gap", twins_are_numbered),
    ("I3", "rows read = added + duplicate + rejected, each reject with its reason", batches_add_up),
    ("I4", "each import landed whole", batches_are_whole),
    ("I6", "each import keeps its file's SHA-256", hashes_are_kept),
    ("A1", "every import and hand-made change is told in the audit trail", changes_are_told),
    ("A2", "the audit trail is gapless and hash-chained", chain_holds),
)
