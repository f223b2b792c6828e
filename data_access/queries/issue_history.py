"""What was past due by invoice date at month ends: all that was open but for the bills of that very day.

What was open is told by the sums by due day (open_totals, decision 0030), whose due days do not matter here: without it each
bill becomes late within the months shown, and all that stood open on each of their ends is looked at.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection, Select, literal, select, union_all

from data_access.queries.dimensions import bare_accounts
from data_access.queries.expressions import total, unindexed
from data_access.queries.open_totals import months_of_open
from data_access.queries.past_documents import applied_to_bills_by
from data_access.schema import invoices, vendors
from data_access.scope import Scope
from domain.filters import Filters

Group = tuple[str, str]  # key and currency


def overdue_by_issue(
    connection: Connection,
    scope: Scope,
    filters: Filters,
    days: Sequence[date],
    *,
    by: str,
    opened: Mapping[Group, int],
) -> dict[tuple[date, str, str], int]:
    """By day, key of `by` and currency: what was late by invoice date, minor units, on month ends and one day more.

    `opened`: what is open on the last day.
    """
    *ends, last = days
    found = Counter({(last, *group): amount for group, amount in opened.items()})
    for month, later, key, currency, amount in connection.execute(_moves(filters, by, ends)) if ends else ():
        for end in ends:
            if month is None or (f"{end:%Y-%m}" < month if later else f"{end:%Y-%m}" >= month):
                found[end, key, currency] += amount
    for day, key, currency, left in connection.execute(_of_the_day(scope, filters, by, days)):
        found[day, key, currency] -= left
    return {place: amount for place, amount in found.items() if amount}


def _moves(filters: Filters, by: str, ends: Sequence[date]) -> Select[*tuple[Any, ...]]:
    """month, whether it counts for the ends before it or for those from it on, key, currency and amount."""
    m = months_of_open(filters, by, f"{ends[0]:%Y-%m}", f"{ends[-1]:%Y-%m}").c
    key = vendors.c.name if by == "vendor" else m[by]
    keys = (m.month, m.later, key.label("key"), m.currency)
    statement = select(*keys, total(m.open_amount)).group_by(m.month, m.later, key, m.currency)
    return statement.join(vendors, vendors.c.id == m.vendor_id) if by == "vendor" else statement


def _of_the_day(scope: Scope, filters: Filters, by: str, days: Sequence[date]) -> Select[*tuple[Any, ...]]:
    """day, key, currency and what was left of the bills of each day when it was over."""
    i, a = invoices.c, bare_accounts(scope, filters, by)
    parts = [
        select(literal(day).label("day"), i.account_id, (i.amount - applied_to_bills_by(day)).label("left")).where(
            i.issued_on == day, unindexed(i.kind) == "invoice"
        )
        for day in days
    ]
    b = union_all(*parts).subquery("bills").c
    return (
        select(b.day, a.c[by], a.c.currency, total(b.left))
        .join(a, a.c.account_id == b.account_id)
        .group_by(b.day, a.c[by], a.c.currency)
    )
