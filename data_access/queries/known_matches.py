"""Matches as they were known at the end of a day: made by then, and not undone by then."""

from datetime import date

from sqlalchemy import ColumnElement, Subquery, select, true

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
