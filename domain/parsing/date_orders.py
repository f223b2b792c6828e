"""Deciding the order of a column's dates from what all of them show."""

from dataclasses import dataclass, field
from itertools import combinations

from domain.parsing.dates import Order, possible_dates

_HOW = "say --date-order dmy, mdy or ymd"


class UndecidedOrderError(ValueError):
    """The column's dates allow two orders, or contradict each other; the text says what to name."""


@dataclass(slots=True)
class OrderEvidence:
    """What the dates of one column prove. `see` each one, then `decide`."""

    column: str
    # Orders in which every date seen is a date.
    _left: set[Order] = field(default_factory=lambda: set(Order))
    # An impossible month or day speaks against an order; a year of four digits at the end only does not speak for ymd.
    _against: dict[Order, tuple[int, str]] = field(default_factory=dict)
    _told_apart: dict[tuple[Order, Order], tuple[int, str]] = field(default_factory=dict)
    _examples: dict[frozenset[Order], tuple[int, str]] = field(default_factory=dict)

    def see(self, text: str, line: int) -> None:
        """Take a written date into account; an impossible one, or one with its year first, proves nothing."""
        readings = possible_dates(text)
        if readings.fixed or not readings.dates:
            return
        self._examples.setdefault(frozenset(readings.dates), (line, text))
        self._left &= readings.dates.keys()
        for order in readings.orders - readings.dates.keys():
            self._against.setdefault(order, (line, text))
        for pair in combinations(Order, 2):
            one, other = (readings.dates.get(order) for order in pair)
            if one and other and one != other:
                self._told_apart.setdefault(pair, (line, text))

    def decide(self, asked: Order | None = None) -> Order | None:
        """The column's order: `asked`, else the only one left; None when no date needs one. Raises rather than guess."""
        if asked is not None:
            return asked
        if not self._examples:
            return None
        if not self._left:
            (first, one), (second, other) = min(self._examples.values()), max(self._examples.values())
            raise UndecidedOrderError(
                f"column {self.column!r} holds dates in different orders, as on line {first} ({one!r}) and line {second} ({other!r}): "
                f"{_HOW}, and the others are rejected"
            )
        possible = [order for order in Order if order not in self._against]
        for pair in combinations(possible, 2):
            if pair in self._told_apart and self._left.intersection(pair):
                line, text = self._told_apart[pair]
                raise UndecidedOrderError(
                    f"column {self.column!r}, line {line}: {text!r} can be read in two ways and no other date of the column decides it: {_HOW}"
                )
        return next(order for order in possible if order in self._left)
