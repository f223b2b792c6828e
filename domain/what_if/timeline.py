"""What is open, disputed and owed of each bill from day to day: one row a bill and day on which something changes."""

from collections.abc import Iterator
from functools import cached_property
from typing import NamedTuple

import numpy as np

from domain.what_if.book import Book
from domain.what_if.start import Flags, Whole


class _Moves(NamedTuple):
    bill: Whole
    day: Whole
    open: Whole | int = 0
    shown: Whole | int = 0
    disputed: Whole | int = 0


class Timeline:
    """Rows by bill and day; `open` as on Balances, `shown` as the vendor sees it, both in state after the row's day."""

    def __init__(self, book: Book, horizon: int) -> None:
        self._days = horizon + 1
        bills, applied, withheld, arrivals = book.bills, book.applied, book.withheld, book.start.arrivals
        places, issued = np.arange(len(bills.ids)), np.maximum(bills.issued, 0)
        moves = [
            _Moves(places, issued, bills.amount, bills.amount + bills.pending, bills.disputed),
            _Moves(applied.bill, applied.day, open=-applied.amount),
            _Moves(applied.bill, applied.shown, shown=-applied.amount),
            _Moves(arrivals.bill, arrivals.day, shown=-arrivals.amount),
            _Moves(withheld.bill, withheld.day, disputed=withheld.amount),
        ]
        bill, day, *amounts = self._joined(moves)
        keys = bill * self._days + day
        order = np.argsort(keys, kind="stable")  # quick, since the moves are in order but for a few
        keys = keys[order]
        row = np.flatnonzero(np.diff(keys, prepend=-1))
        self.bill, self.day = np.divmod(keys[row], self._days)
        of_bill = np.flatnonzero(np.diff(self.bill, prepend=-1))
        self._first = np.repeat(of_bill, np.diff(of_bill, append=len(row)))
        self.open, self.shown, withheld_so_far = (self._states(_sums(column[order], row)) for column in amounts)
        self.disputed = np.minimum(withheld_so_far, self.open)

    def _joined(self, moves: list[_Moves]) -> Iterator[Whole]:
        within = [move.day < self._days for move in moves]
        for column in zip(*moves, strict=True):
            whole = [np.broadcast_to(part, w.shape)[w] for part, w in zip(column, within, strict=True)]
            yield np.concatenate(whole)

    def _states(self, changes: Whole) -> Whole:
        """Running sums, each bill for itself."""
        through = np.cumsum(changes)
        return through - (through - changes)[self._first]

    def changes(self, state: Whole) -> Whole:
        """By row, by how much `state` is more than in the row before it of the same bill."""
        before = np.where(self._first < np.arange(len(state)), np.append(0, state[:-1]), 0)
        return state - before

    @cached_property
    def owed(self) -> Whole:
        """What the vendor sees unpaid and not in dispute."""
        return self.shown - self.disputed

    @cached_property
    def is_owed(self) -> Flags:
        """Is anything owed?"""
        return self.owed > 0

    def rows_of(self, bills: Whole) -> tuple[Whole, Whole]:
        """(index into `bills`, row) of every row of each of these."""
        first, after = (np.searchsorted(self.bill, bills, side=side) for side in ("left", "right"))
        which = np.repeat(np.arange(len(bills)), after - first)
        within = np.arange(len(which)) - np.repeat(np.cumsum(after - first) - (after - first), after - first)
        return which, first[which] + within

    def table(self, groups: int, dtype: type = np.int64) -> np.ndarray:
        """Nothing, by group and day."""
        return np.zeros((groups, self._days), dtype)


def add(table: np.ndarray, group: Whole, day: Whole, change: Whole) -> None:
    """Add to each group a change from `day` on; those after the horizon are left out. The table still holds changes."""
    days = table.shape[1]
    within = (day < days) & (change != 0)
    np.add.at(table.reshape(-1), group[within] * days + day[within], change[within].astype(table.dtype))


def through(table: np.ndarray) -> np.ndarray:
    """Changes as the state at the end of each day."""
    return np.cumsum(table, axis=1, dtype=table.dtype, out=table)


def _sums(amounts: Whole, first: Whole) -> Whole:
    return np.add.reduceat(amounts, first) if len(first) else amounts
