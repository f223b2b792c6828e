"""What a scenario changes, account by account and bill by bill; what stays as it was is left out."""

from dataclasses import dataclass
from datetime import date

import numpy as np

from domain.periods import shifted
from domain.what_if.measures import BillOutcome
from domain.what_if.projection import Projection
from domain.what_if.start import NEVER, Site, Start, Whole


@dataclass(frozen=True, slots=True)
class Change:
    """A figure at the horizon without and with the scenario, minor units."""

    before: int
    after: int

    @property
    def by(self) -> int:
        """How much more."""
        return self.after - self.before


@dataclass(frozen=True, slots=True)
class AccountChange:
    """One account. stops_before, stops_after: the first day in its suspension window, None where it never comes."""

    account_id: int
    account_number: str
    vendor: str
    site: Site
    service_type: str
    outstanding: Change
    overdue: Change
    late_fees: Change
    cash_out: Change
    stops_before: date | None
    stops_after: date | None


@dataclass(frozen=True, slots=True)
class BillChange:
    """One bill; bill_id None for an expected or a new one. paid_before, paid_after: the first day on which something is paid."""

    account_id: int
    bill_id: int | None
    number: str
    issued_on: date
    due_on: date
    open: Change
    cash_out: Change
    paid_before: date | None
    paid_after: date | None


def account_changes(start: Start, baseline: Projection, other: Projection) -> list[AccountChange]:
    """By account, those that stop at another day first, then by what is paid. Both projections are of `start`."""
    one, two, accounts = baseline.accounts, other.accounts, start.accounts
    names = ("outstanding", "overdue", "late_fees", "cash_out", "stops_on")
    moved = np.any([getattr(one, name) != getattr(two, name) for name in names], axis=0)
    rows = np.flatnonzero(moved)
    order = np.lexsort((rows, -two.cash_out[rows], one.stops_on[rows] == two.stops_on[rows]))
    return [
        AccountChange(
            int(accounts.ids[row]),
            accounts.numbers[row],
            accounts.vendor[row],
            start.sites[accounts.site[row]],
            accounts.service_type[row],
            *(Change(int(getattr(one, name)[row]), int(getattr(two, name)[row])) for name in names[:4]),
            _date(start, one.stops_on[row]),
            _date(start, two.stops_on[row]),
        )
        for row in rows[order]
    ]


def bill_changes(start: Start, baseline: Projection, other: Projection) -> list[BillChange]:
    """By bill in the order of accounts and due days; new bills come last, those of the baseline's own before the other's."""
    known = len(start.bills.ids)
    one, two = baseline.bills, other.bills
    columns = [(getattr(one, name), getattr(two, name)) for name in ("open", "cash_out", "paid_on")]
    moved = np.any([before[:known] != after[:known] for before, after in columns], axis=0)
    found = [_bill(start, one, row, (row, row), columns) for row in np.flatnonzero(moved)]
    found += [_bill(start, one, row, (row, None), columns) for row in range(known, len(one.open))]
    return found + [_bill(start, two, row, (None, row), columns) for row in range(known, len(two.open))]


def _bill(
    start: Start, bills: BillOutcome, row: int, rows: tuple[int | None, int | None], columns: list[tuple[Whole, Whole]]
) -> BillChange:
    """rows: where it is in the baseline and in the other, None where it is not."""
    values = [
        tuple(empty if place is None else int(column[place]) for column, place in zip(pair, rows, strict=True))
        for pair, empty in zip(columns, (0, 0, NEVER), strict=True)
    ]
    owner, has_number = bills.account[row], row < len(start.bills.numbers)
    return BillChange(
        int(start.accounts.ids[owner]),
        int(start.bills.ids[row]) if has_number else None,
        start.bills.numbers[row] if has_number else "",
        shifted(start.as_of, int(bills.issued[row])),
        shifted(start.as_of, int(bills.due[row])),
        Change(*values[0]),
        Change(*values[1]),
        _date(start, values[2][0]),
        _date(start, values[2][1]),
    )


def _date(start: Start, day: int) -> date | None:
    return None if day >= NEVER else shifted(start.as_of, int(day))
