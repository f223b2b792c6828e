"""Recording payments: entered once, applied at once, never edited. A return is a row of its own."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Literal

from sqlalchemy import Row, insert, select, update

from data_access.commands.allocations import allocate, live_allocations, live_payment, take_back
from data_access.commands.refusals import LedgerRefusedError, NotFoundError, told_as_refusals
from data_access.database import Writing
from data_access.free_text import refuse_card_numbers
from data_access.schema import accounts, calls, payments
from data_access.scope import Scope, within
from domain.allocation import NothingToApplyError, NotPositiveError


@dataclass(frozen=True, slots=True)
class PaymentDraft:
    """A payment as entered. amount in minor units of the account's currency, positive.

    apply: {invoice id: minor units}, "oldest" for oldest due first, "none" to leave it on account.
    """

    account_id: int
    paid_on: date
    amount: int
    method: str
    channel: str = ""
    confirmation_number: str = ""
    status: Literal["pending", "posted"] = "pending"
    posted_on: date | None = None
    call_id: int | None = None
    note: str = ""
    apply: Mapping[int, int] | Literal["oldest", "none"] = "oldest"


def account_in_scope(writing: Writing, scope: Scope, account_id: int) -> Row[Any]:
    """The account; raises NotFoundError outside the scope, so that a foreign one cannot be told from none."""
    row = writing.connection.execute(
        select(accounts).where(accounts.c.id == account_id, within(scope, accounts.c.site_id))
    ).one_or_none()
    if row is None:
        raise NotFoundError(f"there is no account {account_id}")
    return row


def record_payment(writing: Writing, scope: Scope, draft: PaymentDraft) -> int:
    """Insert the payment, apply it, and return its id; all of it or nothing."""
    account = account_in_scope(writing, scope, draft.account_id)
    _check_draft(draft)
    if draft.call_id is not None and not _has_call(writing, draft.account_id, draft.call_id):
        raise NotFoundError(f"there is no call {draft.call_id} on this account")
    values = {key: value for key, value in asdict(draft).items() if key != "apply"}
    values["site_id"] = account.site_id
    refuse_card_numbers(writing.connection, scope, values)
    if draft.status == "posted" and draft.posted_on is None:
        values["posted_on"] = draft.paid_on
    with told_as_refusals():
        payment_id = writing.connection.execute(insert(payments).returning(payments.c.id), [values]).scalar_one()
    writing.record("record", "payments", payment_id, site_id=account.site_id, after=values)
    if draft.apply != "none":
        with suppress(NothingToApplyError):  # it stays on account
            allocate(writing, scope, payment_id, None if draft.apply == "oldest" else draft.apply, draft.paid_on)
    return payment_id


def _has_call(writing: Writing, account_id: int, call_id: int) -> bool:
    wanted = select(calls.c.id).where(calls.c.account_id == account_id, calls.c.id == call_id)
    return writing.connection.scalar(wanted) is not None


def _check_draft(draft: PaymentDraft) -> None:
    if draft.amount <= 0:
        raise NotPositiveError("a payment is a positive amount; money that came back is a refund or a return")
    if draft.posted_on is not None and draft.status == "pending":
        raise LedgerRefusedError(f"a pending payment was not posted on {draft.posted_on}; record it as posted")
    if draft.posted_on is not None and draft.posted_on < draft.paid_on:
        raise LedgerRefusedError(f"posted on {draft.posted_on} is before it was paid on {draft.paid_on}")


def post_payment(writing: Writing, scope: Scope, payment_id: int, posted_on: date) -> None:
    """Mark a pending payment as posted by the vendor or bank."""
    payment = live_payment(writing, scope, payment_id)
    if payment.status != "pending":
        raise LedgerRefusedError(f"payment {payment_id} is {payment.status}; only a pending one can be posted")
    if posted_on < payment.paid_on:
        raise LedgerRefusedError(f"posted on {posted_on} is before it was paid on {payment.paid_on}")
    writing.connection.execute(
        update(payments)
        .where(payments.c.account_id == payment.account_id, payments.c.id == payment_id)
        .values(status="posted", posted_on=posted_on)
    )
    writing.record(
        "post",
        "payments",
        payment_id,
        site_id=payment.site_id,
        before={"status": "pending"},
        after={"status": "posted", "posted_on": posted_on},
    )


def return_payment(writing: Writing, scope: Scope, payment_id: int, returned_on: date, note: str = "") -> int:
    """The payment came back (or, while pending, was voided): its bills are open again from that day.

    Returns the id of the reversal row.
    """
    payment = live_payment(writing, scope, payment_id)
    if payment.kind == "reversal":
        raise LedgerRefusedError("a reversal cannot be reversed; record the payment anew")
    if returned_on < payment.paid_on:
        raise LedgerRefusedError(f"returned on {returned_on} is before it was paid on {payment.paid_on}")
    refuse_card_numbers(writing.connection, scope, {"note": note})
    for row in live_allocations(writing, payment.account_id, payment_id):
        take_back(writing, row, returned_on)
    values = {
        "account_id": payment.account_id,
        "site_id": payment.site_id,
        "kind": "reversal",
        "paid_on": returned_on,
        "posted_on": returned_on,
        "amount": payment.amount,
        "method": payment.method,
        "channel": payment.channel,
        "status": "posted",
        "reverses_id": payment_id,
        "note": note,
    }
    with told_as_refusals():
        reversal_id = writing.connection.execute(insert(payments).returning(payments.c.id), [values]).scalar_one()
    writing.record(
        "return", "payments", payment_id, site_id=payment.site_id, before={"status": payment.status}, after=values
    )
    return reversal_id
