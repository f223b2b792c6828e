"""The three legs of each payment: the call with its confirmation number, the posting, the bank; what is missing, and since when."""

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, case, func, or_, select, true

from data_access.queries.dimensions import ledger_accounts
from data_access.queries.known_matches import known_matches
from data_access.queries.payments import payments_chosen
from data_access.schema import bank_statements, calls, matches, payments
from data_access.scope import Scope
from domain.filters import Filters


class LegState(StrEnum):
    """The first leg that a payment lacks, or that it has all of them. Exceptions come in this order."""

    NO_CONFIRMATION = "no confirmation"
    NOT_POSTED = "not posted"
    NOT_IN_BANK = "not in bank"
    IN_PART = "in bank in part"
    NO_STATEMENT = "no statement"  # none was imported that covers the day on which it was posted
    COMPLETE = "complete"


@dataclass(frozen=True, slots=True)
class LegRow:
    """One payment that stands on the day, with its legs. matched: minor units of it that bank lines were known to show.

    needs_call: made by phone, so that a confirmation number is wanted; confirmation: its own, else its call's. age: days
    since the leg that is missing first could be there; 0 when none is.
    """

    id: int
    account_id: int
    account_number: str
    vendor: str
    site: str
    site_name: str
    currency: str
    paid_on: date
    amount: int
    method: str
    channel: str
    needs_call: bool
    call_id: int | None
    confirmation: str
    posted_on: date | None
    matched: int
    state: LegState
    age: int

    @property
    def left(self) -> int:
        """What of it no bank line shows."""
        return self.amount - self.matched


def legs(
    connection: Connection,
    scope: Scope,
    filters: Filters,
    *,
    state: LegState | None = None,
    offset: int = 0,
    limit: int | None = 100,
) -> list[LegRow]:
    """Payments made on or before the day, what lacks a leg first, the oldest first; complete ones last, the newest first."""
    statement = _legs(scope, filters).subquery("legs")
    wanted = select(statement)
    if state is not None:
        wanted = wanted.where(statement.c.state == state.value)
    order = case({each.value: rank for rank, each in enumerate(LegState)}, value=statement.c.state)
    complete = statement.c.state == LegState.COMPLETE.value
    newest_last = case((complete, None), else_=statement.c.paid_on)
    wanted = wanted.order_by(order, newest_last, statement.c.paid_on.desc(), statement.c.id)
    return [_row(row, filters.as_of) for row in connection.execute(wanted.offset(offset).limit(limit))]


def leg_counts(connection: Connection, scope: Scope, filters: Filters) -> dict[LegState, int]:
    """How many payments `legs` gives in each state; all states, also those that none is in."""
    statement = _legs(scope, filters).subquery("legs")
    rows = connection.execute(select(statement.c.state, func.count().label("n")).group_by(statement.c.state))
    found = {row.state: row.n for row in rows}
    return {state: found.get(state.value, 0) for state in LegState}


def oldest_legs(connection: Connection, scope: Scope, filters: Filters) -> dict[LegState, int]:
    """How many days what `legs` gives in each state has waited at most; states that nothing is in are left out."""
    statement = _legs(scope, filters).subquery("legs")
    posted = statement.c.state.in_([LegState.NOT_IN_BANK.value, LegState.NO_STATEMENT.value])
    since = case((posted, statement.c.posted_on), else_=statement.c.paid_on)
    rows = connection.execute(
        select(statement.c.state, func.min(since).label("since"))
        .where(statement.c.state != LegState.COMPLETE.value)
        .group_by(statement.c.state)
    )
    return {LegState(row.state): (filters.as_of - row.since).days for row in rows}


def _legs(scope: Scope, filters: Filters) -> Select[*tuple[Any, ...]]:
    a = ledger_accounts(scope, replace(filters, search=""))
    confirmation = case(
        (payments.c.confirmation_number != "", payments.c.confirmation_number),
        else_=func.coalesce(calls.c.confirmation_number, ""),
    )
    needs_call = or_(payments.c.channel == "phone", payments.c.call_id.is_not(None))
    posted_on = case((payments.c.posted_on <= filters.as_of, payments.c.posted_on))
    known = known_matches(scope, filters.as_of, matches.c.payment_id, matches.c.account_id)
    matched = func.coalesce(known.c.amount, 0)
    state: ColumnElement[str] = case(
        (matched == payments.c.amount, LegState.COMPLETE.value),
        (matched > 0, LegState.IN_PART.value),
        (and_(needs_call, confirmation == ""), LegState.NO_CONFIRMATION.value),
        (posted_on.is_(None), LegState.NOT_POSTED.value),
        (~_covered(scope, a.c.currency), LegState.NO_STATEMENT.value),
        else_=LegState.NOT_IN_BANK.value,
    )
    own = (payments.c.id, payments.c.account_id, payments.c.paid_on, payments.c.amount, payments.c.method)
    return (
        select(
            *own,
            payments.c.channel,
            payments.c.call_id,
            matched.label("matched"),
            needs_call.label("needs_call"),
            confirmation.label("confirmation"),
            posted_on.label("posted_on"),
            state.label("state"),
            a.c.account_number,
            a.c.vendor,
            a.c.site,
            a.c.site_name,
            a.c.currency,
        )
        .join(a, a.c.account_id == payments.c.account_id)
        .outerjoin(calls, and_(calls.c.account_id == payments.c.account_id, calls.c.id == payments.c.call_id))
        .outerjoin(known, and_(known.c.account_id == payments.c.account_id, known.c.payment_id == payments.c.id))
        .where(
            *payments_chosen(a, filters),
            payments.c.kind == "payment",
            or_(payments.c.reversed_on.is_(None), payments.c.reversed_on > filters.as_of),
        )
    )


def _covered(scope: Scope, currency: ColumnElement[str]) -> ColumnElement[bool]:
    """Whether a statement of the card, or of some bank account, covers the day of posting.

    What statements cover is not told to somebody who sees only some sites: to them every payment is covered.
    """
    if not scope.everything:
        return true()
    return (
        select(bank_statements.c.id)
        .where(
            bank_statements.c.currency == currency,
            bank_statements.c.kind == case((payments.c.method == "card", "card"), else_="bank"),
            bank_statements.c.period_start <= payments.c.posted_on,
            bank_statements.c.period_end > payments.c.posted_on,
        )
        .correlate_except(bank_statements)
        .exists()
    )


def _row(row: Any, as_of: date) -> LegRow:
    values: dict[str, Any] = {name: row._mapping[name] for name in LegRow.__dataclass_fields__ if name != "age"}
    state = LegState(row.state)
    since = row.posted_on if state in (LegState.NOT_IN_BANK, LegState.NO_STATEMENT) else row.paid_on
    age = 0 if state is LegState.COMPLETE else (as_of - since).days
    values |= {"state": state, "needs_call": bool(row.needs_call), "age": age}
    return LegRow(**values)
