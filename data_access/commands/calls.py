"""Logging calls, with the payment made on the call in the same transaction."""

from dataclasses import asdict, dataclass, replace
from datetime import date, datetime

from sqlalchemy import insert, select

from data_access.commands.payments import PaymentDraft, account_in_scope, record_payment
from data_access.commands.refusals import LedgerRefusedError, NotFoundError, told_as_refusals
from data_access.database import Writing
from data_access.free_text import refuse_card_numbers
from data_access.schema import calls
from data_access.scope import Scope, within


@dataclass(frozen=True, slots=True)
class CallDraft:
    """A call as logged. started_at is aware; caller_verified is yes, no or unknown."""

    account_id: int
    started_at: datetime
    number: str = ""
    direction: str = "outbound"
    duration_s: int | None = None
    agent: str = ""
    caller: str = ""
    caller_verified: str = "unknown"
    purpose: str = ""
    billing_period: str = ""
    outcome: str = ""
    confirmation_number: str = ""
    promised_on: date | None = None
    follow_up_on: date | None = None
    notes: str = ""


def log_call(
    writing: Writing, scope: Scope, draft: CallDraft, payment: PaymentDraft | None = None, amends_id: int | None = None
) -> tuple[int, int | None]:
    """Insert the call and the payment made on it; returns (call id, payment id). `amends_id` names a call it corrects."""
    account = account_in_scope(writing, scope, draft.account_id)
    values = asdict(draft) | {"site_id": account.site_id, "amends_id": amends_id}
    before = None
    if amends_id is not None:
        before = _call(writing, scope, amends_id, draft.account_id)
    refuse_card_numbers(writing.connection, scope, values)
    with told_as_refusals():
        call_id = writing.connection.execute(insert(calls).returning(calls.c.id), [values]).scalar_one()
    writing.record(
        "log" if before is None else "amend", "calls", call_id, site_id=account.site_id, before=before, after=values
    )
    if payment is None:
        return call_id, None
    if payment.account_id != draft.account_id:
        raise LedgerRefusedError("the payment made on a call belongs to the call's account")
    confirmation = payment.confirmation_number or draft.confirmation_number
    return call_id, record_payment(
        writing, scope, replace(payment, call_id=call_id, confirmation_number=confirmation, channel="phone")
    )


def _call(writing: Writing, scope: Scope, call_id: int, account_id: int) -> dict[str, object]:
    row = writing.connection.execute(
        select(calls).where(calls.c.id == call_id, calls.c.account_id == account_id, within(scope, calls.c.site_id))
    ).one_or_none()
    if row is None:
        raise NotFoundError(f"there is no call {call_id} on this account")
    later = writing.connection.scalar(
        select(calls.c.id).where(calls.c.account_id == account_id, calls.c.amends_id == call_id)
    )
    if later is not None:
        raise LedgerRefusedError(f"call {call_id} was amended by call {later} already; amend that one")
    return dict(row._mapping)
