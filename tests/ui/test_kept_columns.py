"""Columns are made once for the same rows, marks and filters, and anew for any other."""

import pytest

from ui import filter_bar, kept_columns
from ui.kept_columns import columns_of
from ui.tables import Column


class Row:
    """Told apart by itself alone, as rows that are kept are."""


made = []


def names(rows, *marks):
    made.append((list(rows), marks))
    return [Column("Name", ["x" for _ in rows])]


def lone(rows):  # keeps no row itself
    return [Column("Name", ["x"])]


def others(rows, *marks):
    return [Column("Other", ["y" for _ in rows])]


@pytest.fixture(autouse=True)
def nothing_kept(monkeypatch):
    kept_columns._kept.clear()
    made.clear()
    monkeypatch.setattr(filter_bar, "address", lambda: ({}, ""))


def test_the_same_rows_are_told_once():
    rows = [Row(), Row()]
    first = columns_of(names, rows, "mark")
    assert columns_of(names, list(rows), "mark") is first  # each asker has a list of their own
    assert made == [(rows, ("mark",))]


def test_other_rows_marks_makers_and_filters_are_told_anew(monkeypatch):
    rows = [Row(), Row()]
    first = columns_of(names, rows, "mark")
    for other in (rows[::-1], rows[:1], [rows[0], Row()]):
        assert columns_of(names, other, "mark") is not first
    assert columns_of(names, rows, "another") is not first
    assert columns_of(others, rows, "mark")[0].head == "Other"
    monkeypatch.setattr(filter_bar, "address", lambda: ({"region": ["North"]}, "region=North"))
    assert columns_of(names, rows, "mark") is not first  # its links lead to other addresses
    monkeypatch.setattr(filter_bar, "address", lambda: ({}, ""))
    assert columns_of(names, rows, "mark") is first


def test_rows_that_are_gone_are_not_taken_for_new_ones():
    """A new object may have the place in memory of one that is gone: what is kept holds its rows, so none of them goes."""
    first = [columns_of(lone, [Row()]) for _ in range(50)]
    assert len({id(columns) for columns in first}) == 50


def test_the_least_used_go(monkeypatch):
    monkeypatch.setattr(kept_columns, "MOST", 2)
    rows = [[Row()] for _ in range(3)]
    first, second = columns_of(names, rows[0]), columns_of(names, rows[1])
    assert columns_of(names, rows[0]) is first
    columns_of(names, rows[2])  # the second goes
    assert columns_of(names, rows[0]) is first
    assert columns_of(names, rows[1]) is not second
