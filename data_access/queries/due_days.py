"""Bills by the day on which they are due: a day in the bill is served by its index, none by that of the bills without one."""

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Subquery, and_, literal, literal_column, or_, select

from data_access.queries.expressions import add_days, total, unindexed
from data_access.queries.positions import effective_due
from data_access.schema import allocations, invoices


def due_in(
    terms_days: Any, since: date | None, end: date | None, *, due_on: ColumnElement[date] = invoices.c.due_on
) -> ColumnElement[bool]:
    """Due from `since` to before `end`. `due_on`: of the bill, where another way in is meant."""
    return or_(*ways_due(terms_days, since, end, due_on=due_on))


def ways_due(
    terms_days: Any, since: date | None, end: date | None, *, due_on: ColumnElement[date] = invoices.c.due_on
) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """The same of bills that name their due day, and of the others: no bill is both.

    Apart where few bills are meant: PostgreSQL expects many without a due day, and in one statement looks up the account of all.
    """
    i = invoices.c
    # With a bound on what the index is of, without which SQLite walks through all bills.
    missing = and_(i.due_on.is_(None), i.kind == literal_column("'invoice'"), i.issued_on >= date.min)
    by_terms = days_within(add_days(i.issued_on, terms_days), since, end)
    return and_(due_on.is_not(None), *days_within(due_on, since, end)), and_(missing, *by_terms)


def days_within(day: Any, since: date | None, end: date | None) -> list[Any]:
    """Conditions that keep the days from `since` to before `end`."""
    return [*([day >= since] if since else []), *([day < end] if end else [])]


def settled_in_time(a: Subquery) -> ColumnElement[bool]:
    """Is a bill settled by what was applied by its due day? Of nearly all, the first and the last day of application tell."""
    i, due_on = invoices.c, effective_due(a.c.terms_days)
    some_by_then = and_(i.applied_from <= due_on, in_time(a) >= i.amount)
    return and_(i.settled == i.amount, or_(i.applied_until <= due_on, some_by_then))


def in_time(a: Subquery, known_by: date | None = None) -> ColumnElement[int]:
    """Of a bill, what was applied by its due day and not taken back, as far as known by a day; `a` is ledger_accounts."""
    i, x, back = invoices.c, allocations.alias("x"), allocations.alias("back")
    gone = select(literal(1)).where(back.c.account_id == x.c.account_id, back.c.reverses_id == x.c.id)
    if known_by is not None:
        gone = gone.where(back.c.applied_on <= known_by)
    of_bill = (x.c.account_id == i.account_id, x.c.invoice_id == i.id, unindexed(x.c.reverses_id).is_(None))
    by_then = x.c.applied_on <= effective_due(a.c.terms_days)
    return select(total(x.c.amount)).where(*of_bill, by_then, ~gone.exists()).correlate(invoices, a).scalar_subquery()
