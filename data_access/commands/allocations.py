"""Applying money to bills, and taking it back. Oldest due first is the suggestion; the caller may choose."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import Row, insert, select

from data_access.applied_days import dated
from data_access.commands.refusals import NotFoundError, told_as_refusals
from data_access.commands.shared import the_row
from data_access.database import Writing
from data_access.queries.positions import effective_due
from data_access.schema import accounts, allocations, invoices, payments
from data_access.scope import Scope, within
from domain.allocation import (
    NothingToApplyError,
    NotPositiveError,
    OpenInvoice,
    OverpaidInvoiceError,
    OverspendError,
    ReversedPaymentError,
    UnknownInvoiceError,
    WrongAccountError,
    check,
    suggest,
)


def open_invoices(writing: Writing, account_id: int) -> list[OpenInvoice]:
    """The account's open invoices, locked until the commit (in order of id, so that two writers cannot deadlock)."""
    rows = writing.connection.execute(
        select(
            invoices.c.id,
            invoices.c.number,
            invoices.c.issued_on,
            effective_due(accounts.c.terms_days).label("due_on"),
            (invoices.c.amount - invoices.c.settled).label("open_amount"),
        )
        .join(accounts, accounts.c.id == invoices.c.account_id)
        .where(
            invoices.c.account_id == account_id,
            invoices.c.kind == "invoice",
            invoices.c.settled < invoices.c.amount,
        )
        .order_by(invoices.c.id)
        .with_for_update(of=invoices)
    )
    return [OpenInvoice(*row) for row in rows]


def live_payment(writing: Writing, scope: Scope, payment_id: int) -> Row[Any]:
    """The payment, locked until the commit; raises NotFoundError, or ReversedPaymentError when it was returned."""
    row = writing.connection.execute(
        select(payments)
        .where(the_row(writing, payments, payment_id), within(scope, payments.c.site_id))
        .with_for_update()
    ).one_or_none()
    if row is None:
        raise NotFoundError(f"there is no payment {payment_id}")
    if row.reversed_on is not None:
        raise ReversedPaymentError(f"payment {payment_id} was {row.status} on {row.reversed_on}; nothing of it is left")
    return row


def allocate(
    writing: Writing, scope: Scope, payment_id: int, wanted: Mapping[int, int] | None, applied_on: date
) -> dict[int, int]:
    """Apply a payment to bills of its own account; returns {invoice id: minor units}.

    `wanted` is {invoice id: minor units}; None takes the suggestion. Each part counts from the latest of applied_on,
    the payment's day, the bill's day and the day on which the bill was open again. Raises the AllocationRefusedError that names the reason; nothing is applied.
    """
    payment = live_payment(writing, scope, payment_id)
    if payment.kind != "payment":
        raise ReversedPaymentError(f"{payment.kind} {payment_id} cannot pay bills")
    left = payment.amount - payment.allocated
    bills = open_invoices(writing, payment.account_id)
    if wanted is None:
        wanted = suggest(left, bills) if left > 0 and bills else {}
    else:
        _same_account(writing, scope, payment.account_id, wanted)
        check(left, wanted, bills)
    if not wanted:
        reason = (
            "no bill was chosen" if bills and left else "no bill is open on its account" if left else "nothing is left"
        )
        raise NothingToApplyError(f"payment {payment_id}: {reason}; nothing was applied")
    by_id = {bill.id: bill for bill in bills}
    rows = [
        {
            "account_id": payment.account_id,
            "site_id": payment.site_id,
            "payment_id": payment_id,
            "invoice_id": invoice_id,
            "amount": amount,
            "applied_on": max(applied_on, payment.paid_on, by_id[invoice_id].issued_on),
        }
        for invoice_id, amount in sorted(wanted.items())
    ]
    rows = list(dated(writing.connection, rows))
    with told_as_refusals():
        writing.connection.execute(insert(allocations), rows)
    for row in rows:
        writing.record("allocate", "payments", payment_id, site_id=payment.site_id, after=row)
    return dict(wanted)


