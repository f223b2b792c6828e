"""Why the ledger refused: the database's own checks told as the rules' exceptions."""

from collections.abc import Generator
from contextlib import contextmanager

from sqlalchemy.exc import IntegrityError

from domain.allocation import (
    AllocationRefusedError,
    OverpaidInvoiceError,
    OverspendError,
    ReversedPaymentError,
    TooEarlyError,
    UnknownInvoiceError,
)


class NotFoundError(LookupError):
    """There is no such record within the viewer's scope."""


class LedgerRefusedError(ValueError):
    """The database refused a change that would break the ledger; the message is the rule."""


class PeopleRefusedError(ValueError):
    """A change of who may do what was refused; the message says why."""


class CardNumberError(LedgerRefusedError):
    """Text that was to be kept holds what looks like a payment card number."""


_BY_CONSTRAINT = {
    "ck_payments_allocated": (OverspendError, "more than is left of this payment; apply less"),
    "ck_invoices_settled": (OverpaidInvoiceError, "more than is open on this bill; apply at most what is open"),
    "needs a live payment": (ReversedPaymentError, "this payment is not live on that day (returned, void or later)"),
    "needs a live invoice": (TooEarlyError, "this bill was issued after that day; apply on or after its date"),
    "payment cannot be returned before": (
        LedgerRefusedError,
        "a payment is returned on or after the day of its last allocation",
    ),
}


@contextmanager
def told_as_refusals() -> Generator[None]:
    """Turn an IntegrityError of the ledger's own checks into the exception that names the rule."""
    try:
        yield
    except IntegrityError as error:
        text = str(error.orig)
        for mark, (refusal, message) in _BY_CONSTRAINT.items():
            if mark in text:
                raise refusal(message) from error
        raise LedgerRefusedError(text.splitlines()[0]) from error


__all__ = [
    "AllocationRefusedError",
    "CardNumberError",
    "LedgerRefusedError",
    "NotFoundError",
    "PeopleRefusedError",
    "UnknownInvoiceError",
    "told_as_refusals",
]
