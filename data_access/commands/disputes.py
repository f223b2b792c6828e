"""Disputes: an amount withheld from a bill, what the vendor answered and credited, and the outcome."""

from datetime import date
from typing import Any

from sqlalchemy import func, insert, select, update

from data_access.commands.refusals import LedgerRefusedError, NotFoundError, told_as_refusals
from data_access.commands.shared import the_row
from data_access.database import Writing
from data_access.free_text import refuse_card_numbers
from data_access.schema import accounts, dispute_events, disputes, invoices
from data_access.scope import Scope, within
from domain.money import Money


def open_dispute(
    writing: Writing, scope: Scope, invoice_id: int, *, amount: int, reason: str, opened_on: date, kind: str = "bill"
) -> int:
    """Withhold `amount` minor units of an invoice; returns the dispute's id. kind: bill, or late_fee to have one back."""
    bill = writing.connection.execute(
        select(invoices)
        .where(the_row(writing, invoices, invoice_id), invoices.c.kind == "invoice", within(scope, invoices.c.site_id))
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
            f"bill {bill.number}: withhold more than nothing and no more than the bill "
            f"({_told(writing, bill.account_id, bill.amount)}, {_told(writing, bill.account_id, int(held or 0))} withheld already)"
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
        "kind": kind,
    }
    refuse_card_numbers(writing.connection, scope, values)
    with told_as_refusals():
        new_id = writing.connection.execute(insert(disputes).returning(disputes.c.id), [values]).scalar_one()
    writing.record("open", "disputes", new_id, site_id=bill.site_id, after=values)
    return new_id


def close_dispute(writing: Writing, scope: Scope, dispute_id: int, closed_on: date, outcome: str) -> None:
    """Close a dispute with what came of it."""
    row = writing.connection.execute(
        select(disputes)
        .where(the_row(writing, disputes, dispute_id), within(scope, disputes.c.site_id))
        .with_for_update()
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


ANSWERS = ("accepted", "partly", "refused")


def record_reply(
    writing: Writing,
    scope: Scope,
    dispute_id: int,
    *,
    dated: date,
    answer: str,
    amount: int | None = None,
    text: str = "",
) -> int:
    """What the vendor answered, with the amount that it grants where it names one; returns the event's id."""
    if answer not in ANSWERS:
        raise LedgerRefusedError(f"{answer!r} is no answer: choose one of {', '.join(ANSWERS)}")
    row = _standing(writing, scope, dispute_id, dated)
    if amount is not None and not 0 < amount <= row.amount:
        told = _told(writing, row.account_id, row.amount)
        raise LedgerRefusedError(f"the vendor grants more than nothing and at most what is withheld ({told})")
    return _add(writing, scope, row, kind="reply", dated=dated, answer=answer, amount=amount, text=text)


def record_credit(
    writing: Writing,
    scope: Scope,
    dispute_id: int,
    *,
    dated: date,
    amount: int,
    credit_note_id: int | None = None,
    text: str = "",
) -> int:
    """What the vendor credited, by which credit note if there is one; returns the event's id.

    Nothing of it moves money: the credit note is applied as any other.
    """
    row = _standing(writing, scope, dispute_id, dated)
    events = dispute_events.c
    credited = writing.connection.scalar(
        select(func.coalesce(func.sum(events.amount), 0)).where(
            events.account_id == row.account_id, events.dispute_id == dispute_id, events.kind == "credit"
        )
    )
    if amount <= 0 or amount + int(credited or 0) > row.amount:
        raise LedgerRefusedError(
            f"a credit is more than nothing, and all of them no more than what is withheld "
            f"({_told(writing, row.account_id, row.amount)}, {_told(writing, row.account_id, int(credited or 0))} credited already)"
        )
    if credit_note_id is not None:
        note = writing.connection.execute(
            select(invoices.c.amount).where(
                invoices.c.account_id == row.account_id,
                invoices.c.id == credit_note_id,
                invoices.c.kind == "credit_note",
            )
        ).one_or_none()
        if note is None:
            raise NotFoundError(f"the account has no credit note {credit_note_id}")
        if amount > note.amount:
            own, asked = (_told(writing, row.account_id, each) for each in (note.amount, amount))
            raise LedgerRefusedError(f"the credit note is of {own}, less than {asked}")
    return _add(
        writing, scope, row, kind="credit", dated=dated, amount=amount, credit_note_id=credit_note_id, text=text
    )


def _told(writing: Writing, account_id: int, minor: int) -> str:
    """An amount of the account in words."""
    currency = writing.connection.scalar(select(accounts.c.currency).where(accounts.c.id == account_id))
    return Money(minor, str(currency)).text


def _standing(writing: Writing, scope: Scope, dispute_id: int, dated: date) -> Any:
    """The dispute, held until the commit; refused where it is closed or was not open on the day."""
    row = writing.connection.execute(
        select(disputes)
        .where(the_row(writing, disputes, dispute_id), within(scope, disputes.c.site_id))
        .with_for_update()
    ).one_or_none()
    if row is None:
        raise NotFoundError(f"there is no dispute {dispute_id}")
    if row.closed_on is not None:
        raise LedgerRefusedError(f"dispute {dispute_id} was closed on {row.closed_on}")
    if dated < row.opened_on:
        raise LedgerRefusedError(f"{dated} is before the dispute was opened on {row.opened_on}")
    return row


def _add(writing: Writing, scope: Scope, row: Any, **values: Any) -> int:
    values |= {"account_id": row.account_id, "site_id": row.site_id, "dispute_id": row.id}
    refuse_card_numbers(writing.connection, scope, values)
    stored = values | {"recorded_by": writing.actor, "recorded_at": writing.at}
    with told_as_refusals():
        new_id = writing.connection.execute(
            insert(dispute_events).returning(dispute_events.c.id), [stored]
        ).scalar_one()
    writing.record(values["kind"], "dispute_events", new_id, site_id=row.site_id, after=values)
    return new_id
