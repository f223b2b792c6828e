"""Rows on disk: whatever fits in memory, each comes back once, in order."""

from itertools import count

import pytest

from data_access.importers import shares
from data_access.importers.shares import Shares
from data_access.importers.spool import Spool


@pytest.mark.parametrize("length", range(8))
def test_a_spool_gives_back_what_it_was_given_as_often_as_asked(length):
    spool = Spool(chunk=3)
    for number in range(length):
        spool.append([number])
    for _ in range(2):
        chunks = list(spool.chunks())
        assert [record for chunk in chunks for record in chunk] == [[number] for number in range(length)]
        assert all(0 < len(chunk) <= 3 for chunk in chunks)
    assert len(spool) == length


@pytest.mark.parametrize(("rows", "number"), [(0, 1), (1, 1), (4, 1), (5, 2), (8, 2), (9, 3)])
def test_records_of_one_number_are_in_one_share_in_order(monkeypatch, rows, number):
    monkeypatch.setattr(shares, "IN_MEMORY", 4)
    found = Shares(rows)
    order = count()
    for key in [*range(rows), *range(rows)]:
        found.append(key, (key, next(order)))
    walked = [list(share) for share in found.walk()]
    assert len(walked) == number
    assert max(map(len, walked)) <= 2 * 4  # each of at most so many numbers twice
    assert sorted(record for share in walked for record in share) == sorted(
        (key, at) for key in range(rows) for at in (key, key + rows)
    )
    for share in walked:
        assert [at for _, at in share] == sorted(at for _, at in share)
        assert len({key for key, _ in share} & {key for other in walked if other is not share for key, _ in other}) == 0
