"""Naming the call on which a payment was made, once."""

from sqlalchemy import select, update

from data_access.commands.allocations import live_payment
from data_access.commands.match_refusals import MatchRefusedError
from data_access.commands.refusals import NotFoundError, told_as_refusals
from data_access.database import Writing
from data_access.schema import calls, payments
from data_access.scope import Scope


def link_call(writing: Writing, scope: Scope, payment_id: int, call_id: int) -> None:
    """Fill the payment's call. It stays: a payment names one call."""
    payment = live_payment(writing, scope, payment_id)
    if payment.call_id is not None:
        raise MatchRefusedError(f"payment {payment_id} names call {payment.call_id} already, and keeps it")
    wanted = select(calls.c.id).where(calls.c.account_id == payment.account_id, calls.c.id == call_id)
    if writing.connection.scalar(wanted) is None:
        raise NotFoundError(f"there is no call {call_id} on this account")
    changed = update(payments).where(payments.c.account_id == payment.account_id, payments.c.id == payment_id)
    with told_as_refusals():
        writing.connection.execute(changed.values(call_id=call_id))
    after = {"call_id": call_id}
    writing.record(
        "link call", payments.name, payment_id, site_id=payment.site_id, before={"call_id": None}, after=after
    )
