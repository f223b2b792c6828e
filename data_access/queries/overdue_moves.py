"""The sites whose past due moved most since the end of the month before.

By the sums of sites (decision 0039), for who sees every site, aged by due day: what the month changed of what is late, less what
becomes late only after the day; on a day in the past what was late of that which stood open (decision 0040), less all that the months before
made late. For everyone else, and for filters that the sums do not know, what was late on the one day less what was on the other.
"""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection, Select, select, union_all

from data_access.queries import site_totals
from data_access.queries.expressions import Weights, total
from data_access.queries.positions import nothing_since
from data_access.queries.rankings import Ranking, ranked_sites
from data_access.queries.standing import standing
from data_access.scope import Scope
from domain.filters import Basis, Filters
from domain.periods import add_months, month_start


def overdue_moves(
    connection: Connection, scope: Scope, filters: Filters, *, limit: int = 6, weights: Weights = ()
) -> Ranking:
    """Sites by how much more, or less, was past due on the as-of day than at the end of the month before; the largest first."""
    if filters.basis is Basis.DUE and site_totals.kept_by_site(scope, filters):
        parts = _by_sums(connection, scope, filters)
    else:
        month_before = month_start(filters.as_of) - timedelta(days=1)
        parts = [
            *_late_on(connection, scope, filters, filters.as_of, 1),
            *_late_on(connection, scope, filters, month_before, -1),
        ]
    rows = union_all(*parts).subquery("rows").c
    sums = select(rows.site_id, rows.currency, total(rows.amount).label("amount")).group_by(rows.site_id, rows.currency)
    moved = sums.having(total(rows.amount) != 0)
    return ranked_sites(connection, scope, moved, limit=limit, weights=weights, either_way=True)


def _by_sums(connection: Connection, scope: Scope, filters: Filters) -> list[Select[*tuple[Any, ...]]]:
    """site_id, currency, amount: several rows of each, to be added up."""
    as_of, first = filters.as_of, month_start(filters.as_of)
    if nothing_since(connection, scope, as_of):
        month, last = f"{as_of:%Y-%m}", add_months(first, 1) - timedelta(days=1)
        to_come = site_totals.open_from(filters, as_of, last).c  # and becomes late within the month
        less = select(to_come.site_id, to_come.currency, (-to_come.open_amount).label("amount"))
        return [_late(connection, scope, filters, (month, month)), less]
    month_before = f"{first - timedelta(days=1):%Y-%m}"
    return [
        *_late_on(connection, scope, filters, as_of, 1),
        _late(connection, scope, filters, (None, month_before), -1),
    ]


def _late_on(
    connection: Connection, scope: Scope, filters: Filters, day: date, sign: int
) -> list[Select[*tuple[Any, ...]]]:
    """What was late on a day, of what stood open then."""
    return [
        select(table.c.site_id, table.c.currency, (table.c.open_amount * sign).label("amount")).where(
            table.c.due_on < day,
            table.c.open_amount != 0,  # of money that is a constant, so that none is read
            *chosen,
        )
        for table, chosen in standing(connection, scope, replace(filters, as_of=day))
    ]


def _late(
    connection: Connection, scope: Scope, filters: Filters, months: tuple[str | None, str], sign: int = 1
) -> Select[*tuple[Any, ...]]:
    """What these months changed of what is late."""
    late = site_totals.sums(connection, scope, filters, months, ("late",)).c
    return select(late.site_id, late.currency, (late.late * sign).label("amount"))
