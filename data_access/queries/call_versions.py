"""Corrections of calls: a corrected record names the one it replaces, and what was paid on any version is the call's."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import ColumnElement, Connection, FromClause, and_, case, or_, select

from data_access.queries.expressions import total, unindexed
from data_access.schema import calls, payments
from data_access.scope import Scope, within


def is_newest(table: FromClause = calls) -> ColumnElement[bool]:
    """No correction names this row of calls (or of an alias of it)."""
    correction = calls.alias()
    return ~(
        select(correction.c.id)
        .where(correction.c.account_id == table.c.account_id, correction.c.amends_id == table.c.id)
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
    older = calls.alias("older")
    versions = versions.union_all(
        select(versions.c.newest, older.c.account_id, older.c.id, older.c.amends_id).join(
            older, and_(older.c.account_id == versions.c.account_id, older.c.id == versions.c.amends_id)
        )
    )
    stands = or_(payments.c.reversed_on.is_(None), payments.c.reversed_on > as_of)
    statement = (
        select(
            versions.c.newest,
            total(case((stands, payments.c.amount), else_=0)).label("paid"),
            total(case((stands, 0), else_=payments.c.amount)).label("returned"),
        )
        .join(payments, and_(payments.c.account_id == versions.c.account_id, payments.c.call_id == versions.c.id))
        .where(payments.c.kind == "payment", unindexed(payments.c.paid_on) <= as_of)
        .group_by(versions.c.newest)
    )
    for row in connection.execute(statement):
        found[row.newest] = (row.paid, row.returned)
    return found
