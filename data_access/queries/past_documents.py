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

# Kinds of documents, and how allocations name them.
KINDS = {"invoice": "invoice_id", "credit_note": "credit_note_id"}
Accounts = Select[tuple[int]] | None  # whose rows alone are read, by their index: few; None: everybody's


def of_these(accounts_alone: Accounts, account_id: Any) -> ColumnElement[bool]:
    """The condition that keeps `account_id` among them."""
    return true() if accounts_alone is None else account_id.in_(accounts_alone)


def open_documents_on(
    kinds: tuple[str, ...], as_of: date, *fields: Any, accounts_alone: Accounts = None
) -> CompoundSelect[*tuple[Any, ...]]:
    """Documents of `kinds` (KINDS) open on `as_of`: `fields` of invoices and open_amount. No row is in two branches."""
    i = invoices.c
    alone = accounts_alone is not None
    column = unindexed(i.kind) if alone else i.kind
    mine = and_(column == kinds[0] if len(kinds) == 1 else column.in_(kinds), of_these(accounts_alone, i.account_id))
    began, until = began_by(i.issued_on, as_of, alone=alone), i.applied_until > as_of
    in_part = and_(i.applied_from <= as_of, i.applied_until > as_of)
    left = case((i.applied_from > as_of, i.amount), else_=i.amount - i.settled)
    # Few accounts are the way in: said so, the partial indexes of everybody's are out of the question for PostgreSQL.
    used_up = i.settled >= i.amount if alone else i.settled == i.amount
    on_several_days = true() if alone else i.applied_from < i.applied_until
    issued = (unindexed(i.issued_on) if alone else i.issued_on) <= as_of
    branches = [
        select(*fields, left.label("open_amount")).where(
            mine, issued, i.settled < i.amount, or_(i.applied_from.is_(None), ~in_part)
        )
    ]
    for kind in kinds:  # one by one: beside two kinds PostgreSQL would look up no months
        own = (i.kind == kind, began, of_these(accounts_alone, i.account_id))
        whole = select(*fields, i.amount.label("open_amount")).where(used_up, until, i.applied_from > as_of)
        part = _with_applied(invoices, allocations.c[KINDS[kind]], as_of, fields, "open_amount")
        branches += [whole.where(*own), part.where(on_several_days, in_part, *own)]
    return union_all(*branches)


def unused_money_on(as_of: date, *, accounts_alone: Accounts = None) -> CompoundSelect[*tuple[Any, ...]]:
    """Payments and refunds with something not applied on `as_of`: account_id, id, kind, left. No row is in two branches."""
    p = payments.c
    fields = (p.account_id, p.id, p.kind)
    alone = of_these(accounts_alone, p.account_id)
    counts = (p.kind != "reversal", unindexed(p.paid_on) <= as_of, alone)
    not_later = or_(p.applied_until.is_(None), p.applied_until <= as_of)
    used = (
        *(p.kind != "reversal", began_by(p.paid_on, as_of, alone=accounts_alone is not None), alone),
        *(true() if accounts_alone is not None else p.applied_until > p.paid_on, p.applied_until > as_of),
        or_(p.reversed_on.is_(None), unindexed(p.reversed_on) > as_of),
    )
    now = select(*fields, (p.amount - p.allocated).label("left")).where(*counts, not_later)
    branches = [
        now.where(p.allocated < p.amount, p.reversed_on.is_(None)),
        now.where(p.reversed_on > as_of),
        select(*fields, p.amount.label("left")).where(*used, p.applied_from > as_of),
    ]
    for kind, column in (("payment", allocations.c.payment_id), ("refund", allocations.c.refund_id)):
        part = _with_applied(payments, column, as_of, fields, "left")
        branches.append(part.where(*used, p.applied_from <= as_of, p.kind == kind))
    return union_all(*branches)


def began_by(day: ColumnElement[date], as_of: date, *, alone: bool = False) -> ColumnElement[bool]:
    """The day is not after the as-of day, for an index of months; alone: for one of accounts."""
    by_day = unindexed(day) <= as_of
    if alone:
        return by_day
    months = ", ".join(map(str, months_until(as_of)))  # as text: a parameter for each would cost more than the look-up
    return and_(month_number(day).op("IN")(literal_column(f"({months})")), by_day)


def applied_to_bills_by(as_of: date) -> ColumnElement[int]:
    """What was applied to a bill by the end of the day: its counter where that is told by it, else added up."""
    i = invoices.c
    by_then = _applied(invoices, allocations.c.invoice_id, as_of)
    nothing = or_(i.applied_from.is_(None), i.applied_from > as_of)
    return case((nothing, 0), (i.applied_until <= as_of, i.settled), else_=by_then)


def _with_applied(
    table: Table, column: Any, as_of: date, fields: tuple[Any, ...], name: str
) -> Select[*tuple[Any, ...]]:
    """`fields` of documents, and as `name` what of each was left after what was applied by the day.

    Asked of each document by itself: they are few, but PostgreSQL takes them for many, since it does not know that bills are
    paid soon after they were issued, and would walk through all allocations to join them.
    """
    return select(*fields, (table.c.amount - _applied(table, column, as_of)).label(name))


def _applied(table: Table, column: Any, as_of: date) -> ColumnElement[int]:
    x, d = allocations.c, table.c
    same = and_(x.account_id == d.account_id, column == d.id, unindexed(x.applied_on) <= as_of)
    # Grouped, since Citus adds up what it looks up from another query by account alone; all that are asked have some by then.
    return select(total(signed(allocations))).where(same).group_by(x.account_id).correlate(table).scalar_subquery()
