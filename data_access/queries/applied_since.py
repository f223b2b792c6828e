"""What was applied after a day to documents that were found already: each is looked up by its index, however much came since."""

from collections.abc import Sequence
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
    documents: Sequence[tuple[int, int]],
) -> dict[int, int]:
    """By id: the signed sum applied after `as_of`. `documents`: (account, id) of those that `column` of allocations names."""
    found: dict[int, int] = {}
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
