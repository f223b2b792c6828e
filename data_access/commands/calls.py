"""Logging calls, with the payment made on the call in the same transaction.

What the number was to the directory of payment contacts at that moment is kept in the call's audit event.
"""

from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import insert, select

from data_access.commands.payments import PaymentDraft, account_in_scope, record_payment
from data_access.commands.refusals import LedgerRefusedError, NotFoundError, told_as_refusals
from data_access.database import Writing
from data_access.free_text import refuse_card_numbers
from data_access.queries.contacts import number_standing
from data_access.schema import calls
from data_access.scope import Scope, within
from domain.contacts import DANGEROUS, NumberCheck

STANDING, LIKE = "number_standing", "number_like"  # of a call's audit event


@dataclass(frozen=True, slots=True)
class CallDraft:
    """A call as logged. started_at is aware; caller_verified is yes, no or unknown.

    trusted_because: why a payment was made through a number that the directory warns of; it is kept in the notes.
    """

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
    trusted_because: str = ""


def log_call(
    writing: Writing, scope: Scope, draft: CallDraft, payment: PaymentDraft | None = None, amends_id: int | None = None
) -> tuple[int, int | None]:
    """Insert the call and the payment made on it; returns (call id, payment id). `amends_id` names a call it corrects."""
    account = account_in_scope(writing, scope, draft.account_id)
    check = number_standing(writing.connection, scope, draft.number) if draft.number else None
    if check and payment is not None:
        draft = _trusted(draft, check)
    values = asdict(draft) | {"site_id": account.site_id, "amends_id": amends_id}
    del values["trusted_because"]
    before = None
    if amends_id is not None:
        before = _call(writing, scope, amends_id, draft.account_id)
    refuse_card_numbers(writing.connection, scope, values)
    with told_as_refusals():
        call_id = writing.connection.execute(insert(calls).returning(calls.c.id), [values]).scalar_one()
    told = values | ({STANDING: check.standing.value, LIKE: check.like} if check else {})
    writing.record(
        "log" if before is None else "amend", "calls", call_id, site_id=account.site_id, before=before, after=told
    )
    if payment is None:
        return call_id, None
    if payment.account_id != draft.account_id:
        raise LedgerRefusedError("the payment made on a call belongs to the call's account")
    confirmation = payment.confirmation_number or draft.confirmation_number
    return call_id, record_payment(
        writing, scope, replace(payment, call_id=call_id, confirmation_number=confirmation, channel="phone")
    )


def finish_follow_up(writing: Writing, scope: Scope, call_id: int, account_id: int, note: str) -> int:
    """The follow-up that the call agreed on is done without another call: a correction says so. Returns its id."""
    before = _call(writing, scope, call_id, account_id)
    if before["follow_up_on"] is None:
        raise LedgerRefusedError(f"no follow-up is open on call {call_id}")
    if not note.strip():
        raise LedgerRefusedError("say in a few words what came of the follow-up")
    known = {name: value for name, value in before.items() if name in CallDraft.__dataclass_fields__}
    notes = f"{before['notes']}\nFollow-up of {before['follow_up_on']} done: {note.strip()}".strip()
    done = replace(CallDraft(**known), follow_up_on=None, notes=notes)
    return log_call(writing, scope, done, amends_id=call_id)[0]


def _trusted(draft: CallDraft, check: NumberCheck) -> CallDraft:
    """The draft of a call on which was paid, with why its number was trusted where the directory warns of it."""
    if check.standing not in DANGEROUS:
        return draft
    because = draft.trusted_because.strip()
    if not because:
        raise LedgerRefusedError(
            f"{draft.number} is {_warned(check)} in the directory of payment contacts, and a payment was taken on it: "
            "say why it was trusted, or ring a verified number"
        )
    return replace(draft, notes=f"Paid through a number that is {_warned(check)}: {because}\n{draft.notes}".strip())


def _warned(check: NumberCheck) -> str:
    if check.doubt is not None and not check.like:
        return "a number at a premium rate"
    return f"a look-alike of {check.like}" if check.like else check.standing.value


def _call(writing: Writing, scope: Scope, call_id: int, account_id: int) -> dict[str, Any]:
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
