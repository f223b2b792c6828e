"""Corrections of calls: a corrected record names the one it replaces, and what was paid on any version is the call's."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import ColumnElement, Connection, FromClause, and_, select

from data_access.queries.expressions import unindexed
from data_access.schema import calls, payments
from data_access.scope import Scope, within

# Made once: each would have columns of its own put together.
_CORRECTION, _OLDER = calls.alias("correction"), calls.alias("older")


def is_newest(table: FromClause = calls) -> ColumnElement[bool]:
    """No correction names this row of calls (or of an alias of it)."""
    return ~(
        select(_CORRECTION.c.id)
        .where(_CORRECTION.c.account_id == table.c.account_id, _CORRECTION.c.amends_id == table.c.id)
        .correlate(table)
        .exists()
    )


def paid_on_calls(
    connection: Connection, scope: Scope, call_ids: Sequence[int], as_of: date
) -> dict[int, tuple[int, int]]:
    """By call: minor units paid on it or on what it corrects (paid, and returned or void by `as_of`)."""
    found = dict.fromkeys(call_ids, (0, 0))
    if not call_ids:
        return found
    versions = (
        select(calls.c.id.label("newest"), calls.c.account_id, calls.c.id, calls.c.amends_id)
        .where(calls.c.id.in_(call_ids), within(scope, calls.c.site_id))
        .cte("versions", recursive=True)
    )
    older = _OLDER.c
    versions = versions.union_all(
        select(versions.c.newest, older.account_id, older.id, older.amends_id).join(
            _OLDER, and_(older.account_id == versions.c.account_id, older.id == versions.c.amends_id)
        )
    )
    named = connection.execute(select(versions.c.newest, versions.c.account_id, versions.c.id)).all()
    newest = {row.id: row.newest for row in named}
    statement = select(payments.c.call_id, payments.c.amount, payments.c.reversed_on).where(
        payments.c.account_id.in_({row.account_id for row in named}),
        payments.c.call_id.in_(newest),
        payments.c.kind == "payment",
        unindexed(payments.c.paid_on) <= as_of,
    )
    for row in connection.execute(statement):
        paid, returned = found[newest[row.call_id]]
        stands = row.reversed_on is None or row.reversed_on > as_of
        found[newest[row.call_id]] = (paid + row.amount, returned) if stands else (paid, returned + row.amount)
    return found
