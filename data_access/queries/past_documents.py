"""Bills and money as they stood on a day, found by what was applied to them afterwards (decision 0040).

A document knows the first and the last day on which something was applied to it. What was used up after the day is a range of
an index for each month of its beginning, so that the cost follows what stood open on the day, whatever came since. Only what
was used in part before the day and in part after it has its allocations added up.
"""

from datetime import date
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Select,
    Subquery,
    Table,
    and_,
    case,
    literal_column,
    or_,
    select,
    true,
    union_all,
)

from data_access.queries.expressions import signed, total, unindexed
from data_access.schema import allocations, invoices, payments
from data_access.schema.types import month_number, months_until

Accounts = Select[tuple[int]] | None  # whose rows alone are read, by their index: few; None: everybody's


def of_these(accounts_alone: Accounts, account_id: Any) -> ColumnElement[bool]:
    """The condition that keeps `account_id` among them."""
    return true() if accounts_alone is None else account_id.in_(accounts_alone)


def open_bills_on(
    kind: str, as_of: date, *fields: Any, accounts_alone: Accounts = None
) -> CompoundSelect[*tuple[Any, ...]]:
    """Bills, or credit notes, open on `as_of`: `fields` of invoices and open_amount. No row is in two branches."""
    i = invoices.c
    alone = accounts_alone is not None
    given = and_(
        (unindexed(i.kind) if alone else i.kind) == kind,
        (unindexed(i.issued_on) if alone else i.issued_on) <= as_of,
        of_these(accounts_alone, i.account_id),
    )
    used = and_(
        (unindexed(i.kind) if alone else i.kind) == kind,
        _began_by(i.issued_on, as_of, alone=alone),
        of_these(accounts_alone, i.account_id),
        i.settled == i.amount,
        i.applied_until > as_of,
    )
    is_open = i.settled < i.amount
    column = allocations.c.invoice_id if kind == "invoice" else allocations.c.credit_note_id
    left = case((i.applied_from > as_of, i.amount), else_=i.amount - i.settled)
    in_part = _in_part(invoices, as_of)
    branches = [
        select(*fields, left.label("open_amount")).where(given, is_open, or_(i.applied_from.is_(None), ~in_part)),
        select(*fields, i.amount.label("open_amount")).where(used, i.applied_from > as_of),
    ]
    for which in (and_(given, is_open), used):
        sums = _applied_by(invoices, column, as_of, and_(which, in_part))
        same = and_(invoices.c.account_id == sums.c.account_id, invoices.c.id == sums.c.id)
        branches.append(select(*fields, (i.amount - sums.c.applied).label("open_amount")).join(sums, same))
    return union_all(*branches)


def unused_money_on(as_of: date, *, accounts_alone: Accounts = None) -> CompoundSelect[*tuple[Any, ...]]:
    """Payments and refunds with something not applied on `as_of`: account_id, id, kind, unapplied (what is left of a payment is
    negative, of a refund positive). No row is in two branches.
    """
    p = payments.c
    alone = accounts_alone is not None
    counts = and_(p.kind != "reversal", unindexed(p.paid_on) <= as_of, of_these(accounts_alone, p.account_id))
    not_later = or_(p.applied_until.is_(None), p.applied_until <= as_of)
    used = and_(
        p.kind != "reversal",
        _began_by(p.paid_on, as_of, alone=alone),
        of_these(accounts_alone, p.account_id),
        p.applied_until > p.paid_on,
        p.applied_until > as_of,
        or_(p.reversed_on.is_(None), unindexed(p.reversed_on) > as_of),
    )
    branches = [
        _money(p.amount - p.allocated).where(counts, not_later, p.allocated < p.amount, p.reversed_on.is_(None)),
        _money(p.amount - p.allocated).where(counts, not_later, p.reversed_on > as_of),
        _money(p.amount).where(used, p.applied_from > as_of),
    ]
    for kind, column in (("payment", allocations.c.payment_id), ("refund", allocations.c.refund_id)):
        sums = _applied_by(payments, column, as_of, and_(used, _in_part(payments, as_of), p.kind == kind))
        same = and_(p.account_id == sums.c.account_id, p.id == sums.c.id)
        branches.append(_money(p.amount - sums.c.applied).join(sums, same))
    return union_all(*branches)


def _money(left: ColumnElement[int]) -> Select[*tuple[Any, ...]]:
    p = payments.c
    unapplied = case((p.kind == "refund", left), else_=-left)
    return select(p.account_id, p.id, p.kind.label("kind"), unapplied.label("unapplied"))


def _began_by(day: ColumnElement[date], as_of: date, *, alone: bool) -> ColumnElement[bool]:
    """By the index of months, or by the accounts alone."""
    by_day = unindexed(day) <= as_of
    if alone:
        return by_day
    months = ", ".join(map(str, months_until(as_of)))  # as text: a parameter for each would cost more than the look-up
    return and_(month_number(day).op("IN")(literal_column(f"({months})")), by_day)


def _in_part(table: Table, as_of: date) -> ColumnElement[bool]:
    return and_(table.c.applied_from <= as_of, table.c.applied_until > as_of)


def _applied_by(table: Table, column: Any, as_of: date, which: ColumnElement[bool]) -> Subquery:
    """account_id, id and what was applied by the day, of the documents that `which` chooses."""
    x, d = allocations.c, table.c
    same = and_(x.account_id == d.account_id, column == d.id, unindexed(x.applied_on) <= as_of)
    return (
        select(d.account_id, d.id, total(signed(allocations)).label("applied"))
        .join(allocations, same)
        .where(which)
        .group_by(d.account_id, d.id)
        .subquery()
    )
