"""Lines of one file gathered into bills: a bill of its own, a further part of one that is there, or its itemisation."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from data_access.importers.cells import MOST_DIGITS
from data_access.importers.context import Context
from data_access.importers.existing import rows_by_text
from data_access.schema import invoices

_MOST = 10**MOST_DIGITS


@dataclass(slots=True)
class Part:
    """An invoices row to be written: `amount` > 0. `id` is known once it is reserved."""

    kind: str
    amount: int
    part: int
    issued_on: date
    due_on: date | None
    id: int = 0


@dataclass(slots=True)
class Bill:
    """The new lines of (account, number). Sums are signed minor units; days are the earliest of the lines."""

    account_id: int
    number: str
    positive: int = 0
    negative: int = 0
    first_positive: date | None = None
    first_negative: date | None = None
    due_on: date | None = None
    parts: list[Part] = field(default_factory=list)
    attach_to: int = 0
    refusal: str = ""

    def take(self, amount: int, issued_on: date, due_on: date | None) -> None:
        """Add a line."""
        if amount > 0:
            self.positive += amount
            self.first_positive = min(issued_on, self.first_positive or issued_on)
        elif amount < 0:
            self.negative += amount
            self.first_negative = min(issued_on, self.first_negative or issued_on)
        if due_on is not None:
            self.due_on = min(due_on, self.due_on or due_on)

    @property
    def issued_on(self) -> date:
        """The earliest day of its lines that are not zero."""
        return min(day for day in (self.first_positive, self.first_negative) if day is not None)

    def settle(self, known: list[Any]) -> None:
        """Decide where the lines go, given the rows of the same account and number that are in the ledger."""
        net = self.positive + self.negative
        stated = [row for row in known if row.amount_from == "bill"]
        if stated:
            wanted = "invoice" if net >= 0 else "credit_note"
            self.attach_to = next((row.id for row in stated if row.kind == wanted), stated[0].id)
        elif not self.positive and not self.negative:
            if known:
                self.attach_to = min(known, key=lambda row: (row.part, row.kind != "invoice", row.id)).id
            else:
                self.refusal = f"all lines of bill {self.number} are zero: there is nothing to owe"
        elif max(self.positive, -self.negative) >= _MOST:
            self.refusal = f"the lines of bill {self.number} come to more than {MOST_DIGITS} digits"
        else:
            self.parts = self._new_parts(net, 1 + max((row.part for row in known), default=0))

    def part_of(self, amount: int) -> int:
        """The id of the invoices row that a line belongs to."""
        if self.attach_to:
            return self.attach_to
        # Two parts only where all lines net to zero: charges on one, credits on the other.
        return self.parts[-1].id if amount < 0 else self.parts[0].id

    def _new_parts(self, net: int, part: int) -> list[Part]:
        if net > 0:
            return [Part("invoice", net, part, self.issued_on, self.due_on)]
        if net < 0:
            return [Part("credit_note", -net, part, self.issued_on, None)]
        if self.first_positive is None or self.first_negative is None:
            raise AssertionError("lines that net to zero have both signs")
        return [
            Part("invoice", self.positive, part, self.first_positive, self._due_after(self.first_positive)),
            Part("credit_note", -self.negative, part, self.first_negative, None),
        ]

    def _due_after(self, issued_on: date) -> date | None:
        return max(self.due_on, issued_on) if self.due_on else None


def settle_all(context: Context, bills: Iterable[Bill]) -> None:
    """Settle every bill against the ledger, some hundred at a time."""
    by_key = {(bill.account_id, bill.number): bill for bill in bills}
    columns = [invoices.c[name] for name in ("id", "account_id", "number", "kind", "part", "amount_from")]
    known: dict[tuple[int, str], list[Any]] = {}
    keys = [key for key in by_key if key[0] > 0]
    for row in rows_by_text(context.connection, invoices, invoices.c.number, keys, columns):
        known.setdefault((row.account_id, row.number), []).append(row)
    for key, bill in by_key.items():
        bill.settle(known.get(key, []))
