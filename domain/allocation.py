"""Allocation: which bills a payment pays. Oldest due first is suggested; the user may override; refusals are named.

Never across accounts: one remittance for many accounts is many payments.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby
from operator import itemgetter


class AllocationRefusedError(ValueError):
    """Money cannot be applied as asked; the message says why and what to do."""


class OverspendError(AllocationRefusedError):
    """More than is left of the payment or credit."""


class OverpaidInvoiceError(AllocationRefusedError):
    """More than is open on the invoice."""


class UnknownInvoiceError(AllocationRefusedError):
    """The invoice is not open on this account."""


class NotPositiveError(AllocationRefusedError):
    """An allocation of nothing, or less."""


class NothingToApplyError(AllocationRefusedError):
    """No money is left, no bill is open, or none was chosen."""


class CurrencyDiffersError(AllocationRefusedError):
    """Payment and bill are in two currencies."""


class WrongAccountError(AllocationRefusedError):
    """Payment and bill belong to two accounts."""


class TooEarlyError(AllocationRefusedError):
    """Applied before the money was paid or the bill was issued."""


class ReversedPaymentError(AllocationRefusedError):
    """The payment was returned or voided: there is nothing to apply."""


@dataclass(frozen=True, slots=True)
class OpenInvoice:
    """What allocation needs to know of an open invoice; amounts in minor units."""

    id: int
    number: str
    issued_on: date
    due_on: date
    open_amount: int


def suggest(amount: int, invoices: Sequence[OpenInvoice]) -> dict[int, int]:
    """Apply `amount` to the oldest due first: {invoice id: amount}. What is left over stays unapplied."""
    if amount <= 0:
        raise NotPositiveError("nothing to apply: the amount must be positive")
    left = amount
    chosen: dict[int, int] = {}
    for invoice in sorted(invoices, key=lambda i: (i.due_on, i.issued_on, i.number, i.id)):
        part = min(left, invoice.open_amount)
        if part <= 0:
            continue
        chosen[invoice.id] = part
        left -= part
        if left == 0:
            break
    return chosen


def suggest_around_disputes(
    amount: int, invoices: Sequence[OpenInvoice], disputed: Mapping[int, int]
) -> dict[int, int]:
    """The same, but what is under dispute ({invoice id: minor units}) comes last: it is withheld on purpose."""
    undisputed = [replace(i, open_amount=i.open_amount - min(i.open_amount, disputed.get(i.id, 0))) for i in invoices]
    chosen = suggest(amount, undisputed)
    left = amount - sum(chosen.values())
    if left:
        rest = [replace(i, open_amount=i.open_amount - chosen.get(i.id, 0)) for i in invoices]
        for invoice_id, part in suggest(left, rest).items():
            chosen[invoice_id] = chosen.get(invoice_id, 0) + part
    return chosen


def check(amount: int, wanted: Mapping[int, int], invoices: Sequence[OpenInvoice]) -> None:
    """Raise the reason why `wanted` ({invoice id: amount}) cannot be paid from `amount`; None when it can."""
    by_id = {invoice.id: invoice for invoice in invoices}
    for invoice_id, part in wanted.items():
        invoice = by_id.get(invoice_id)
        if invoice is None:
            raise UnknownInvoiceError(f"bill {invoice_id} is not open on this account; choose one of its open bills")
        if part <= 0:
            raise NotPositiveError(f"bill {invoice.number}: apply a positive amount, or leave the bill out")
        if part > invoice.open_amount:
            raise OverpaidInvoiceError(
                f"bill {invoice.number}: {part} is more than the {invoice.open_amount} open (minor units); "
                "apply at most what is open and leave the rest unapplied"
            )
    if sum(wanted.values()) > amount:
        raise OverspendError(
            f"{sum(wanted.values())} is more than the {amount} left of this payment (minor units); apply less"
        )


def fits_from(amount: int, part: int, moved: Iterable[tuple[date, int]], wanted: date) -> date:
    """The first day, `wanted` or later, from which `part` more fits on a document of `amount` on every day to come.

    moved: (day, minor units) of what was applied to it; what was taken back is negative. It is later than `wanted` where a
    payment that came back still counted on that day: until then the bill was settled.
    """
    live, full, day = 0, False, wanted
    for on, changes in groupby(sorted(moved), key=itemgetter(0)):
        live += sum(change for _, change in changes)
        if full and live + part <= amount:
            day = max(day, on)
        full = live + part > amount
    return day
