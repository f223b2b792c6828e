"""Matches as they were known at the end of a day: made by then, and not undone by then.

From all of them, or as what the counters of today have to take back.
"""

from datetime import date

from sqlalchemy import ColumnElement, Connection, Subquery, and_, case, select, true

from data_access.queries.expressions import total
from data_access.queries.local_days import day_over
from data_access.schema import matches
from data_access.scope import Scope, within


def known_matches(
    scope: Scope, as_of: date, *keys: ColumnElement[int], among: ColumnElement[bool] | None = None
) -> Subquery:
    """The minor units matched, as `amount`, by `keys` (columns of matches); of those that `among` lets through."""
    end = day_over(as_of)
    undoing = matches.alias("undoing")
    undone = (
        select(undoing.c.id)
        .where(
            undoing.c.account_id == matches.c.account_id,
            undoing.c.undoes_id == matches.c.id,
            undoing.c.decided_at < end,
        )
        .correlate(matches)
        .exists()
    )
    return (
        select(*keys, total(matches.c.amount).label("amount"))
        .where(
            within(scope, matches.c.site_id),
            true() if among is None else among,
            matches.c.decided_at < end,
            matches.c.undoes_id.is_(None),
            ~undone,
        )
        .group_by(*keys)
        .subquery("known")
    )


def decided_since(connection: Connection, scope: Scope, as_of: date, *keys: ColumnElement[int]) -> Subquery | None:
    """What matches decided after the day changed in the counters, as `amount`, by `keys`; None where nothing was decided."""
    since = and_(within(scope, matches.c.site_id), matches.c.decided_at >= day_over(as_of))
    if connection.scalar(select(matches.c.id).where(since).limit(1)) is None:
        return None
    change = case((matches.c.undoes_id.is_(None), matches.c.amount), else_=-matches.c.amount)
    return select(*keys, total(change).label("amount")).where(since).group_by(*keys).subquery("later")
