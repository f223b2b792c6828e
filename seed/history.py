"""The life of one account, played day by day: bills come, get paid, come back; each step may plan the next ones.

An event is (day, what to do, with what). Events after today are never played, so nothing in the books is later than it.
"""

import heapq
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import count
from random import Random
from typing import Any

from domain.policies import Policy
from seed.books import Organisation
from seed.records import Account, Allocation, Bill, Charge, Payment

Handler = Callable[..., None]
BILLS_FIRST, THEN_MONEY = 0, 1


@dataclass
class History:
    """State of the play. `books` collects the records; the rest is what later steps need to know."""

    books: Organisation
    account: Account
    today: date
    rng: Random
    terms: Sequence[Policy] = ()  # the vendor's
    dice: Random = field(default_factory=Random)  # the vendor's own
    frozen_from: date | None = None  # bills that fall due from this day on are not paid
    bills: list[Bill] = field(default_factory=list)  # invoices, oldest first
    credit_notes: list[Bill] = field(default_factory=list)  # to be used with the next payment
    on_account: list[Payment] = field(default_factory=list)  # unapplied money, to be used with the next payment
    planned: dict[Bill, date] = field(default_factory=dict)  # when each bill will be paid
    next_lines: list[Charge] = field(default_factory=list)  # credits and fees for the next bill
    _queue: list[tuple[date, int, int, Handler, tuple[Any, ...]]] = field(default_factory=list)
    _order: Any = field(default_factory=count)

    def at(self, day: date, handler: Handler, *args: Any, first: bool = False) -> None:
        """Plan `handler(self, day, *args)`; bills go before everything else of a day."""
        if day <= self.today:
            rank = BILLS_FIRST if first else THEN_MONEY
            heapq.heappush(self._queue, (day, rank, next(self._order), handler, args))

    def play(self) -> None:
        """Play until nothing is planned up to today."""
        while self._queue:
            day, _, _, handler, args = heapq.heappop(self._queue)
            handler(self, day, *args)

    def held_back(self, bill: Bill) -> bool:
        """Is it one that the site does not pay?"""
        return self.frozen_from is not None and bill.falls_due_on >= self.frozen_from

    def add_bill(self, bill: Bill) -> Bill:
        """Book a bill or credit note."""
        self.books.bills.append(bill)
        if bill.kind == "invoice":
            self.bills.append(bill)
        return bill

    def allocate(self, source: Payment | Bill, target: Bill | Payment, amount: int, day: date) -> None:
        """Apply a part of a payment or credit note to a bill or refund; neither may be overdrawn."""
        if not 0 < amount <= min(_left(source), _left(target)):
            raise ValueError(f"{amount} does not fit between {source} and {target}")
        self.books.allocations.append(Allocation(source, target, amount, day))
        _move(source, amount)
        _move(target, amount)

    def take_back(self, allocation: Allocation, day: date) -> None:
        """Reverse an allocation from a day on."""
        self.books.allocations.append(
            Allocation(allocation.source, allocation.target, allocation.amount, day, allocation)
        )
        _move(allocation.source, -allocation.amount)
        _move(allocation.target, -allocation.amount)

    def live_allocations(self, payment: Payment) -> list[Allocation]:
        """What a payment is applied to now."""
        taken_back = {a.reverses for a in self.books.allocations if a.reverses is not None and a.source is payment}
        own = (a for a in self.books.allocations if a.source is payment and a.reverses is None)
        return [a for a in own if a not in taken_back]


def _left(document: Payment | Bill) -> int:
    return document.unapplied if isinstance(document, Payment) else document.open


def _move(document: Payment | Bill, amount: int) -> None:
    if isinstance(document, Payment):
        document.allocated += amount
    else:
        document.settled += amount
