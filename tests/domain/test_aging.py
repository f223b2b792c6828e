"""Aging: the edges of the buckets, both bases, disputes apart, totals by currency."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.aging import (
    AgingRow,
    EdgesError,
    OpenItem,
    add_up,
    age,
    bucket_labels,
    bucket_names,
    bucket_of,
    bucket_starts,
    check_edges,
    older_label,
)
from domain.filters import Basis

AS_OF = date(2026, 7, 1)
EDGES = st.lists(st.integers(1, 4000), min_size=1, max_size=6, unique=True).map(lambda e: tuple(sorted(e)))
DAYS = st.dates(date(2000, 1, 1), date(2050, 12, 31))
ITEMS = st.lists(
    st.builds(
        OpenItem,
        issued_on=DAYS,
        due_on=st.none() | DAYS,
        open_amount=st.integers(1, 10**12),
        terms_days=st.integers(0, 120),
        disputed=st.integers(0, 10**6),
    ),
    max_size=20,
)


def late(days):
    return AS_OF - timedelta(days=days)


@pytest.mark.parametrize(
    ("days_late", "bucket"),
    [(-400, 0), (-1, 0), (0, 0), (1, 1), (30, 1), (31, 2), (60, 2), (61, 3), (90, 3), (91, 4), (4000, 4)],
)
def test_the_due_day_is_not_late_and_each_edge_day_is_the_last_of_its_bucket(days_late, bucket):
    assert bucket_of(late(days_late), AS_OF) == bucket


@pytest.mark.parametrize(("days_late", "bucket"), [(0, 0), (1, 1), (7, 1), (8, 2), (14, 2), (15, 3)])
def test_custom_edges(days_late, bucket):
    assert bucket_of(late(days_late), AS_OF, (7, 14)) == bucket


def test_the_edges_of_february():
    # 31 January to 1 March 2026 is 29 days, in the leap year 2024 it is 30: the last of its bucket, both.
    assert bucket_of(date(2024, 1, 31), date(2024, 3, 1)) == 1
    assert bucket_of(date(2024, 1, 31), date(2024, 3, 2)) == 2
    assert bucket_of(date(2026, 1, 31), date(2026, 3, 2)) == 1
    assert bucket_of(date(2026, 1, 31), date(2026, 3, 3)) == 2


def test_names_and_labels_follow_the_edges():
    assert bucket_names() == ("not_due", "d1_30", "d31_60", "d61_90", "d90_plus")
    assert bucket_labels() == ("Not due", "1–30", "31–60", "61–90", "Over 90")
    assert bucket_names((7, 14)) == ("not_due", "d1_7", "d8_14", "d14_plus")
    assert bucket_labels((1, 2)) == ("Not due", "1", "2", "Over 2")
    assert bucket_labels((45,)) == ("Not due", "1–45", "Over 45")


def test_by_invoice_date_nothing_is_called_due():
    assert bucket_labels((45,), Basis.INVOICE) == ("Same day", "1–45", "Over 45")
    assert (older_label(Basis.DUE), older_label(Basis.INVOICE)) == ("Past due", "Billed earlier")


@pytest.mark.parametrize("edges", [(), (0, 30), (-1,), (30, 30), (30, 20), (30, 60, 59)])
def test_edges_that_make_no_buckets_are_refused(edges):
    with pytest.raises(EdgesError, match="rising"):
        check_edges(edges)
    with pytest.raises(EdgesError):
        bucket_names(edges)


def test_an_edge_beyond_the_calendar_stops_at_its_first_day():
    assert bucket_starts(date(2026, 7, 1), (30, 10**12)) == (date(2026, 7, 1), date(2026, 6, 1), date.min)
    assert bucket_of(date.min, date(1, 1, 5)) == 1


def test_the_base_is_the_due_date_or_the_invoice_date_or_the_terms():
    item = OpenItem(date(2026, 1, 10), date(2026, 1, 20), 100)
    assert item.base(Basis.DUE) == date(2026, 1, 20)
    assert item.base(Basis.INVOICE) == date(2026, 1, 10)
    without = OpenItem(date(2026, 1, 10), None, 100, terms_days=45)
    assert without.base(Basis.DUE) == date(2026, 2, 24)
    assert without.base(Basis.INVOICE) == date(2026, 1, 10)


def test_one_account_on_one_day():
    items = [
        OpenItem(late(40), late(0), 1000),
        OpenItem(late(50), late(10), 200, disputed=150),
        OpenItem(late(120), None, 30, terms_days=30, disputed=30),
        OpenItem(late(5), AS_OF + timedelta(days=9), 4, disputed=4),
    ]
    row = age(items, AS_OF)
    assert row.buckets == (1004, 200, 0, 30, 0)
    assert (row.outstanding, row.overdue) == (1234, 230)
    # Of the 184 disputed, the 4 are not late.
    assert (row.disputed, row.disputed_overdue) == (184, 180)
    assert (row.open_count, row.flagged) == (4, 1)
    assert age(items, AS_OF, Basis.INVOICE).buckets == (0, 4, 1200, 0, 30)


def test_totals_keep_currencies_apart_and_show_those_with_nothing_open():
    rows = [
        AgingRow("HQ", "Head", "USD", (100, 20, 0, 0, 3), unapplied=-50, disputed=7, disputed_overdue=2, open_count=3),
        AgingRow("BR", "Branch", "USD", (1, 0, 0, 0, 0), unapplied=-2, open_count=1, flagged=1),
        AgingRow("BR", "Branch", "EUR", (500, 0, 0, 0, 0), open_count=1),
    ]
    euro, dollar, yen = add_up(rows, ["JPY", "USD"])
    assert (euro.currency, euro.outstanding) == ("EUR", 500)
    assert (dollar.currency, dollar.buckets, dollar.unapplied) == ("USD", (101, 20, 0, 0, 3), -52)
    assert (dollar.outstanding, dollar.overdue, dollar.disputed, dollar.disputed_overdue) == (72, 23, 7, 2)
    assert (dollar.open_count, dollar.flagged, dollar.key) == (4, 1, "total")
    assert (yen.currency, yen.outstanding, yen.buckets) == ("JPY", 0, (0,) * 5)
    assert add_up([]) == []


@given(ITEMS, DAYS, st.sampled_from(list(Basis)), EDGES)
def test_the_buckets_sum_to_outstanding(items, as_of, basis, edges):
    row = age(items, as_of, basis, edges)
    assert len(row.buckets) == len(bucket_names(edges)) == len(bucket_labels(edges)) == len(edges) + 2
    assert row.outstanding == sum(row.buckets) == sum(item.open_amount for item in items)
    assert row.overdue == sum(item.open_amount for item in items if item.base(basis) < as_of)
    assert row.disputed == sum(item.disputed for item in items) >= row.disputed_overdue


@given(DAYS, DAYS, EDGES)
def test_a_bucket_says_how_late_it_is(base, as_of, edges):
    index = bucket_of(base, as_of, edges)
    days = (as_of - base).days
    lows = [None, 1, *(edge + 1 for edge in edges)]
    highs = [0, *edges, None]
    assert lows[index] is None or days >= lows[index]
    assert highs[index] is None or days <= highs[index]


@given(ITEMS, ITEMS, DAYS)
def test_aging_two_heaps_and_adding_up_is_aging_one(first, second, as_of):
    parts = [
        AgingRow(key, "", "USD", row.buckets, 0, row.disputed, row.disputed_overdue, row.open_count, row.flagged)
        for key, row in (("a", age(first, as_of)), ("b", age(second, as_of)))
    ]
    whole = age(first + second, as_of)
    (summed,) = add_up(parts)
    assert summed.buckets == whole.buckets
    assert (summed.disputed, summed.disputed_overdue, summed.open_count, summed.flagged) == (
        whole.disputed,
        whole.disputed_overdue,
        whole.open_count,
        whole.flagged,
    )
