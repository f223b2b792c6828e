"""One account's books, told as a bookkeeper tells them: days as text, money as text, bills by their number.

Every entry goes through the product's own command; bills, credit notes and refunds, which come from vendors, are inserted
as an import does it.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from data_access.commands.allocations import allocate, apply_credit
from data_access.commands.disputes import close_dispute, open_dispute
from data_access.commands.payments import PaymentDraft, post_payment, record_payment, return_payment
from data_access.database import Database
from data_access.queries.balances import aging
from data_access.scope import Scope
from domain.aging import AgingRow, bucket_labels
from domain.filters import Basis, Filters
from domain.money import to_decimal, to_minor
from tests import factories as make

CLERK = "clerk@example.org"
EVERYWHERE = Scope.all_sites()
day = date.fromisoformat


class Books:
    """An account; `terms` in days. Amounts are like "1,250.00"."""

    def __init__(self, database: Database, account_id: int, site_id: int, number: str, currency: str) -> None:
        self.database = database
        self.where = {"account_id": account_id, "site_id": site_id}
        self.number = number
        self.currency = currency
        self.documents: dict[str, int] = {}

    def minor(self, amount: str) -> int:
        return to_minor(Decimal(amount.replace(",", "")), self.currency)

    def text(self, minor: int) -> str:
        return f"{to_decimal(minor, self.currency):,}"

    def _wanted(self, to: Mapping[str, str]) -> dict[int, int]:
        return {self.documents[number]: self.minor(amount) for number, amount in to.items()}

    def bill(self, number: str, amount: str, issued: str, due: str | None = None, **values: Any) -> None:
        due_on = None if due is None else day(due)
        name = number if values.get("part", 1) == 1 else f"{number} ({values['part']})"
        self.documents[name] = make.invoice(
            self.database, self.where, number, day(issued), due_on, self.minor(amount), **values
        )

    def credit_note(self, number: str, amount: str, issued: str, reverses: str | None = None) -> None:
        reverses_id = None if reverses is None else self.documents[reverses]
        self.bill(number, amount, issued, kind="credit_note", reverses_id=reverses_id)

    def pays(
        self, amount: str, on: str, to: Mapping[str, str] | None = None, *, apply: str = "oldest", pending: bool = False
    ) -> int:
        """Pay the oldest due first, or `to` these bills, or onto the account (apply="none"). Returns the payment."""
        draft = PaymentDraft(
            account_id=self.where["account_id"],
            paid_on=day(on),
            amount=self.minor(amount),
            method="e-check",
            status="pending" if pending else "posted",
            apply=apply if to is None else self._wanted(to),  # type: ignore[arg-type]
        )
        return self.database.writing(CLERK, EVERYWHERE, lambda writing: record_payment(writing, EVERYWHERE, draft))

    def posts(self, payment: int, on: str) -> None:
        self.database.writing(CLERK, EVERYWHERE, lambda writing: post_payment(writing, EVERYWHERE, payment, day(on)))

    def applies(self, payment: int, to: Mapping[str, str], on: str) -> None:
        wanted = self._wanted(to)
        self.database.writing(
            CLERK, EVERYWHERE, lambda writing: allocate(writing, EVERYWHERE, payment, wanted, day(on))
        )

    def comes_back(self, payment: int, on: str) -> None:
        self.database.writing(CLERK, EVERYWHERE, lambda writing: return_payment(writing, EVERYWHERE, payment, day(on)))

    def uses_credit(self, note: str, bill: str, amount: str, on: str) -> None:
        self.database.writing(
            CLERK,
            EVERYWHERE,
            lambda writing: apply_credit(
                writing,
                EVERYWHERE,
                self.documents[note],
                invoice_id=self.documents[bill],
                amount=self.minor(amount),
                applied_on=day(on),
            ),
        )

    def is_refunded(self, amount: str, on: str, *, payment: int | None = None, note: str | None = None) -> int:
        """The vendor sends money back; `payment` or `note` is what it makes good, None when nobody knows yet."""
        refund = make.payment(self.database, self.where, day(on), self.minor(amount), kind="refund")
        if payment is not None or note is not None:
            make.allocation(
                self.database,
                self.where,
                self.minor(amount),
                day(on),
                refund_id=refund,
                payment_id=payment,
                credit_note_id=None if note is None else self.documents[note],
            )
        return refund

    def disputes(self, bill: str, amount: str, on: str, reason: str = "not ours") -> int:
        return self.database.writing(
            CLERK,
            EVERYWHERE,
            lambda writing: open_dispute(
                writing,
                EVERYWHERE,
                self.documents[bill],
                amount=self.minor(amount),
                reason=reason,
                opened_on=day(on),
            ),
        )

    def settles(self, dispute: int, on: str, outcome: str) -> None:
        self.database.writing(
            CLERK, EVERYWHERE, lambda writing: close_dispute(writing, EVERYWHERE, dispute, day(on), outcome)
        )

    def row(self, on: str, **filters: Any) -> AgingRow | None:
        with self.database.reading(EVERYWHERE) as connection:
            rows = aging(connection, EVERYWHERE, Filters(as_of=day(on), **filters), "account")
        return next((row for row in rows if row.key == self.number), None)

    def on(self, as_of: str, *, basis: Basis = Basis.DUE, edges: tuple[int, ...] = (30, 60, 90)) -> dict[str, str]:
        """What the balances page says on a day: each column that is not zero, and what is owed in all."""
        row = self.row(as_of, basis=basis, edges=edges)
        if row is None:
            return {}
        columns = dict(zip(bucket_labels(edges), row.buckets, strict=True))
        columns |= {"Unapplied": row.unapplied, "Disputed": row.disputed, "Owed": row.outstanding}
        return {name: self.text(minor) for name, minor in columns.items() if minor or name == "Owed"}

    def statement(self, days: Sequence[str]) -> list[dict[str, str]]:
        """The balances page on each of these days."""
        return [self.on(as_of) for as_of in days]
