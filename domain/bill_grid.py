"""Which bills of an account are there, month by month, by the rules of the alerts R14 and R15, and what other rules mark on them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import pairwise

from domain.alerts.bill_audit import AuditedBill, NextBill, next_bill, twin_of
from domain.alerts.thresholds import Thresholds
from domain.periods import month_start, shifted

# What the alerts find on a bill, by rule: in a word for a cell, and in full.
MARKS = {
    "R16": ("amount", "far from its usual amount"),
    "R17": ("closed", "after the account was closed"),
    "R18": ("period", "its period leaves a gap or overlaps"),
    "R19": ("sum", "its charges do not add up to it"),
    "R24": ("fee", "a late fee though all was paid in time"),
}


class CellState(StrEnum):
    """How a month stands; each cell is in exactly one."""

    THERE = "there"
    DOUBLED = "doubled"
    MISSING = "missing"
    LATE = "late to arrive"
    AWAITED = "not yet due to arrive"
    NONE = "not expected"


NOTHING_FOUND: Mapping[int, Iterable[str]] = {}


@dataclass(frozen=True, slots=True)
class Cell:
    """A month of an account; bills: those issued in it. expected_by: of a bill that is not there.

    marks: the rules of MARKS that hold for one of the bills, in their order.
    """

    month: date
    state: CellState
    bills: tuple[AuditedBill, ...] = ()
    expected_by: date | None = None
    marks: tuple[str, ...] = ()

    @property
    def told(self) -> str:
        """Its state and marks in words."""
        return "; ".join((self.state.value, *(MARKS[rule][1] for rule in self.marks)))


def bill_cells(
    bills: Iterable[AuditedBill],
    months: Sequence[date],
    as_of: date,
    thresholds: Thresholds,
    *,
    closed_on: date | None = None,
    found: Mapping[int, Iterable[str]] = NOTHING_FOUND,
) -> tuple[list[Cell], NextBill | None]:
    """One cell for each of `months` (their first days), and the bill to come. `bills` are those known on `as_of`.

    found: by bill, the rules that hold for it.
    """
    known = sorted(bills, key=lambda bill: (bill.issued_on, bill.id))
    coming = next_bill(known, closed_on)
    issued: dict[date, list[AuditedBill]] = defaultdict(list)
    twins = set()
    for index, bill in enumerate(known):
        month = month_start(bill.issued_on)
        issued[month].append(bill)
        if twin_of(bill, known[:index]) is not None:
            twins.add(month)
    absent = {month_start(day): (CellState.MISSING, day) for day in _holes(known, coming, thresholds)}
    if coming is not None:
        absent[month_start(coming.expected_by)] = _awaited(coming, as_of, thresholds), coming.expected_by
    cells = []
    for month in months:
        marks = _marks(issued.get(month, ()), found)
        state, day = absent.get(month, (CellState.NONE, None))
        if state is CellState.MISSING or (month not in issued and day is not None):
            cells.append(Cell(month, state, tuple(issued.get(month, ())), day, marks))
        elif month in issued:
            state = CellState.DOUBLED if month in twins else CellState.THERE
            cells.append(Cell(month, state, tuple(issued[month]), marks=marks))
        else:
            cells.append(Cell(month, CellState.NONE))
    return cells, coming


def _marks(bills: Iterable[AuditedBill], found: Mapping[int, Iterable[str]]) -> tuple[str, ...]:
    rules = {rule for bill in bills for rule in found.get(bill.id, ())}
    return tuple(rule for rule in MARKS if rule in rules)


def _awaited(coming: NextBill, as_of: date, thresholds: Thresholds) -> CellState:
    if as_of <= coming.expected_by:
        return CellState.AWAITED
    return CellState.MISSING if as_of >= coming.missing_from(thresholds) else CellState.LATE


def _holes(known: Sequence[AuditedBill], coming: NextBill | None, thresholds: Thresholds) -> Iterable[date]:
    """Days between two bills by which another was to be expected, in months that have none."""
    if coming is None:
        return
    months = {month_start(bill.issued_on) for bill in known}
    for before, after in pairwise(known):
        day = shifted(before.issued_on, coming.rhythm)
        while shifted(day, thresholds.missing_days) < after.issued_on:
            if month_start(day) not in months:
                yield day
            day = shifted(day, coming.rhythm)
