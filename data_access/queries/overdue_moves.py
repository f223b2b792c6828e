"""The sites whose past due moved most since the end of the month before.

By the sums of sites (decision 0039), for who sees every site, aged by due day: what the month changed of what is late, less what
becomes late only after the day. Everyone else's sites are put in order from the history of each.
"""

from collections import Counter
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection, Select, Subquery, select, union_all

from data_access.queries import site_totals
from data_access.queries.dimensions import ledger_accounts
from data_access.queries.expressions import total
from data_access.queries.positions import nothing_since
from data_access.queries.rankings import Ranking, Weights, names_of_sites, ranked
from data_access.queries.trends import history, late_moves
from data_access.schema import account_totals, accounts, open_totals, sites
from data_access.scope import Scope
from domain.filters import Basis, Filters
from domain.periods import add_months, month_start

_HALF = 15  # days of a month


def overdue_moves(
    connection: Connection, scope: Scope, filters: Filters, *, limit: int = 6, weights: Weights = ()
) -> Ranking:
    """Sites by how much more, or less, was past due on the as-of day than at the end of the month before; the largest first."""
    if filters.basis is Basis.DUE and site_totals.kept_by_site(scope, filters):
        rows = connection.execute(_moved(connection, scope, filters)).all()
        found_by = sites.c.id
    else:
        before = month_start(filters.as_of) - timedelta(days=1)
        moved: Counter[tuple[str, str]] = Counter()
        for row in history(connection, scope, filters, (before, filters.as_of), "site"):
            moved[row.key, row.currency] += row.overdue if row.day == filters.as_of else -row.overdue
        rows = [(code, currency, amount) for (code, currency), amount in moved.items() if amount]
        found_by = sites.c.code
    return ranked(
        rows, lambda ids: names_of_sites(connection, scope, ids, found_by), limit=limit, weights=weights, size=abs
    )


def _moved(connection: Connection, scope: Scope, filters: Filters) -> Select[*tuple[Any, ...]]:
    """site_id, currency, amount; from the side of the month from which fewer days are read by row."""
    as_of, first = filters.as_of, month_start(filters.as_of)
    last = add_months(first, 1) - timedelta(days=1)
    if nothing_since(connection, scope, as_of):
        parts = [_whole(connection, scope, filters), *_still_to_come(filters, as_of, last)]
    elif as_of.day > _HALF:
        parts = [_whole(connection, scope, filters), _between(scope, filters, as_of, last, -1)]
    else:
        parts = [_between(scope, filters, first - timedelta(days=1), as_of, 1)]
    rows = union_all(*parts).subquery("rows").c
    sums = select(rows.site_id, rows.currency, total(rows.amount).label("amount")).group_by(rows.site_id, rows.currency)
    return sums.having(total(rows.amount) != 0)


def _whole(connection: Connection, scope: Scope, filters: Filters) -> Select[*tuple[Any, ...]]:
    month = f"{filters.as_of:%Y-%m}"
    late = site_totals.sums(connection, scope, filters, (month, month), ("late",)).c
    return select(late.site_id, late.currency, late.late.label("amount"))


def _still_to_come(filters: Filters, as_of: date, last: date) -> list[Select[*tuple[Any, ...]]]:
    """What is open now and becomes late after the day, up to the last of the month; with nothing dated after the day."""
    came = (
        select(accounts.c.site_id, *(open_totals.c[name] for name in ("currency", "due_on", "open_amount")))
        .join(accounts, accounts.c.id == open_totals.c.account_id)
        .subquery("came")
    )
    sources: tuple[Any, ...] = (account_totals, came)
    return [
        select(t.c.site_id, t.c.currency, -t.c.open_amount).where(
            t.c.due_on >= as_of, t.c.due_on < last, *site_totals.chosen(filters, t.c)
        )
        for t in sources
    ]


def _between(scope: Scope, filters: Filters, first: date, last: date, sign: int) -> Select[*tuple[Any, ...]]:
    a = ledger_accounts(scope, filters)
    moves: Subquery = union_all(*late_moves(first, last, filters.basis)).subquery("moves")
    rows = select(a.c.site_id, a.c.currency, (moves.c.late * sign).label("amount"))
    return rows.join(moves, moves.c.account_id == a.c.account_id)
