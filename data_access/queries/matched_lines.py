"""What was matched: the bank lines of a payment, and the payments of bank lines. Only for who sees every site."""

import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, select

from data_access.queries.local_days import day_over
from data_access.schema import accounts, bank_lines, matches, payments, sites, vendors
from data_access.scope import Scope, require
from domain.matching.proposals import Reason


@dataclass(frozen=True, slots=True)
class PaymentBrief:
    """A payment in one line; left: what of it no bank line shows yet."""

    id: int
    account_id: int
    vendor: str
    account_number: str
    site: str
    site_name: str
    currency: str
    paid_on: date
    method: str
    confirmation_number: str
    amount: int
    left: int


@dataclass(frozen=True, slots=True)
class MatchedLine:
    """A match that stands. score: None where it was made by hand; amount: so much of the payment is so much of the line."""

    match_id: int
    payment_id: int
    line_id: int
    amount: int
    score: int | None
    reasons: tuple[Reason, ...]
    decided_by: str
    decided_at: datetime
    booked_on: date
    line_amount: int
    bank_account: str
    currency: str
    reference: str
    counterparty: str
    description: str


def matches_of_payment(connection: Connection, scope: Scope, *, payment_id: int) -> list[MatchedLine]:
    """Its matches that stand, in the order of the bank's days."""
    return _standing(connection, scope, matches.c.payment_id == payment_id)


def matches_of_lines(
    connection: Connection, scope: Scope, *, line_ids: tuple[int, ...], as_of: date | None = None
) -> list[MatchedLine]:
    """The matches of these lines that stood at the end of `as_of` (None: that stand now)."""
    return _standing(connection, scope, matches.c.bank_line_id.in_(line_ids), as_of)


def payments_in_brief(connection: Connection, scope: Scope, *, ids: tuple[int, ...]) -> dict[int, PaymentBrief]:
    """Payments by id."""
    if not require(scope).everything:
        return {}
    return {each.id: each for each in _briefs(connection, payments.c.id.in_(ids), len(ids))}


def open_payments(
    connection: Connection, scope: Scope, *, currency: str, first: date, last: date, limit: int = 500
) -> list[PaymentBrief]:
    """Payments that stand, made from `first` to `last`, with something that no bank line shows; the newest first."""
    if not require(scope).everything:
        return []
    wanted = and_(
        accounts.c.currency == currency,
        payments.c.paid_on.between(first, last),
        payments.c.matched < payments.c.amount,
        payments.c.kind == "payment",
        payments.c.reversed_on.is_(None),
    )
    return _briefs(connection, wanted, limit)


def _briefs(connection: Connection, wanted: ColumnElement[bool], limit: int) -> list[PaymentBrief]:
    p, a = payments.c, accounts.c
    statement = (
        select(p.id, p.account_id, a.account_number, a.currency, p.paid_on, p.method, p.confirmation_number, p.amount)
        .add_columns((p.amount - p.matched).label("left"), vendors.c.name.label("vendor"))
        .add_columns(sites.c.code.label("site"), sites.c.name.label("site_name"))
        .join(accounts, a.id == p.account_id)
        .join(vendors, vendors.c.id == a.vendor_id)
        .join(sites, sites.c.id == a.site_id)
        .where(wanted)
        .order_by(p.paid_on.desc(), p.id)
        .limit(limit)
    )
    return [PaymentBrief(**row._mapping) for row in connection.execute(statement)]


def _standing(
    connection: Connection, scope: Scope, wanted: ColumnElement[bool], as_of: date | None = None
) -> list[MatchedLine]:
    if not require(scope).everything:
        return []
    back = matches.alias("back")
    line = bank_lines.c
    undone = and_(back.c.account_id == matches.c.account_id, back.c.undoes_id == matches.c.id)
    if as_of is not None:
        wanted = and_(wanted, matches.c.decided_at < day_over(as_of))
        undone = and_(undone, back.c.decided_at < day_over(as_of))
    statement = (
        select(matches, line.booked_on, line.amount.label("line_amount"), line.bank_account, line.currency)
        .add_columns(line.reference, line.counterparty, line.description)
        .join(bank_lines, line.id == matches.c.bank_line_id)
        .outerjoin(back, undone)
        .where(wanted, matches.c.undoes_id.is_(None), back.c.id.is_(None))
        .order_by(line.booked_on, matches.c.id)
    )
    return [_matched(row) for row in connection.execute(statement)]


def _matched(row: Any) -> MatchedLine:
    values: dict[str, Any] = {"match_id": row.id, "line_id": row.bank_line_id, "reasons": _reasons(row.reasons)}
    values |= {name: row._mapping[name] for name in MatchedLine.__dataclass_fields__ if name not in values}
    return MatchedLine(**values)


def _reasons(kept: str) -> tuple[Reason, ...]:
    return tuple(Reason(*each) for each in json.loads(kept or "[]"))
