"""Everything about one bill or one payment, gathered in one read so that it is of one moment."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, select

from data_access.queries.applications import Application, applications
from data_access.queries.bills import BillRow, ChargeRow, DisputeRow, bill_rows, charge_rows, dispute_rows
from data_access.queries.call_history import call_versions
from data_access.queries.calls import CallRow
from data_access.queries.payments import PaymentRow, payment_rows
from data_access.schema import payments
from data_access.scope import Scope
from domain.filters import Filters


@dataclass(frozen=True, slots=True)
class BillDetail:
    """One bill as of a day: its parts (one, unless lines came later), their lines, what was applied, disputes.

    applied: to the bill, or of a credit note from it; their sum is what the parts have settled.
    """

    parts: list[BillRow]
    charges: list[ChargeRow]
    applied: list[Application]
    disputes: list[DisputeRow]


@dataclass(frozen=True, slots=True)
class PaymentDetail:
    """One payment as of a day: where it went, the call it was made on, what reversed it or what it reverses."""

    payment: PaymentRow
    applied: list[Application]
    call: CallRow | None
    reversal: PaymentRow | None
    original: PaymentRow | None


def bill_detail(connection: Connection, scope: Scope, as_of: date, bill_id: int) -> BillDetail | None:
    """The bill that the invoice or credit note `bill_id` belongs to; None outside the scope and before it was issued."""
    filters = Filters(as_of=as_of)
    found = bill_rows(connection, scope, filters, bill_id=bill_id)
    if not found:
        return None
    bill = found[0]
    same = bill_rows(connection, scope, filters, account_id=bill.account_id, number=bill.number)
    parts = sorted((row for row in same if row.kind == bill.kind), key=lambda row: row.part)
    return BillDetail(
        parts=parts,
        charges=[line for part in parts for line in charge_rows(connection, scope, part.account_id, part.id)],
        applied=[
            row
            for part in parts
            for row in applications(connection, scope, as_of, account_id=part.account_id, bill_id=part.id)
        ],
        disputes=[row for part in parts for row in dispute_rows(connection, scope, filters, bill_id=part.id)],
    )


def payment_detail(connection: Connection, scope: Scope, as_of: date, payment_id: int) -> PaymentDetail | None:
    """The payment, refund or reversal `payment_id`; None outside the scope and before it was made."""
    filters = Filters(as_of=as_of)
    found = payment_rows(connection, scope, filters, payment_id=payment_id)
    if not found:
        return None
    payment = found[0]
    reversal_id = connection.scalar(
        select(payments.c.id).where(payments.c.account_id == payment.account_id, payments.c.reverses_id == payment.id)
    )
    return PaymentDetail(
        payment=payment,
        applied=applications(connection, scope, as_of, account_id=payment.account_id, payment_id=payment.id),
        call=_call(connection, scope, payment, as_of),
        reversal=_payment(connection, scope, filters, reversal_id),
        original=_payment(connection, scope, filters, payment.reverses_id),
    )


def _payment(connection: Connection, scope: Scope, filters: Filters, payment_id: int | None) -> PaymentRow | None:
    if payment_id is None:
        return None
    found = payment_rows(connection, scope, filters, payment_id=payment_id)
    return found[0] if found else None


def _call(connection: Connection, scope: Scope, payment: PaymentRow, as_of: date) -> CallRow | None:
    """The call that the payment names, as it was last corrected."""
    if payment.call_id is None:
        return None
    versions = call_versions(connection, scope, payment.call_id, as_of=as_of)
    return versions[-1] if versions else None
