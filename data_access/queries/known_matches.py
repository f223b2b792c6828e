"""Matches as they were known at the end of a day: made by then, and not undone by then.

From all of them, or as what the counters of today have to take back.
"""

from datetime import date

from sqlalchemy import ColumnElement, Connection, Subquery, and_, bindparam, case, select, true

from data_access.queries.expressions import total, unindexed
from data_access.queries.local_days import day_over
from data_access.queries.past_documents import began_by
from data_access.schema import matches, payments
from data_access.scope import Scope, one_of, within


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
    return select(*keys, total(_CHANGE).label("amount")).where(since).group_by(*keys).subquery("later")


class MovedSince:
    """Payments made by a day of which matches were decided after it: few, since what is matched later was mostly paid later too.

    They are found once, by the last moment at which something of them was matched, and then known by their numbers.
    """

    def __init__(self, connection: Connection, scope: Scope, as_of: date) -> None:
        p, end = payments.c, day_over(as_of)
        self._after = matches.c.decided_at >= end
        found = select(p.id).where(within(scope, unindexed(p.site_id)), began_by(p.paid_on, as_of), p.matched_at >= end)
        self._ids = sorted(connection.scalars(found))

    @property
    def any(self) -> bool:
        """Are there some?"""
        return bool(self._ids)

    @property
    def moved(self) -> ColumnElement[bool]:
        """Is the payment one of them?"""
        return one_of(payments.c.id, bindparam("moved", ",".join(map(str, self._ids)), unique=True))

    @property
    def amount(self) -> ColumnElement[int]:
        """What these matches changed in its counter."""
        own = and_(matches.c.account_id == payments.c.account_id, matches.c.payment_id == payments.c.id)
        return select(total(_CHANGE)).where(own, self._after).correlate(payments).scalar_subquery()


_CHANGE = case((matches.c.undoes_id.is_(None), matches.c.amount), else_=-matches.c.amount)