def _same_account(writing: Writing, scope: Scope, account_id: int, wanted: Mapping[int, int]) -> None:
    """A bill outside the scope is passed over here, and so refused like one that is not there."""
    rows = writing.connection.execute(
        select(invoices.c.id, invoices.c.account_id, invoices.c.number, invoices.c.settled, invoices.c.amount).where(
            invoices.c.id.in_(list(wanted)), within(scope, invoices.c.site_id)
        )
    ).all()
    for row in rows:
        if row.account_id != account_id:
            raise WrongAccountError(
                f"bill {row.number} belongs to another account; one remittance for many accounts is many payments"
            )
        if row.settled == row.amount:
            raise UnknownInvoiceError(f"bill {row.number} is settled already; choose an open bill")


def apply_credit(
    writing: Writing, scope: Scope, credit_note_id: int, *, invoice_id: int, amount: int, applied_on: date
) -> int:
    """Use `amount` minor units of a credit note on an invoice of the same account; returns the allocation's id."""
    if amount <= 0:
        raise NotPositiveError("apply a positive amount")
    credit = writing.connection.execute(
        select(invoices)
        .where(
            the_row(writing, invoices, credit_note_id),
            invoices.c.kind == "credit_note",
            within(scope, invoices.c.site_id),
        )
        .with_for_update()
    ).one_or_none()
    if credit is None:
        raise NotFoundError(f"there is no credit note {credit_note_id}")
    bill = writing.connection.execute(
        select(invoices)
        .where(the_row(writing, invoices, invoice_id), within(scope, invoices.c.site_id))
        .with_for_update()
    ).one_or_none()
    if bill is None or bill.kind != "invoice":
        raise UnknownInvoiceError(f"bill {invoice_id} is not open on this account; choose one of its open bills")
    if bill.account_id != credit.account_id:
        raise WrongAccountError(f"bill {bill.number} belongs to another account; a credit note is used on its own")
    if amount > credit.amount - credit.settled:
        raise OverspendError(
            f"credit note {credit.number}: {amount} is more than the {credit.amount - credit.settled} left of it "
            "(minor units); apply less"
        )
    if amount > bill.amount - bill.settled:
        raise OverpaidInvoiceError(
            f"bill {bill.number}: {amount} is more than the {bill.amount - bill.settled} open (minor units); "
            "apply at most what is open"
        )
    row = {
        "account_id": credit.account_id,
        "site_id": credit.site_id,
        "credit_note_id": credit_note_id,
        "invoice_id": invoice_id,
        "amount": amount,
        "applied_on": max(applied_on, credit.issued_on, bill.issued_on),
    }
    (row,) = dated(writing.connection, [row])
    with told_as_refusals():
        new_id = writing.connection.execute(insert(allocations).returning(allocations.c.id), [row]).scalar_one()
    writing.record("allocate", "invoices", credit_note_id, site_id=credit.site_id, after=row)
    return new_id


def live_allocations(writing: Writing, account_id: int, payment_id: int) -> list[Row[Any]]:
    """What a payment or a refund is applied to and was not taken back."""
    back = allocations.alias("back")
    return list(
        writing.connection.execute(
            select(allocations)
            .outerjoin(back, (back.c.account_id == allocations.c.account_id) & (back.c.reverses_id == allocations.c.id))
            .where(
                allocations.c.account_id == account_id,
                (allocations.c.payment_id == payment_id) | (allocations.c.refund_id == payment_id),
                allocations.c.reverses_id.is_(None),
                back.c.id.is_(None),
            )
            .order_by(allocations.c.id)
        )
    )


def take_back(writing: Writing, row: Row[Any], on: date) -> None:
    """Reverse one live allocation from `on`: its bill is open again, its money unapplied."""
    reversing = {
        "account_id": row.account_id,
        "site_id": row.site_id,
        "payment_id": row.payment_id,
        "credit_note_id": row.credit_note_id,
        "invoice_id": row.invoice_id,
        "refund_id": row.refund_id,
        "amount": row.amount,
        "applied_on": max(on, row.applied_on),
        "reverses_id": row.id,
    }
    with told_as_refusals():
        writing.connection.execute(insert(allocations), [reversing])
    writing.record("take back", "allocations", row.id, site_id=row.site_id, after=reversing)
