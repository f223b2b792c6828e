"""Paid on time: of the bills that fell due, which were settled in full on or before their due day.

Only money that stayed counts: what was taken back by the as-of day (a returned payment, a corrected allocation) did not
settle anything. A bill that is still unpaid is late too, so that the share does not improve by not paying. A part of a
bill that came later has a due day of its own and counts by itself.
"""

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Select, Subquery, and_, case, func, select

from data_access.queries import due_months
from data_access.queries.dimensions import (
    GROUPS,
    Group,
    bare_accounts,
    few_accounts,
    group_named,
    labels_of,
    ledger_accounts,
    narrowed,
)
from data_access.queries.due_days import due_in
from data_access.queries.expressions import month_text, total, unindexed
from data_access.queries.positions import Accounts, effective_due, of_these
from data_access.schema import allocations, invoices
from data_access.scope import Scope
from domain.filters import Filters

PUNCTUALITY_GROUPS = ("site", "vendor", "region", "account", "month")


@dataclass(frozen=True, slots=True)
class Punctuality:
    """Bills of one group that fell due: how many, how many of them late, how many of those still unpaid."""

    key: str
    name: str
    bills: int
    late: int
    unpaid: int
    labels: dict[str, str]

    @property
    def on_time(self) -> int:
        """Bills settled by their due day."""
        return self.bills - self.late


def _fell_due(a: Subquery, filters: Filters, alone: Accounts) -> list[Any]:
    """Bills whose due day has passed by the as-of day, in the period; `alone` are the way in."""
    end = min(filters.as_of, filters.until) if filters.until else filters.as_of
    i = invoices.c
    due_on, issued_on = (day if alone is None else unindexed(day) for day in (i.due_on, i.issued_on))
    due = due_in(a.c.terms_days, filters.since, end, due_on=due_on)
    return [i.kind == "invoice", issued_on <= filters.as_of, due, of_these(alone, i.account_id)]


def _due_bills(scope: Scope, filters: Filters) -> Subquery:
    """One row a bill that fell due, with the account's columns, due_on, paid (all that stayed), in_time, last."""
    a, alone = ledger_accounts(scope, filters), few_accounts(scope, filters)
    if alone is None and narrowed(replace(filters, currencies=())):  # else everybody's bills of the period are read
        alone = select(bare_accounts(scope, filters).c.account_id)
    undone = allocations.alias("undone")
    due_on = effective_due(a.c.terms_days)
    stays = and_(
        allocations.c.account_id == invoices.c.account_id,
        allocations.c.invoice_id == invoices.c.id,
        unindexed(allocations.c.reverses_id).is_(None),
        allocations.c.applied_on <= filters.as_of,
    )
    took_back = and_(
        undone.c.account_id == allocations.c.account_id,
        undone.c.reverses_id == allocations.c.id,
        undone.c.applied_on <= filters.as_of,
    )
    stayed = undone.c.id.is_(None)
    bill = (*a.c, invoices.c.id, invoices.c.number, invoices.c.part, invoices.c.issued_on, invoices.c.amount)
    # dates and amounts of one row each, then summed one level up, so that the grouping names plain columns
    rows = (
        select(
            *bill,
            due_on.label("due_on"),
            case((stayed, allocations.c.amount), else_=0).label("paid"),
            case((and_(stayed, allocations.c.applied_on <= due_on), allocations.c.amount), else_=0).label("in_time"),
            case((stayed, allocations.c.applied_on)).label("applied_on"),
        )
        .join(a, a.c.account_id == invoices.c.account_id)
        .outerjoin(allocations, stays)
        .outerjoin(undone, took_back)
        .where(*_fell_due(a, filters, alone))
        .subquery()
    )
    kept = [rows.c[name] for name in (*(column.name for column in bill), "due_on")]
    return (
        select(
            *kept,
            total(rows.c.paid).label("paid"),
            total(rows.c.in_time).label("in_time"),
            func.max(rows.c.applied_on).label("last"),
        )
        .group_by(*kept)
        .subquery("due_bills")
    )


def punctuality(connection: Connection, scope: Scope, filters: Filters, by: str) -> list[Punctuality]:
    """Rows by group, the period being that of the due days; months in order, other groups by late bills, most first."""
    if by not in PUNCTUALITY_GROUPS:
        group_named(by, PUNCTUALITY_GROUPS)
    if by != "site" and due_months.kept_by_due_month(scope, filters, by):
        return _sorted(_of_months(connection, scope, filters, by), by)
    group = GROUPS.get(by) or Group((by,), by, by)
    key = "account_id" if by == "account" else group.key
    rows = [
        Punctuality(
            str(getattr(row, key)),
            str(getattr(row, group.name)),
            row.bills,
            row.late,
            row.unpaid,
            labels_of(row, group),
        )
        for row in connection.execute(_counted(scope, filters, by))
    ]
    return _sorted(rows, by)


@lru_cache(maxsize=64)  # putting it together costs more than its answer for a few sites
def _counted(scope: Scope, filters: Filters, by: str) -> Select[*tuple[Any, ...]]:
    bills = _due_bills(scope, filters)
    month = month_text(bills.c.due_on)
    columns = (GROUPS.get(by) or Group((by,), by, by)).columns
    keys: list[Any] = [month.label("month")] if by == "month" else [bills.c[name] for name in columns]
    late = bills.c.in_time < bills.c.amount
    return select(
        *keys,
        func.count().label("bills"),
        total(case((late, 1), else_=0)).label("late"),
        total(case((bills.c.paid < bills.c.amount, 1), else_=0)).label("unpaid"),
    ).group_by(*([month] if by == "month" else keys))


def _of_months(connection: Connection, scope: Scope, filters: Filters, by: str) -> list[Punctuality]:
    """The same from the totals of months and of open items."""
    due = due_months.fell_due(connection, scope, filters, by)
    counts = select(due.c[by], total(due.c.bills).label("bills"), total(due.c.in_time).label("in_time"))
    still = due_months.unpaid(connection, scope, filters, by)
    left = dict(connection.execute(select(still.c[by], total(still.c.unpaid)).group_by(still.c[by])).all())
    return [
        Punctuality(key, key, bills, bills - in_time, left.get(key, 0), {by: key})
        for key, bills, in_time in connection.execute(counts.group_by(due.c[by]))
        if bills
    ]


def _sorted(rows: list[Punctuality], by: str) -> list[Punctuality]:
    if by == "month":
        return sorted(rows, key=lambda row: row.key)
    return sorted(rows, key=lambda row: (-row.late, -row.bills, row.name, row.key))
