"""A head of the trail as one word, and what is found against heads that were kept elsewhere."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from domain.audit import Head, HeadError, broken_anchors, read_head

AT = datetime(2026, 11, 20, 12, 0, 0, 5, tzinfo=UTC)
A, B = "a" * 64, "b" * 64


def findings(anchors, kept, last):
    return list(broken_anchors(anchors, {head.seq: head for head in kept}, last))


def test_a_head_is_one_word_and_reads_back():
    head = Head(1042, A, AT.astimezone(timezone(timedelta(hours=-7))))
    assert head.token == f"1042:{A}:2026-11-20T12:00:00.000005Z"
    assert read_head(f" {head.token}\n") == Head(1042, A, AT)


@pytest.mark.parametrize(
    "token",
    ["", "1042", f"1042:{A}", f"0:{A}:2026-11-20T12:00:00.000005Z", f"1042:{A[1:]}:2026-11-20T12:00:00.000005Z",
     f"1042:{A}:2026-02-31T12:00:00.000005Z", f"1042:{A}:2026-11-20T12:00:00.000005", f"1042:{A.upper()}:2026-11-20T12:00:00.000005Z"],
)  # fmt: skip
def test_anything_else_is_none(token):
    with pytest.raises(HeadError, match="is no head of the trail"):
        read_head(token)


def test_what_was_anchored_and_is_there_is_sound():
    assert findings([Head(3, A, AT), Head(7, B, AT)], [Head(3, A, AT), Head(7, B, AT)], 9) == []


def test_a_trail_that_was_cut_off():
    assert findings([Head(7, A, AT)], [], 5) == [
        "audit event 7, anchored as of 2026-11-20 12:00 UTC, is gone: the trail was cut off and ends at 5"
    ]
    assert findings([Head(7, A, AT)], [], 0)[0].endswith("ends at nothing")
    assert findings([Head(7, A, AT)], [], 9) == ["audit event 7, anchored as of 2026-11-20 12:00 UTC, is gone"]


def test_a_trail_that_was_rewritten_and_since_when():
    """The anchors that still hold say how far back it can lie."""
    anchors = [Head(9, A, AT), Head(3, A, AT), Head(5, A, AT)]
    kept = [Head(3, A, AT), Head(5, A, AT), Head(9, B, AT)]
    assert findings(anchors, kept, 9) == [
        "audit event 9 is not the one that was anchored as of 2026-11-20 12:00 UTC: its hash is bbbbbbbbbbbb..., "
        "the anchor's aaaaaaaaaaaa...; one of the events 6 to 9 was rewritten"
    ]
    assert findings([Head(8, A, AT), Head(9, A, AT)], [Head(8, A, AT), Head(9, B, AT)], 9)[0].endswith(
        "it was rewritten"
    )


def test_a_time_that_does_not_fit():
    assert findings([Head(3, A, AT)], [Head(3, A, AT + timedelta(hours=1))], 3) == [
        "audit event 3 says 2026-11-20 13:00:00 UTC, its anchor another time"
    ]
