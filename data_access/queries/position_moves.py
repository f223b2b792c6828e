"""What changed the sum owed and the sum past due between two days, row by row: how trends rolls a position back."""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, literal, select

from data_access.queries.due_days import due_in
from data_access.queries.expressions import add_days, signed, unindexed
from data_access.queries.positions import Accounts, effective_due, of_these
from data_access.schema import accounts, allocations, invoices, payments
from domain.filters import Basis


def _within(day: ColumnElement[date], first: date, last: date, alone: Accounts = None) -> ColumnElement[bool]:
    day = day if alone is None else unindexed(day)  # then the accounts are the way in
    return and_(day > first, day <= last)


def owed_moves(first: date, last: date, alone: Accounts) -> list[Select[*tuple[Any, ...]]]:
    """What changed the sum owed after `first`, up to `last`: account_id, day, owed, late (0)."""
    bill = case((invoices.c.kind == "invoice", invoices.c.amount), else_=-invoices.c.amount)
    paid = case((payments.c.kind == "refund", payments.c.amount), else_=-payments.c.amount)
    none = literal(0).label("late")
    return [
        select(invoices.c.account_id, invoices.c.issued_on.label("day"), bill.label("owed"), none).where(
            _within(invoices.c.issued_on, first, last, alone), of_these(alone, invoices.c.account_id)
        ),
        select(payments.c.account_id, payments.c.paid_on.label("day"), paid.label("owed"), none).where(
            _within(payments.c.paid_on, first, last),  # there is an index of both account and day
            payments.c.kind != "reversal",
            of_these(alone, payments.c.account_id),
        ),
        select(payments.c.account_id, payments.c.reversed_on.label("day"), (-paid).label("owed"), none).where(
            _within(payments.c.reversed_on, first, last, alone), of_these(alone, payments.c.account_id)
        ),
    ]


def late_moves(first: date, last: date, basis: Basis, alone: Accounts = None) -> list[Select[*tuple[Any, ...]]]:
    """What changed the sum past due: account_id, day, owed (0), late.

    A bill becomes late on the day after its base date, with what is then open; what is applied later takes away.
    """
    if basis is Basis.INVOICE:
        base: Any = invoices.c.issued_on
        falls = [_within(base, *_eve(first, last), alone)]
    else:
        base = effective_due(accounts.c.terms_days)
        due_on = invoices.c.due_on if alone is None else unindexed(invoices.c.due_on)
        falls = [due_in(accounts.c.terms_days, first, last, due_on=due_on)]  # a day earlier each
    falls.append(of_these(alone, invoices.c.account_id))
    nothing = literal(0).label("owed")
    became = add_days(base, literal(1)).label("day")
    applies = and_(allocations.c.account_id == invoices.c.account_id, allocations.c.invoice_id == invoices.c.id)
    of_account = accounts.c.id == invoices.c.account_id
    return [
        select(invoices.c.account_id, became, nothing, invoices.c.amount.label("late"))
        .join(accounts, of_account)
        .where(invoices.c.kind == "invoice", *falls),
        select(invoices.c.account_id, became, nothing, (-signed(allocations)).label("late"))
        .join(accounts, of_account)
        .join(allocations, applies)
        .where(allocations.c.applied_on <= base, *falls),
        select(
            invoices.c.account_id, allocations.c.applied_on.label("day"), nothing, (-signed(allocations)).label("late")
        )
        .select_from(allocations)
        .join(invoices, applies)
        .join(accounts, of_account)
        .where(
            _within(allocations.c.applied_on, first, last, alone),
            of_these(alone, allocations.c.account_id),
            allocations.c.applied_on > base,
        ),
    ]


def _eve(first: date, last: date) -> tuple[date, date]:
    """The base dates of bills that become late after `first` up to `last`: one day earlier each."""
    return first - timedelta(days=1), last - timedelta(days=1)
