"""What matching proposes for open bank lines and payments. For somebody who sees every site; others get nothing.

A payment becomes a leg only where a line could show it: of the open payments of a year few can be one of the open lines.
"""

from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, func, or_, select

from data_access.queries.bank_lines import standing_decisions
from data_access.queries.call_versions import is_newest
from data_access.queries.expressions import unindexed
from data_access.queries.local_days import day_start, local_day
from data_access.queries.payment_legs import legs, legs_within
from data_access.schema import (
    allocations,
    bank_lines,
    bank_statements,
    calls,
    invoices,
    match_aliases,
    payments,
    sites,
    vendors,
)
from data_access.scope import Scope, require, within
from domain.matching.call_legs import call_proposals
from domain.matching.legs import CallLeg, Learned, LineLeg
from domain.matching.matcher import propose
from domain.matching.proposals import CallProposal, Proposals
from domain.matching.reach import Reach
from domain.periods import shifted

LOOKED_BACK = 400  # days; an older payment or line is matched by hand
_AT_ONCE = 500  # payments whose bills are asked for together


def proposals(connection: Connection, scope: Scope, as_of: date) -> Proposals:
    """Matches, explanations and calls, over what is open now and dated on or before `as_of`."""
    matched = proposed_matches(connection, scope, as_of=as_of)
    return replace(matched, calls=tuple(proposed_calls(connection, scope, as_of=as_of)))


def proposed_matches(connection: Connection, scope: Scope, *, as_of: date) -> Proposals:
    """Matches and explanations alone."""
    if not require(scope).everything:
        return Proposals((), ())
    lines, learned = list(_lines(connection, as_of)), _learned(connection)
    names = {row.id: row.name for row in connection.execute(select(vendors.c.id, vendors.c.name))}
    reach = Reach(lines, names, learned)
    near = legs_within(connection, scope, reach, _stands(as_of, unindexed(payments.c.paid_on))) if reach.any else ()
    return propose(near, lines, (), learned, partial(_bills, connection, scope))


def proposed_calls(
    connection: Connection, scope: Scope, *, as_of: date, payment_id: int | None = None
) -> list[CallProposal]:
    """The calls on which payments that name none may have been made, the best first; `payment_id`: of that one alone.

    A call and its payment are of one account, so that of one payment only its account is read.
    """
    if not require(scope).everything:
        return []
    account = None
    if payment_id is not None:
        account = select(payments.c.account_id).where(payments.c.id == payment_id).scalar_subquery()
    found = call_proposals(
        list(legs(connection, scope, _named_by_none(as_of, account))), _calls(connection, as_of, account)
    )
    return [each for each in found if payment_id in (None, each.payment_id)]


def _stands(as_of: date, paid_on: ColumnElement[date] = payments.c.paid_on) -> list[ColumnElement[bool]]:
    since = shifted(as_of, -LOOKED_BACK)
    return [payments.c.kind == "payment", payments.c.reversed_on.is_(None), paid_on.between(since, as_of)]


def _named_by_none(as_of: date, account: Any) -> ColumnElement[bool]:
    """Open to a line or to a call: what is open to a line alone tells which calls have their payment."""
    is_open = [*_stands(as_of), or_(payments.c.matched < payments.c.amount, payments.c.call_id.is_(None))]
    return and_(*is_open, *([] if account is None else [payments.c.account_id == account]))


def _bills(connection: Connection, scope: Scope, payment_ids: Collection[int]) -> dict[int, tuple[str, ...]]:
    """By payment: the numbers of the bills that it paid."""
    found: dict[int, list[str]] = {}
    ids = sorted(payment_ids)
    for start in range(0, len(ids), _AT_ONCE):
        paid = (
            select(payments.c.id, invoices.c.number)
            .join(
                allocations,
                and_(allocations.c.account_id == payments.c.account_id, allocations.c.payment_id == payments.c.id),
            )
            .join(
                invoices,
                and_(invoices.c.account_id == allocations.c.account_id, invoices.c.id == allocations.c.invoice_id),
            )
            .where(within(scope, payments.c.site_id), payments.c.id.in_(ids[start : start + _AT_ONCE]))
            .distinct()
            .order_by(invoices.c.number)
        )
        for payment_id, number in connection.execute(paid):
            found.setdefault(payment_id, []).append(number)
    return {payment_id: tuple(numbers) for payment_id, numbers in found.items()}


def _lines(connection: Connection, as_of: date) -> Iterator[LineLeg]:
    decided = standing_decisions()
    statement = (
        select(bank_lines, bank_statements.c.kind)
        .join(bank_statements, bank_statements.c.id == bank_lines.c.statement_id)
        .outerjoin(decided, decided.c.bank_line_id == bank_lines.c.id)
        .where(
            bank_lines.c.booked_on.between(shifted(as_of, -LOOKED_BACK), as_of),
            bank_lines.c.matched < func.abs(bank_lines.c.amount),
            decided.c.id.is_(None),
        )
        .order_by(bank_lines.c.id)
    )
    for row in connection.execute(statement):
        left = abs(row.amount) - row.matched
        yield LineLeg(
            id=row.id,
            bank_account=row.bank_account,
            currency=row.currency,
            amount=left if row.amount > 0 else -left,
            booked_on=row.booked_on,
            kind=row.kind,
            value_on=row.value_on,
            reference=row.reference,
            counterparty=row.counterparty,
            description=row.description,
            part_matched=row.matched > 0,
        )


def _calls(connection: Connection, as_of: date, account: Any) -> Iterator[CallLeg]:
    since, end = (day_start(shifted(as_of, days), "UTC") for days in (-LOOKED_BACK, 2))
    started_at = calls.c.started_at if account is None else unindexed(calls.c.started_at)
    statement = (
        select(calls, sites.c.timezone)
        .join(sites, sites.c.id == calls.c.site_id)
        .where(is_newest(), started_at >= since, started_at < end)
        .order_by(calls.c.id)
    )
    if account is not None:
        statement = statement.where(calls.c.account_id == account)
    for row in connection.execute(statement):
        day = local_day(row.started_at, row.timezone)
        yield CallLeg(row.id, row.account_id, day, row.confirmation_number, row.promised_on, row.purpose)


def _learned(connection: Connection) -> Learned:
    """The newest word on each that was not taken back."""
    back = match_aliases.alias("back")
    statement = (
        select(match_aliases)
        .outerjoin(back, back.c.undoes_id == match_aliases.c.id)
        .where(match_aliases.c.undoes_id.is_(None), back.c.id.is_(None))
        .order_by(match_aliases.c.id)
    )
    vendors_known: dict[tuple[str, str], int] = {}
    explanations: dict[tuple[str, str], str] = {}
    for row in connection.execute(statement):
        key = (row.bank_account, row.words)
        vendors_known.pop(key, None)
        explanations.pop(key, None)
        if row.vendor_id is not None:
            vendors_known[key] = row.vendor_id
        else:
            explanations[key] = row.reason
    return Learned(vendors_known, explanations)
