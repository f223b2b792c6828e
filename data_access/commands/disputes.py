"""Opening and closing disputes: an amount withheld from a bill, with its reason and outcome."""

from datetime import date

from sqlalchemy import func, insert, select, update

from data_access.commands.refusals import LedgerRefusedError, NotFoundError, told_as_refusals
from data_access.database import Writing
from data_access.free_text import refuse_card_numbers
from data_access.schema import disputes, invoices
from data_access.scope import Scope, within


def open_dispute(writing: Writing, scope: Scope, invoice_id: int, *, amount: int, reason: str, opened_on: date) -> int:
    """Withhold `amount` minor units of an invoice; returns the dispute's id."""
    bill = writing.connection.execute(
        select(invoices)
        .where(invoices.c.id == invoice_id, invoices.c.kind == "invoice", within(scope, invoices.c.site_id))
        .with_for_update()
    ).one_or_none()
    if bill is None:
        raise NotFoundError(f"there is no invoice {invoice_id}")
    held = writing.connection.scalar(
        select(func.coalesce(func.sum(disputes.c.amount), 0)).where(
            disputes.c.account_id == bill.account_id,
            disputes.c.invoice_id == invoice_id,
            disputes.c.closed_on.is_(None),
        )
    )
    if amount <= 0 or amount + int(held or 0) > bill.amount:
        raise LedgerRefusedError(
            f"bill {bill.number}: withhold more than nothing and no more than the bill ({bill.amount} minor units, "
            f"{int(held or 0)} withheld already)"
        )
    if opened_on < bill.issued_on:
        raise LedgerRefusedError(f"bill {bill.number} was issued on {bill.issued_on}; a dispute opens on or after it")
    values = {
        "account_id": bill.account_id,
        "site_id": bill.site_id,
        "invoice_id": invoice_id,
        "amount": amount,
        "reason": reason,
        "opened_on": opened_on,
    }
    refuse_card_numbers(writing.connection, scope, values)
    with told_as_refusals():
        new_id = writing.connection.execute(insert(disputes).returning(disputes.c.id), [values]).scalar_one()
    writing.record("open", "disputes", new_id, site_id=bill.site_id, after=values)
    return new_id


def close_dispute(writing: Writing, scope: Scope, dispute_id: int, closed_on: date, outcome: str) -> None:
    """Close a dispute with what came of it."""
    row = writing.connection.execute(
        select(disputes).where(disputes.c.id == dispute_id, within(scope, disputes.c.site_id)).with_for_update()
    ).one_or_none()
    if row is None:
        raise NotFoundError(f"there is no dispute {dispute_id}")
    if row.closed_on is not None:
        raise LedgerRefusedError(f"dispute {dispute_id} was closed on {row.closed_on}")
    if closed_on < row.opened_on:
        raise LedgerRefusedError(f"closed on {closed_on} is before it was opened on {row.opened_on}")
    after = {"closed_on": closed_on, "outcome": outcome}
    refuse_card_numbers(writing.connection, scope, after)
    writing.connection.execute(
        update(disputes).where(disputes.c.account_id == row.account_id, disputes.c.id == dispute_id).values(**after)
    )
    writing.record("close", "disputes", dispute_id, site_id=row.site_id, before={"closed_on": None}, after=after)
