"""The audit chain: whatever is done to a link shows."""

import hashlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.audit import GENESIS, AuditEvent, broken_links

AT = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


def event(seq, **values):
    fields = {"at": AT, "actor": "ana", "action": "record", "entity": "payments", "entity_id": seq, "site_id": 1}
    return AuditEvent(seq=seq, **fields | {"before": None, "after": f'{{"amount": {seq}}}'} | values)


def chained(*events):
    links, prev_hash = [], GENESIS
    for one in events:
        own = one.hash_after(prev_hash)
        links.append((one, prev_hash, own))
        prev_hash = own
    return links


def found(links):
    return list(broken_links(links))


@pytest.fixture
def chain():
    return chained(*(event(n) for n in range(1, 6)))


def test_the_hash_is_sha_256_of_the_hash_before_and_every_field():
    # Written out by hand, so that an old chain can be checked by anyone, and a change of the format shows.
    text = (
        '["'
        + "0" * 64
        + '",1,"2026-11-20T12:00:00.000000+00:00","ana","record","payments",1,1,null,"{\\"amount\\": 1}"]'
    )
    assert event(1).hash_after(GENESIS) == hashlib.sha256(text.encode()).hexdigest()


def test_a_moment_hashes_alike_in_every_zone():
    there = AT.astimezone(timezone(timedelta(hours=5, minutes=30)))
    assert event(1, at=there).hash_after(GENESIS) == event(1).hash_after(GENESIS)


def test_a_sound_chain_has_no_findings(chain):
    assert found(chain) == []
    assert found([]) == []


def test_an_edited_event_is_named(chain):
    one, prev_hash, own_hash = chain[2]
    chain[2] = (replace(one, after='{"amount": 999}'), prev_hash, own_hash)
    assert found(chain) == ["audit event 3 was altered: its hash does not match its content"]


def test_an_edited_event_with_a_hash_of_its_own_breaks_the_next_link(chain):
    one, prev_hash, _ = chain[2]
    forged = replace(one, after='{"amount": 999}')
    chain[2] = (forged, prev_hash, forged.hash_after(prev_hash))
    assert found(chain) == ["audit event 4 does not follow from the one before it"]


def test_a_deleted_event_is_named(chain):
    del chain[1]
    assert found(chain) == ["audit event 2 is missing (next found: 3)"]


def test_a_truncated_middle_is_named(chain):
    del chain[1:4]
    assert found(chain) == ["audit event 2 is missing (next found: 5)"]


def test_a_missing_beginning_is_named(chain):
    assert found(chain[2:]) == ["audit event 1 is missing (next found: 3)"]


def test_a_deleted_event_with_the_rest_renumbered_shows(chain):
    links = [*chain[:1], *((replace(one, seq=one.seq - 1), p, h) for one, p, h in chain[2:])]
    assert found(links)[0] == "audit event 2 does not follow from the one before it"


def test_two_swapped_events_show(chain):
    (second, p2, h2), (third, p3, h3) = chain[1], chain[2]
    chain[1], chain[2] = (replace(third, seq=2), p3, h3), (replace(second, seq=3), p2, h2)
    findings = found(chain)
    assert "audit event 2 does not follow from the one before it" in findings
    assert "audit event 3 was altered: its hash does not match its content" in findings
    # Only their contents swapped, in place.
    one, two = chained(event(1), event(2))
    swapped = [(replace(two[0], seq=1), one[1], one[2]), (replace(one[0], seq=2), two[1], two[2])]
    assert len(found(swapped)) == 2


@given(
    field=st.sampled_from(["at", "actor", "action", "entity", "entity_id", "site_id", "before", "after"]),
    position=st.integers(0, 4),
)
def test_a_change_of_any_field_of_any_event_shows(field, position):
    links = chained(*(event(n) for n in range(1, 6)))
    other = {"at": AT + timedelta(microseconds=1), "entity_id": 77, "site_id": None}.get(field, "other")
    one, prev_hash, own_hash = links[position]
    links[position] = (replace(one, **{field: other}), prev_hash, own_hash)
    assert found(links) == [f"audit event {position + 1} was altered: its hash does not match its content"]


def test_text_moved_between_neighbouring_fields_changes_the_hash():
    assert event(1, actor="ab", action="c").hash_after(GENESIS) != event(1, actor="a", action="bc").hash_after(GENESIS)
    assert event(1, before="x", after=None).hash_after(GENESIS) != event(1, before=None, after="x").hash_after(GENESIS)
    assert event(1, before="null").hash_after(GENESIS) != event(1, before=None).hash_after(GENESIS)
