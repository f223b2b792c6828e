"""The bill grid from the ledger: equal to the alerts on planted faults, page by page, within a scope."""

from dataclasses import replace
from datetime import date

import pytest

from data_access.queries.alert_findings import findings
from data_access.queries.bill_grid import bill_grid, grid_months
from data_access.scope import Scope, ScopeRequiredError
from domain.alerts.thresholds import Thresholds
from domain.alerts.watch import Watch
from domain.bill_grid import MARKS, CellState
from domain.filters import Filters
from seed.writing import generate_with_faults, write

TODAY = date(2026, 11, 20)
ALL, USUAL = Scope.all_sites(), Thresholds()
FILTERS = Filters(as_of=TODAY)


@pytest.fixture(scope="module")
def planted(shared_database):
    tables, _ = generate_with_faults("tiny", 1, TODAY)
    write(shared_database, tables, "operator")
    return shared_database


def test_the_grid_and_the_alerts_say_the_same(planted):
    with planted.reading(ALL) as connection:
        told = findings(connection, ALL, TODAY, USUAL, frozenset({"R14", "R15"}))
        rows = bill_grid(connection, ALL, FILTERS, limit=10_000)
    missing = {f.account_id for f in told if f.rule == "R14"}
    assert missing
    assert missing == {r.account_id for r in rows if r.coming and r.coming.missing_from(USUAL) <= TODAY}
    shown = set(grid_months(TODAY))
    of_months = {
        row.account_id
        for row in rows
        if row.coming and row.coming.expected_by.replace(day=1) in shown
        for cell in row.cells
        if cell.expected_by == row.coming.expected_by and cell.state is CellState.MISSING
    }
    assert of_months == {
        r.account_id for r in rows if r.account_id in missing and r.coming.expected_by.replace(day=1) in shown
    }
    doubled = {
        (bill.id) for row in rows for cell in row.cells if cell.state is CellState.DOUBLED for bill in cell.bills
    }
    twins = {f.entity_id for f in told if f.rule == "R15"}
    assert twins
    assert twins <= doubled


def test_marks_are_what_the_alerts_find_on_the_bills(planted):
    with planted.reading(ALL) as connection:
        told = findings(connection, ALL, TODAY, USUAL, frozenset(MARKS))
        rows = bill_grid(connection, ALL, FILTERS, limit=10_000)
        page = bill_grid(connection, ALL, FILTERS, limit=5)
    of_bill = {}
    for finding in told:
        of_bill.setdefault(finding.entity_id, set()).add(finding.rule)
    assert {rule for rules in of_bill.values() for rule in rules} == set(MARKS)
    cells = [cell for row in rows for cell in row.cells]
    for cell in cells:
        assert set(cell.marks) == {rule for bill in cell.bills for rule in of_bill.get(bill.id, ())}
    assert {rule for cell in cells for rule in cell.marks} == set(MARKS)
    assert page == rows[:5]


def test_a_rule_that_is_off_marks_nothing(planted, monkeypatch):
    monkeypatch.setattr("data_access.queries.bill_grid.alert_watch", lambda: Watch(off=frozenset({"R16", "R24"})))
    with planted.reading(ALL) as connection:
        rows = bill_grid(connection, ALL, FILTERS, limit=10_000)
    assert {rule for row in rows for cell in row.cells for rule in cell.marks} == {"R17", "R18", "R19"}


def test_pages_and_scope(planted):
    with planted.reading(ALL) as connection:
        every = bill_grid(connection, ALL, FILTERS, limit=10_000)
        first = bill_grid(connection, ALL, FILTERS, limit=3)
        assert [*first, *bill_grid(connection, ALL, FILTERS, after=first[-1].mark, limit=10_000)] == every
        site = every[0].site
        only = bill_grid(connection, ALL, replace(FILTERS, sites=(site,)), limit=10_000)
        assert only == [row for row in every if row.site == site]
        with pytest.raises(ScopeRequiredError):
            bill_grid(connection, None, FILTERS)
    with planted.reading(Scope.of([])) as connection:
        assert bill_grid(connection, Scope.of([]), FILTERS) == []
