"""The audit trail's chain: each event's hash covers the event and the hash before it."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

GENESIS = "0" * 64


@dataclass(frozen=True, slots=True)
class AuditEvent:
    """One change: who, when (UTC), what, at which site, before and after (JSON text)."""

    seq: int
    at: datetime
    actor: str
    action: str
    entity: str
    entity_id: int | None
    site_id: int | None
    before: str | None
    after: str | None

    def hash_after(self, prev_hash: str) -> str:
        """SHA-256 (hex) of this event chained to `prev_hash`."""
        at = self.at.astimezone(UTC).isoformat(timespec="microseconds")
        fields = [
            prev_hash,
            self.seq,
            at,
            self.actor,
            self.action,
            self.entity,
            self.entity_id,
            self.site_id,
            self.before,
            self.after,
        ]
        text = json.dumps(fields, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()


def broken_links(chain: Iterable[tuple[AuditEvent, str, str]]) -> Iterable[str]:
    """Findings for a chain of (event, prev_hash, hash) in order of seq: gaps, wrong links, altered events."""
    expected_seq, expected_prev = 1, GENESIS
    for event, prev_hash, own_hash in chain:
        if event.seq != expected_seq:
            yield f"audit event {expected_seq} is missing (next found: {event.seq})"
        elif prev_hash != expected_prev:
            yield f"audit event {event.seq} does not follow from the one before it"
        if event.hash_after(prev_hash) != own_hash:
            yield f"audit event {event.seq} was altered: its hash does not match its content"
        expected_seq, expected_prev = event.seq + 1, own_hash
