"""The audit trail's chain: each event's hash covers the event and the hash before it."""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

GENESIS = "0" * 64
# What is told though nothing of the ledger changed: a number shown, a refusal, the head sent away.
NO_CHANGE = ("reveal", "deny", "send")
_SHOWN = 12  # characters of a hash, for people


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


class HeadError(ValueError):
    """Text that is no head of the trail."""


@dataclass(frozen=True, slots=True)
class Head:
    """The last event of the trail at some moment. Kept off the machine it is an anchor: all that is before it must stay."""

    seq: int
    hash: str
    at: datetime

    @property
    def token(self) -> str:
        """Number, hash and time (UTC) in one word, to be copied."""
        at = self.at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds")
        return f"{self.seq}:{self.hash}:{at}Z"


_TOKEN = re.compile(
    r"([1-9][0-9]{0,17}):([0-9a-f]{64}):([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6})Z"
)


def read_head(token: str) -> Head:
    """The head that a token names. Raises HeadError."""
    match = _TOKEN.fullmatch(token.strip())
    try:
        at = datetime.fromisoformat(match[3]).replace(tzinfo=UTC) if match else None
    except ValueError:  # a 31st of February
        at = None
    if match is None or at is None:
        raise HeadError(f"{token.strip()[:80]!r} is no head of the trail; `python manage.py audit head` prints one")
    return Head(int(match[1]), match[2], at)


def broken_anchors(anchors: Iterable[Head], kept: Mapping[int, Head], last: int) -> Iterable[str]:
    """Findings for anchors against the events of their numbers (`kept`) and the number of the last event.

    A chain that was recomputed from a changed event on agrees with itself: only an anchor tells.
    """
    holds = 0
    for anchor in sorted(set(anchors), key=lambda head: (head.seq, head.hash, head.at)):
        when = f"anchored as of {anchor.at:%Y-%m-%d %H:%M} UTC"
        there = kept.get(anchor.seq)
        if there is None and anchor.seq > last:
            yield f"audit event {anchor.seq}, {when}, is gone: the trail was cut off and ends at {last or 'nothing'}"
        elif there is None:
            yield f"audit event {anchor.seq}, {when}, is gone"
        elif there.hash != anchor.hash:
            since = f"one of the events {holds + 1} to {anchor.seq}" if holds + 1 < anchor.seq else "it"
            yield (
                f"audit event {anchor.seq} is not the one that was {when}: its hash is {there.hash[:_SHOWN]}..., "
                f"the anchor's {anchor.hash[:_SHOWN]}...; {since} was rewritten"
            )
        elif there.at != anchor.at:
            yield f"audit event {anchor.seq} says {there.at:%Y-%m-%d %H:%M:%S} UTC, its anchor another time"
        else:
            holds = anchor.seq
