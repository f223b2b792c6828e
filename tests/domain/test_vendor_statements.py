"""What a vendor says is open against what we say."""

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.vendor_statements import Gap, Held, Misapplied, State, Stated, compare, find_misapplied, plain_number

DAY = date(2026, 3, 31)


def told(stated, held):
    return {row.number: (row.state, row.difference, row.reason) for row in compare(stated, held, DAY)}


def test_a_worked_statement():
    # The vendor says 100 + 80 + 50 + 30 - 10 = 250; we say 100 + 0 + 70 + 45 = 215; 215 - 250 = -35.
    stated = [
        Stated("invoice", "I-1", 100),
        Stated("invoice", "I-2", 80),
        Stated("invoice", "I-3", 50),
        Stated("invoice", "I-9", 30),
        Stated("credit_note", "C-1", -10),
    ]
    held = [
        Held("invoice", "I-1", 100, 1),
        Held("invoice", "I-2", 0, 2, paid=((date(2026, 3, 28), 80),)),
        Held("invoice", "I-3", 70, 3, disputed=20),
        Held("invoice", "I-4", 45, 4),
        Held("invoice", "I-5", 0, 5),
    ]
    rows = compare(stated, held, DAY)
    assert sum(row.difference for row in rows) == 215 - 250
    assert told(stated, held) == {
        "I-1": (State.AGREED, 0, ""),
        "I-2": (State.DIFFERENT, -80, "payment in transit since 2026-03-28"),
        "I-3": (State.DIFFERENT, 20, "the part in dispute"),
        "I-9": (State.MISSING_HERE, -30, "we have no such document"),
        "C-1": (State.MISSING_HERE, 10, "we have no such document"),
        "I-4": (State.MISSING_THERE, 45, ""),
    }


def test_an_old_payment_is_not_in_transit():
    held = [Held("invoice", "I-1", 0, 1, paid=((date(2026, 1, 2), 80),))]
    assert told([Stated("invoice", "I-1", 80)], held)["I-1"][2] == "the vendor does not show the payment of 2026-01-02"


def test_a_payment_applied_to_another_bill():
    held = [Held("invoice", "A", 0, 1), Held("invoice", "B", 60, 2)]
    rows = told([Stated("invoice", "A", 60), Stated("invoice", "B", 0)], held)
    assert rows["A"] == (State.DIFFERENT, -60, "payment applied elsewhere: to B")
    assert rows["B"] == (State.DIFFERENT, 60, "payment applied elsewhere: here instead of A")


def test_numbers_are_compared_as_they_are_then_plainly():
    assert plain_number("INV-0012/03") == plain_number("inv 12 3") == "inv123"
    rows = compare([Stated("invoice", "000123", 5)], [Held("invoice", "123", 5, 7)], DAY)
    assert [(row.state, row.id) for row in rows] == [(State.AGREED, 7)]
    # Two that look alike are not guessed at.
    rows = compare([Stated("invoice", "0-1", 5)], [Held("invoice", "01", 5, 1), Held("invoice", "1", 5, 2)], DAY)
    assert [row.state for row in rows].count(State.MISSING_THERE) == 2


NUMBERS = st.sampled_from(["I-1", "I1", "01", "1", "2"])
KINDS = st.sampled_from([("invoice", 1), ("credit_note", -1), ("payment", -1)])


@settings(max_examples=60)
@given(
    st.lists(st.tuples(KINDS, NUMBERS, st.integers(0, 50)), max_size=6),
    st.lists(st.tuples(KINDS, NUMBERS, st.integers(0, 50), st.integers(0, 20)), max_size=6),
)
def test_the_differences_tie(there, here):
    stated = [Stated(kind, number, sign * amount) for (kind, sign), number, amount in there]
    held = [Held(kind, number, sign * amount, disputed=d) for (kind, sign), number, amount, d in here]
    rows = compare(stated, held, DAY)
    assert sum(r.difference for r in rows) == sum(h.open_amount for h in held) - sum(s.open_amount for s in stated)
    assert all((row.state is State.AGREED) <= (row.difference == 0) for row in rows)


def test_differences_that_cancel_among_accounts_of_one_vendor():
    paid = (9, date(2026, 3, 1), 500)
    gaps = [
        Gap(1, 7, "USD", -500, (paid, (8, date(2026, 3, 2), 20))),
        Gap(2, 7, "USD", 500),
        Gap(3, 7, "EUR", 500),
        Gap(4, 8, "USD", 500),
        Gap(5, 7, "USD", -300),
        Gap(6, 7, "USD", 100),
        Gap(7, 7, "USD", 200),
    ]
    assert find_misapplied(gaps) == [
        Misapplied(1, 500, ((2, 500),), paid),
        Misapplied(5, 300, ((6, 100), (7, 200)), None),
    ]
    # Two accounts that fit alike: none is named.
    assert find_misapplied([Gap(1, 7, "USD", -5), Gap(2, 7, "USD", 5), Gap(3, 7, "USD", 5)]) == []
