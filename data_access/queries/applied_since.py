"""What was applied after a day to documents that were found already.

Each knows the first and the last day on which something was applied to it. Only where the day lies between is it looked up, by index.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, select, tuple_

from data_access.queries.expressions import signed, total, unindexed
from data_access.schema import allocations
from data_access.scope import Scope, within

_AT_ONCE = 500


def applied_since(
    connection: Connection,
    scope: Scope,
    as_of: date,
    column: ColumnElement[Any],
    rows: Iterable[Any],
    *,
    counter: str,
) -> dict[int, int]:
    """By id: the signed sum applied after `as_of`, where something was.

    rows: with account_id, id, applied_from, applied_until and `counter`, all that was ever applied; `column` of allocations names them.
    """
    later = [row for row in rows if row.applied_until is not None and row.applied_until > as_of]
    found = {row.id: getattr(row, counter) for row in later if row.applied_from > as_of}
    documents = [(row.account_id, row.id) for row in later if row.id not in found]
    for start in range(0, len(documents), _AT_ONCE):
        some = documents[start : start + _AT_ONCE]
        statement = (
            select(column, total(signed(allocations)))
            .where(
                within(scope, allocations.c.site_id),
                tuple_(allocations.c.account_id, column).in_(some),
                unindexed(allocations.c.applied_on) > as_of,
            )
            .group_by(column)
        )
        for document, amount in connection.execute(statement):
            found[document] = amount
    return found
