"""What is open on bills while a file's payments are applied to them, one after the other."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import select

from data_access.importers.context import Context
from data_access.importers.existing import batches, rows_by_text
from data_access.queries.positions import effective_due
from data_access.schema import accounts, invoices
from domain.allocation import OpenInvoice, suggest


@dataclass(frozen=True, slots=True)
class Applied:
    """`amount` minor units on the invoices row `invoice_id`, counting from `applied_on` on."""

    invoice_id: int
    amount: int
    applied_on: date


class OpenBills:
    """Open amounts by bill number, and by age for oldest due first."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._by_number: dict[tuple[int, str], list[Any]] = {}
        self._left: dict[int, int] = {}
        self._by_age: dict[int, list[OpenInvoice]] = {}

    def load(self, numbers: Iterable[tuple[int, str]]) -> None:
        """Fetch the bills of (account id, number)."""
        wanted = sorted({key for key in numbers if key[0] > 0} - self._by_number.keys())
        names = ("id", "account_id", "number", "kind", "part", "issued_on", "amount", "settled")
        columns = [invoices.c[name] for name in names]
        found = rows_by_text(
            self._context.connection, invoices, invoices.c.number, wanted, columns, locking=self._context.locking
        )
        for row in found:
            self._by_number.setdefault((row.account_id, row.number), []).append(row)
            self._left.setdefault(row.id, row.amount - row.settled)

    def parts(self, account_id: int, number: str, kind: str = "invoice") -> list[Any]:
        """The parts of a bill, in order; empty when there is none."""
        found = [row for row in self._by_number.get((account_id, number), []) if row.kind == kind]
        return sorted(found, key=lambda row: row.part)

    def left(self, parts: Iterable[Any]) -> int:
        """Minor units open on these parts."""
        return sum(self._left[row.id] for row in parts)

    def apply(self, parts: Iterable[Any], amount: int, paid_on: date, *, for_good: bool = True) -> list[Applied]:
        """Apply up to `amount` to these parts in order, at most what is open; unless `for_good`, nothing is used up."""
        applied = []
        for row in parts:
            part = min(amount, self._left[row.id])
            if part > 0:
                applied.append(Applied(row.id, part, max(paid_on, row.issued_on)))
                amount -= part
                if for_good:
                    self._left[row.id] -= part
        return applied

    def load_ages(self, account_ids: Iterable[int]) -> None:
        """Fetch all open bills of accounts, oldest due first."""
        wanted = sorted({account_id for account_id in account_ids if account_id > 0})
        for batch in batches(wanted):
            statement = (
                select(
                    invoices.c.account_id,
                    invoices.c.id,
                    invoices.c.number,
                    invoices.c.issued_on,
                    effective_due(accounts.c.terms_days).label("due_on"),
                    (invoices.c.amount - invoices.c.settled).label("open_amount"),
                )
                .join(accounts, accounts.c.id == invoices.c.account_id)
                .where(
                    invoices.c.account_id.in_(batch),
                    invoices.c.kind == "invoice",
                    invoices.c.settled < invoices.c.amount,
                )
                .order_by(invoices.c.id)
            )
            for account_id, *rest in self._context.connection.execute(self._context.held(statement, invoices)):
                bill = OpenInvoice(*rest)
                self._by_age.setdefault(account_id, []).append(bill)
                self._left.setdefault(bill.id, bill.open_amount)
        for bills in self._by_age.values():
            bills.sort(key=lambda bill: (bill.due_on, bill.issued_on, bill.number, bill.id), reverse=True)

    def apply_oldest(self, account_id: int, amount: int, paid_on: date) -> list[Applied]:
        """Apply `amount` to the account's oldest due bills, as the rule suggests; the rest stays unapplied."""
        bills = self._by_age.get(account_id, [])
        while bills and not self._left[bills[-1].id]:
            bills.pop()
        # The rule looks at as many of the oldest as the amount can reach: thousands of payments meet thousands of bills.
        reach, candidates = 0, []
        for bill in reversed(bills):
            left = self._left[bill.id]
            if left:
                candidates.append(replace(bill, open_amount=left))
                reach += left
            if reach >= amount:
                break
        by_id = {bill.id: bill for bill in candidates}
        chosen = suggest(amount, candidates) if candidates else {}
        for invoice_id, part in chosen.items():
            self._left[invoice_id] -= part
        return [
            Applied(invoice_id, part, max(paid_on, by_id[invoice_id].issued_on)) for invoice_id, part in chosen.items()
        ]
