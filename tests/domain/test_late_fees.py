"""Late fees, worked through by hand for each shape that vendors print in their terms."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.late_fees import NO_FEE, FeeItem, last_free_day, late_fee
from domain.policies import CountedFrom, FeeBase, LateFeeTerms, Policy


def policy(base=FeeBase.PAST_DUE, *, due_rolls_forward=False, **terms):
    return Policy(
        "Lumina",
        date(2020, 1, 1),
        "Terms of service, section 9",
        currency="USD",
        late_fee=LateFeeTerms(base, **terms),
        due_rolls_forward=due_rolls_forward,
    )


def bill(open_amount, issued="2026-03-01", due="2026-03-22", **more):
    return FeeItem(date.fromisoformat(issued), date.fromisoformat(due), open_amount, **more)


def fee(items, terms, day, **more):
    return late_fee(items, terms, date.fromisoformat(day), "US", **more)


RATE = policy(basis_points=150, minimum=500)  # 1.5% of what is past due, at least 5.00
FLAT = policy(flat=2_000)
RECURRING = policy(FeeBase.RECURRING, basis_points=150, grace_days=30, counted_from=CountedFrom.INVOICE)
CAPPED = policy(basis_points=150, cap=5_000)
GRACE = policy(basis_points=150, grace_days=5)


def test_recurring_charges_only_thirty_days_after_the_invoice_date():
    """Issued 1 March: free to 31 March. 1.5% of 389.00 is 5.835, so 5.84; usage, taxes and fees cost nothing."""
    item = bill(45_118, recurring=38_900)
    assert fee([item], RECURRING, "2026-03-31") == NO_FEE
    found = fee([item], RECURRING, "2026-04-01")
    assert (found.amount, found.base, found.since) == (584, 38_900, date(2026, 4, 1))


def test_recurring_charges_of_a_bill_paid_in_part():
    """What was paid counts for the other charges first: of 451.18 there are 200.00 left, all of them recurring."""
    assert fee([bill(20_000, recurring=38_900)], RECURRING, "2026-04-01").amount == 300
    assert fee([bill(42_000, recurring=38_900)], RECURRING, "2026-04-01").base == 38_900


def test_a_flat_fee_from_the_day_after_the_due_day_once_for_all_bills():
    assert fee([bill(100)], FLAT, "2026-03-22") == NO_FEE
    assert fee([bill(100)], FLAT, "2026-03-23").amount == 2_000
    assert fee([bill(100), bill(90_000, "2026-02-01", "2026-02-22")], FLAT, "2026-03-23").amount == 2_000


def test_a_rate_with_a_minimum():
    """1.5% of 300.00 is 4.50, below the minimum of 5.00; of 400.00 it is 6.00. The minimum is for the account."""
    assert fee([bill(30_000)], RATE, "2026-03-23").amount == 500
    assert fee([bill(40_000)], RATE, "2026-03-23").amount == 600
    assert fee([bill(20_000), bill(20_000, "2026-02-01", "2026-02-22")], RATE, "2026-03-23").amount == 600


def test_a_cap():
    """1.5% of 4,000.00 would be 60.00; the cap is 50.00."""
    assert fee([bill(400_000)], CAPPED, "2026-03-23").amount == 5_000
    assert fee([bill(300_000)], CAPPED, "2026-03-23").amount == 4_500


def test_days_of_grace():
    assert last_free_day(bill(1), GRACE, "US") == date(2026, 3, 27)
    assert fee([bill(40_000)], GRACE, "2026-03-27") == NO_FEE
    assert fee([bill(40_000)], GRACE, "2026-03-28").amount == 600


def test_half_a_cent_is_rounded_up_and_less_down():
    rate = policy(basis_points=100)
    assert [fee([bill(n)], rate, "2026-03-23").amount for n in (49, 50, 149, 150)] == [0, 1, 1, 2]


def test_at_the_end_of_a_month():
    """Issued on 31 January: thirty days later is 2 March; in a leap year 1 March."""
    for year, last in ((2026, date(2026, 3, 2)), (2028, date(2028, 3, 1))):
        item = bill(38_900, f"{year}-01-31", f"{year}-02-21", recurring=38_900)
        assert last_free_day(item, RECURRING, "US") == last


def test_on_a_leap_day():
    item = bill(40_000, "2028-02-08", "2028-02-28")
    assert fee([item], policy(basis_points=150, grace_days=1), "2028-02-29") == NO_FEE
    assert fee([item], policy(basis_points=150, grace_days=1), "2028-03-01").amount == 600


def test_a_due_day_that_is_a_holiday_rolls_forward_before_grace_counts():
    """26 November 2026 is Thanksgiving: paid in time on Friday the 27th, by banks of the United States."""
    item = bill(40_000, "2026-11-05", "2026-11-26")
    rolls = policy(basis_points=150, due_rolls_forward=True)
    assert fee([item], rolls, "2026-11-27") == NO_FEE
    assert fee([item], rolls, "2026-11-28").amount == 600
    assert fee([item], policy(basis_points=150), "2026-11-27").amount == 600
    assert late_fee([item], rolls, date(2026, 11, 27), "GB").amount == 600


def test_a_returned_payment_makes_the_bill_late_from_its_own_due_day():
    """Paid in full on 20 March, returned on 2 April: no fee while it counted, then the fee of the whole, since 23 March."""
    paid, returned = bill(0), bill(40_000)
    assert fee([paid], RATE, "2026-04-01") == NO_FEE
    found = fee([returned], RATE, "2026-04-02")
    assert (found.amount, found.since) == (600, date(2026, 3, 23))


def test_a_part_paid_costs_a_fee_on_the_rest():
    assert fee([bill(45_000 - 15_000)], policy(basis_points=150), "2026-03-23").amount == 450


def test_what_is_in_dispute_costs_nothing():
    assert fee([bill(45_000, disputed=5_000)], RATE, "2026-03-23").amount == 600
    assert fee([bill(5_000, disputed=5_000)], RATE, "2026-03-23") == NO_FEE


def test_a_credit_that_is_not_yet_applied_lowers_the_base():
    assert fee([bill(45_000)], RATE, "2026-03-23", on_account=5_000).amount == 600
    assert fee([bill(45_000)], RATE, "2026-03-23", on_account=45_000) == NO_FEE


def test_a_bill_of_part_of_a_month_counts_as_billed():
    """Eleven days of a line of 389.00: 142.63 recurring, of which 1.5% is 2.14."""
    part = bill(16_500, "2026-03-20", "2026-04-10", recurring=38_900 * 11 // 30)
    assert fee([part], RECURRING, "2026-04-20").amount == 214


def test_a_vendor_without_fees_charges_none():
    none = Policy("Lumina", date(2020, 1, 1), "Tariff sheet")
    assert fee([bill(45_000)], none, "2027-01-01") == NO_FEE


MONEY = st.integers(0, 10**9)
ITEMS = st.lists(
    st.builds(
        lambda issued, terms, amount, disputed, recurring: FeeItem(
            issued, issued + timedelta(days=terms), amount, min(amount, disputed), min(amount, recurring)
        ),
        st.dates(date(2025, 1, 1), date(2026, 12, 31)),
        st.integers(0, 45),
        MONEY,
        MONEY,
        MONEY,
    ),
    max_size=6,
)
POLICIES = st.sampled_from([RATE, FLAT, RECURRING, CAPPED, GRACE])
DAYS = st.dates(date(2025, 6, 1), date(2027, 3, 1))


@given(ITEMS, POLICIES, DAYS, st.integers(0, 60))
def test_waiting_never_lowers_a_fee(items, terms, day, later):
    assert late_fee(items, terms, day, "US").amount <= late_fee(items, terms, day + timedelta(days=later), "US").amount


@given(ITEMS, POLICIES, DAYS, st.integers(0, 10**9))
def test_paying_never_raises_a_fee(items, terms, day, paid):
    left = []
    for item in items:
        part = min(paid, item.open_amount - item.disputed)
        paid -= part
        left.append(FeeItem(item.issued_on, item.due_on, item.open_amount - part, item.disputed, item.recurring))
    assert late_fee(left, terms, day, "US").amount <= late_fee(items, terms, day, "US").amount


@given(ITEMS, POLICIES, DAYS)
def test_the_fee_is_within_its_terms_and_its_base_is_what_is_late(items, terms, day):
    found = late_fee(items, terms, day, "US")
    late = [i for i in items if last_free_day(i, terms, "US") < day]
    assert found.base <= sum(i.open_amount - i.disputed for i in late)
    assert found.bills <= len(late)
    if found is not NO_FEE:
        exact = terms.late_fee.flat + found.base * terms.late_fee.basis_points / 10_000
        low, high = terms.late_fee.minimum, terms.late_fee.cap or 10**12
        assert found.amount == pytest.approx(min(max(exact, low), high), abs=0.5)
