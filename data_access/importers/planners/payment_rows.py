"""A file's row as a payment: what it is, and what state it is in."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from data_access.importers.cells import CellError, minor_units
from data_access.importers.context import Context
from data_access.importers.directory import Account
from data_access.importers.rows import ParsedRow

REVERSED = ("returned", "void")


@dataclass(slots=True)
class PaymentRow:
    """`content` is what makes it this payment; its state (status, posted_on) may move on. status: None when not given.

    bills: the minor units that go to each bill by its number; none of a payment on account.
    """

    row: ParsedRow
    account: Account
    content: dict[str, Any]
    status: str | None
    posted_on: date | None
    bills: dict[str, int]

    @property
    def paid_on(self) -> date:
        """The day it was paid."""
        return self.content["paid_on"]

    @property
    def amount(self) -> int:
        """Minor units, above zero."""
        return self.content["amount"]

    @property
    def came_back_on(self) -> date:
        """Of a returned or void one: the day on which it came back."""
        return self.posted_on or self.paid_on


def read_payment(context: Context, row: ParsedRow, account: Account, amount: int) -> PaymentRow | None:
    """A payment, or a refund where `amount` (minor units) is negative; None when the row was rejected."""
    paid_on, posted_on, status = row.values["paid_on"], row.get("posted_on"), row.get("status")
    if amount == 0:
        context.reject(row, "amount", "is zero: nothing was paid")
    elif posted_on is not None and posted_on < paid_on:
        context.reject(row, "posted_on", f"is before it was paid on {paid_on}")
    elif posted_on is not None and status == "pending":
        context.reject(
            row, "posted_on", "a pending payment has not been posted: leave it blank, or give the status posted"
        )
    else:
        try:
            bills = _bills(row, account, abs(amount))
        except CellError as error:
            context.reject(row, "amount", str(error))
            return None
        content = {
            "kind": "payment" if amount > 0 else "refund",
            "paid_on": paid_on,
            "amount": abs(amount),
            # Written as they come: card, Card and CARD are one method.
            "method": row.get("method", "").casefold(),
            "channel": row.get("channel", "").casefold(),
            "confirmation_number": row.get("confirmation_number", ""),
            "invoice_number": _told(bills) if row.together else row.get("invoice_number", ""),
        }
        return PaymentRow(row, account, content, status, posted_on, bills)
    return None


def _bills(row: ParsedRow, account: Account, amount: int) -> dict[str, int]:
    found: dict[str, int] = {}
    for each in row.rows:
        number = each.get("invoice_number", "")
        if number:
            part = minor_units(each.values["amount"], account.currency) if row.together else amount
            found[number] = found.get(number, 0) + part
    return found


def _told(bills: dict[str, int]) -> str:
    """What makes a payment of several bills the same when its file comes again."""
    return "; ".join(f"{number} {amount}" for number, amount in sorted(bills.items()))
