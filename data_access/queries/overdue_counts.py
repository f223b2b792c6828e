"""How many bills were past due on each of a row of days, beside how the balance came about (trends.py)."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import Connection, Select, and_, case, func, literal, or_, select, union_all

from data_access.queries import month_totals, open_totals
from data_access.queries.dimensions import AMONG, bare_accounts, few_accounts, ids_of, ledger_accounts, of_some
from data_access.queries.expressions import signed, total, unindexed
from data_access.queries.positions import Accounts, effective_due, nothing_since, of_these, open_items
from data_access.queries.trends import at_month_ends
from data_access.schema import allocations, invoices
from data_access.scope import Scope
from domain.filters import Basis, Filters


def overdue_counts(connection: Connection, scope: Scope, filters: Filters, days: Sequence[date]) -> list[int]:
    """How many bills were past due on each of `days`, whatever their currency."""
    if len(days) > 1 and at_month_ends(scope, filters, days, "currency"):
        return _counts_by_month(connection, scope, filters, days)
    now = replace(filters, as_of=days[0])
    if len(days) == 1 and open_totals.kept_by_due_day(scope, now, "currency"):
        return [_late_and_open(connection, scope, now)[0]]
    if (alone := few_accounts(scope, filters)) is not None:
        return list(connection.execute(_late_of_few(scope, filters, days, alone)).one())
    if of_some(scope, filters) and (ids := ids_of(connection, scope, filters)) is not None:
        alone = few_accounts(scope, filters, "account", named=True)
        return list(connection.execute(_late_of_few(scope, filters, days, alone), {AMONG: ids}).one())
    a, parts = ledger_accounts(scope, filters), []
    for day in days:
        items = open_items(day, filters.basis)
        parts.append(
            select(literal(day.isoformat()).label("day"), func.count().label("bills"))
            .join(a, a.c.account_id == items.c.account_id)
            .where(items.c.base < day)
        )
    counted = {row.day: row.bills for row in connection.execute(union_all(*parts))}
    return [counted[day.isoformat()] for day in days]


def _counts_by_month(connection: Connection, scope: Scope, filters: Filters, days: Sequence[date]) -> list[int]:
    """As trends.history: from what is open on the last day and the months since, or from all months up to each."""
    *ends, last = days
    months, on_last = [f"{day:%Y-%m}" for day in ends], replace(filters, as_of=last)
    known = open_totals.kept_by_due_day(scope, on_last, "currency") and nothing_since(connection, scope, last)
    bounds = {"after": months[0]} if known else {"last": months[-1]}
    rows = month_totals.standing_moves(filters, "month", **bounds).c
    found = connection.execute(select(rows.month, total(rows.late_bills).label("bills")).group_by(rows.month)).all()
    if known:
        late, opened = _late_and_open(connection, scope, on_last)
        return [*(opened - sum(row.bills for row in found if row.month > month) for month in months), late]
    late_on_last = overdue_counts(connection, scope, filters, [last])
    return [*(sum(row.bills for row in found if row.month <= month) for month in months), *late_on_last]


def _late_and_open(connection: Connection, scope: Scope, filters: Filters) -> tuple[int, int]:
    """How many bills were past due on the as-of day, and how many open."""
    s = open_totals.standing(scope, filters, "currency", open_totals.base_of(connection, scope, filters.as_of)).c
    late = total(case((s.due_on < filters.as_of, s.bills), else_=0))
    return tuple(connection.execute(select(late, total(s.bills))).one())


def _late_of_few(scope: Scope, filters: Filters, days: Sequence[date], alone: Accounts) -> Select[*tuple[Any, ...]]:
    """For each of `days` how many bills were past due, from those that were open on the first of them or later."""
    i, x, a = invoices.c, allocations.c, bare_accounts(scope, filters)
    base = i.issued_on if filters.basis is Basis.INVOICE else effective_due(a.c.terms_days)
    applies = and_(x.account_id == i.account_id, x.invoice_id == i.id)
    applied = (
        total(case((x.applied_on <= day, signed(allocations)), else_=0)).label(f"by{n}") for n, day in enumerate(days)
    )
    rows = (
        select(i.issued_on, base.label("base"), i.amount, *applied)
        .select_from(invoices)
        .join(a, a.c.account_id == i.account_id)
        .outerjoin(allocations, applies)
        .where(of_these(alone, i.account_id), unindexed(i.kind) == "invoice")
        .where(or_(i.settled < i.amount, i.applied_until > days[0]))
        .group_by(i.account_id, i.id, a.c.terms_days)
        .subquery("bills")
    )
    bill = rows.c
    late = (and_(bill.base < day, bill.issued_on <= day, bill[f"by{n}"] < bill.amount) for n, day in enumerate(days))
    return select(*(total(case((each, 1), else_=0)).label(f"late{n}") for n, each in enumerate(late)))
