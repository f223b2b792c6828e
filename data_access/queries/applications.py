"""Where payments and credit notes went, and what paid a bill: the allocations with both of their ends."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, and_, case, func, select

from data_access.queries.expressions import signed
from data_access.queries.positions import effective_due
from data_access.schema import accounts, allocations, invoices, payments
from data_access.scope import Scope, within


@dataclass(frozen=True, slots=True)
class Application:
    """Part of a payment or credit note on a bill or refund, minor units; negative where it was taken back.

    source: payment or credit_note; target: bill or refund. A name is the bill's number or the payment's confirmation
    number, which may be empty. due_on is the bill's, None for a refund.
    """

    applied_on: date
    amount: int
    source: str
    source_id: int
    source_name: str
    method: str
    target: str
    target_id: int
    target_name: str
    due_on: date | None


def applications(
    connection: Connection,
    scope: Scope,
    as_of: date,
    *,
    account_id: int,
    payment_id: int | None = None,
    bill_id: int | None = None,
) -> list[Application]:
    """The allocations up to `as_of` that touch one payment (or refund), or one bill (or credit note), in order of date."""
    paid, note, bill, refund = (
        payments.alias("paid"),
        invoices.alias("note"),
        invoices,
        payments.alias("refund"),
    )
    links = {
        paid: allocations.c.payment_id,
        note: allocations.c.credit_note_id,
        bill: allocations.c.invoice_id,
        refund: allocations.c.refund_id,
    }
    joined: Any = allocations.join(accounts, accounts.c.id == allocations.c.account_id)
    for table, column in links.items():
        joined = joined.outerjoin(table, and_(table.c.account_id == allocations.c.account_id, table.c.id == column))
    statement = (
        select(
            allocations.c.applied_on,
            signed(allocations).label("amount"),
            case((paid.c.id.is_not(None), "payment"), else_="credit_note").label("source"),
            func.coalesce(paid.c.id, note.c.id).label("source_id"),
            func.coalesce(paid.c.confirmation_number, note.c.number).label("source_name"),
            func.coalesce(paid.c.method, "").label("method"),
            case((bill.c.id.is_not(None), "bill"), else_="refund").label("target"),
            func.coalesce(bill.c.id, refund.c.id).label("target_id"),
            func.coalesce(bill.c.number, refund.c.confirmation_number).label("target_name"),
            case((bill.c.id.is_not(None), effective_due(accounts.c.terms_days))).label("due_on"),
        )
        .select_from(joined)
        .where(
            within(scope, allocations.c.site_id),
            allocations.c.account_id == account_id,
            allocations.c.applied_on <= as_of,
        )
        .order_by(allocations.c.applied_on, allocations.c.id)
    )
    if payment_id is not None:
        statement = statement.where((allocations.c.payment_id == payment_id) | (allocations.c.refund_id == payment_id))
    if bill_id is not None:
        statement = statement.where((allocations.c.invoice_id == bill_id) | (allocations.c.credit_note_id == bill_id))
    return [Application(*row) for row in connection.execute(statement)]
