"""The bill grid: each month of an account in one state, by the rules of the alerts R14 and R15."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.alerts.bill_audit import AuditedBill, missing_bill, twin_of
from domain.bill_grid import CellState, bill_cells
from domain.periods import Period, add_months, month_start
from tests.domain.alerts.cases import SUBJECT, USUAL

MONTHS = [add_months(date(2026, 1, 1), n) for n in range(12)]


def monthly(count):
    """Bills on the 5th of each month from January on: the longest usual interval is 31 days."""
    days = [add_months(date(2026, 1, 5), n) for n in range(count + 1)]
    return [AuditedBill(n + 1, f"B{n + 1}", days[n], 100 + n, Period(days[n], days[n + 1])) for n in range(count)]


def states(bills, as_of, **values):
    cells, _ = bill_cells(bills, MONTHS, as_of, USUAL, **values)
    return "".join({"there": "T", "doubled": "D", "missing": "M", "late to arrive": "L"}.get(c.state, "-") if c.state
                   is not CellState.AWAITED else "A" for c in cells)  # fmt: skip


@pytest.mark.parametrize(
    ("as_of", "shown"),
    [
        (date(2026, 9, 5), "TTTTTTTTA---"),  # the last came on 5 August: the next by 5 September
        (date(2026, 9, 6), "TTTTTTTTL---"),
        (date(2026, 9, 12), "TTTTTTTTL---"),
        (date(2026, 9, 13), "TTTTTTTTM---"),  # R14 opens on this day
    ],
)
def test_the_bill_to_come(as_of, shown):
    bills = monthly(8)
    assert states(bills, as_of) == shown
    assert (missing_bill(SUBJECT, bills, as_of, USUAL) is not None) == ("M" in shown)
    _, coming = bill_cells(bills, MONTHS, as_of, USUAL)
    assert (coming.expected_by, coming.least, coming.most) == (date(2026, 9, 5), 102, 107)


def test_holes_twins_and_closed_accounts():
    bills = monthly(8)
    assert states([b for b in bills if b.id != 5], date(2026, 8, 20)) == "TTTTMTTTA---"
    again = replace(bills[2], id=99, number="X", issued_on=date(2026, 3, 20))
    assert states([*bills, again], date(2026, 8, 20))[2] == "D"
    assert states(bills, date(2026, 12, 1), closed_on=date(2026, 9, 1)) == "TTTTTTTT----"
    assert states([], date(2026, 12, 1)) == "-" * 12


def test_what_the_alerts_find_on_a_bill_marks_its_month_in_words():
    bills = monthly(3)
    cells, _ = bill_cells(bills, MONTHS[:3], date(2026, 3, 6), USUAL, found={2: {"R24", "R16"}, 9: {"R17"}, 3: {"R15"}})
    assert [cell.marks for cell in cells] == [(), ("R16", "R24"), ()]
    assert cells[1].told == "there; far from its usual amount; a late fee though all was paid in time"
    assert cells[0].told == "there"


@settings(max_examples=60)
@given(st.lists(st.tuples(st.integers(0, 330), st.integers(1, 3)), max_size=14), st.integers(0, 364))
def test_each_month_is_in_one_state_and_the_alert_agrees(issued, today):
    as_of = date(2026, 1, 1) + timedelta(today)
    days = [(date(2026, 1, 1) + timedelta(n), amount) for n, amount in issued]
    bills = [
        AuditedBill(i, f"B{i}", day, amount, Period(month_start(day), add_months(month_start(day), 1)))
        for i, (day, amount) in enumerate(days)
        if day <= as_of
    ]
    cells, coming = bill_cells(bills, MONTHS, as_of, USUAL)
    assert [cell.month for cell in cells] == MONTHS
    shown = [bill.id for cell in cells for bill in cell.bills]
    assert sorted(shown) == [bill.id for bill in bills]
    for cell in cells:
        if not cell.bills:
            assert cell.state not in (CellState.THERE, CellState.DOUBLED)
        assert (cell.expected_by is not None) == (cell.state in (CellState.MISSING, CellState.LATE, CellState.AWAITED))
    alert = missing_bill(SUBJECT, bills, as_of, USUAL)
    last = next((c for c in cells if coming and c.expected_by == coming.expected_by), None)
    if coming and coming.expected_by < date(2027, 1, 1) and last is not None:
        assert (last.state is CellState.MISSING) == (alert is not None)
    if alert is None:
        assert not any(c.state is CellState.MISSING and c.expected_by == (coming and coming.expected_by) for c in cells)
    ordered = sorted(bills, key=lambda b: (b.issued_on, b.id))
    twins = {month_start(b.issued_on) for i, b in enumerate(ordered) if twin_of(b, ordered[:i])}
    assert {c.month for c in cells if c.state is CellState.DOUBLED} <= twins
