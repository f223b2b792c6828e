"""Allocation: oldest due first, never more than there is, and a refusal of its own class for each reason."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.allocation import (
    AllocationRefusedError,
    NotPositiveError,
    OpenInvoice,
    OverpaidInvoiceError,
    OverspendError,
    UnknownInvoiceError,
    check,
    fits_from,
    suggest,
)

JAN, FEB, MAR = (
    OpenInvoice(3, "J", date(2026, 1, 5), date(2026, 2, 4), 10000),
    OpenInvoice(1, "F", date(2026, 2, 5), date(2026, 3, 7), 5000),
    OpenInvoice(2, "M", date(2026, 3, 5), date(2026, 4, 4), 700),
)
BILLS = st.lists(
    st.builds(
        OpenInvoice,
        id=st.integers(1, 10**6),
        number=st.text("AB12", max_size=3),
        issued_on=st.dates(date(2024, 1, 1), date(2026, 12, 31)),
        due_on=st.dates(date(2024, 1, 1), date(2026, 12, 31)),
        open_amount=st.integers(1, 10**9),
    ),
    max_size=12,
    unique_by=lambda bill: bill.id,
)


@pytest.mark.parametrize(
    ("amount", "expected"),
    [
        (1, {3: 1}),
        (10000, {3: 10000}),
        (10001, {3: 10000, 1: 1}),
        (15700, {3: 10000, 1: 5000, 2: 700}),
        # 20.00 more than is owed stay unapplied.
        (17700, {3: 10000, 1: 5000, 2: 700}),
    ],
)
def test_the_oldest_due_comes_first(amount, expected):
    assert suggest(amount, [MAR, FEB, JAN]) == expected


def test_of_two_due_on_one_day_the_one_issued_first_then_the_lower_number():
    late = OpenInvoice(1, "B", date(2026, 1, 9), date(2026, 2, 4), 10)
    early = OpenInvoice(2, "C", date(2026, 1, 5), date(2026, 2, 4), 10)
    twin = OpenInvoice(3, "A", date(2026, 1, 9), date(2026, 2, 4), 10)
    assert list(suggest(30, [late, early, twin])) == [2, 3, 1]


def test_nothing_open_takes_nothing():
    assert suggest(100, []) == {}
    assert suggest(100, [OpenInvoice(1, "Z", date(2026, 1, 1), date(2026, 1, 1), 0)]) == {}


@pytest.mark.parametrize("amount", [0, -1])
def test_there_is_no_suggestion_for_nothing(amount):
    with pytest.raises(NotPositiveError):
        suggest(amount, [JAN])


def test_a_choice_that_fits_is_taken():
    check(15700, {3: 10000, 1: 5000, 2: 700}, [JAN, FEB, MAR])
    check(700, {2: 700}, [JAN, FEB, MAR])
    check(700, {}, [JAN])


@pytest.mark.parametrize(
    ("amount", "wanted", "refusal", "words"),
    [
        (10000, {9: 1}, UnknownInvoiceError, "not open on this account"),
        (10000, {3: 0}, NotPositiveError, "bill J"),
        (10000, {3: -5}, NotPositiveError, "bill J"),
        (20000, {3: 10001}, OverpaidInvoiceError, "10001 is more than the 10000 open"),
        (9999, {3: 10000}, OverspendError, "10000 is more than the 9999 left"),
        (5699, {1: 5000, 2: 700}, OverspendError, "5700 is more than the 5699 left"),
        (0, {2: 1}, OverspendError, "more than the 0 left"),
    ],
)
def test_each_refusal_has_its_class_and_says_what_to_do(amount, wanted, refusal, words):
    with pytest.raises(refusal, match=words) as caught:
        check(amount, wanted, [JAN, FEB, MAR])
    assert type(caught.value) is refusal
    assert isinstance(caught.value, AllocationRefusedError)


@given(st.integers(1, 10**10), BILLS)
def test_a_suggestion_spends_all_it_can_and_never_more(amount, bills):
    chosen = suggest(amount, bills)
    check(amount, chosen, bills)
    owed = sum(bill.open_amount for bill in bills)
    assert sum(chosen.values()) == min(amount, owed)


@given(st.integers(1, 10**10), BILLS)
def test_a_later_bill_gets_nothing_while_an_earlier_one_is_open(amount, bills):
    chosen = suggest(amount, bills)
    short = [bill for bill in bills if chosen.get(bill.id, 0) < bill.open_amount]
    if short:
        first_short = min(bill.due_on for bill in short)
        assert all(bill.due_on <= first_short for bill in bills if bill.id in chosen)


@given(st.integers(1, 10**9), BILLS, st.randoms(use_true_random=False))
def test_the_order_of_the_bills_does_not_matter(amount, bills, random):
    shuffled = list(bills)
    random.shuffle(shuffled)
    assert suggest(amount, bills) == suggest(amount, shuffled)


def day(number):
    return date(2026, 2, number)


@pytest.mark.parametrize(
    ("part", "wanted", "expected"),
    [
        (100, 1, 9),  # the payment of the 2nd still settled the bill until it came back on the 9th
        (100, 5, 9),
        (100, 9, 9),
        (100, 12, 12),
        (40, 5, 5),  # 60 of 100 were applied: 40 more fit on every day
        (41, 5, 9),
    ],
)
def test_a_part_counts_from_the_day_on_which_it_fits(part, wanted, expected):
    moved = [(day(2), 100 if part == 100 else 60), (day(9), -100 if part == 100 else -60)]
    assert fits_from(100, part, moved, day(wanted)) == day(expected)


def test_a_day_on_which_money_comes_and_goes_counts_at_its_end():
    assert fits_from(100, 100, [(day(2), 100), (day(2), -100)], day(1)) == day(1)


def test_two_returns_make_the_later_one_count():
    moved = [(day(2), 100), (day(4), -100), (day(6), 100), (day(9), -100)]
    assert fits_from(100, 100, moved, day(4)) == day(9)
