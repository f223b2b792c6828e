"""Long tables a page at a time: what follows, or goes before, a row that was shown. Page 1,000 costs what page 1 costs.

A table is ordered by a column and then by id, both the same way round, so that the index of that order serves either way.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Select, tuple_

from data_access.queries.expressions import unindexed

Mark = tuple[Any, ...]  # where a page ends: what its last row has in the columns that order the table
Row = TypeVar("Row")
Statement = TypeVar("Statement", bound=Select[*tuple[Any, ...]])


class UnknownOrderError(ValueError):
    """A table was asked for in an order that it does not have."""


@dataclass(frozen=True, slots=True)
class Order:
    """By `keys`, which together name one row and are never null; `descending`: the largest first."""

    keys: tuple[ColumnElement[Any], ...]
    descending: bool


def order_named(sort: str, columns: Mapping[str, ColumnElement[Any]], id_: ColumnElement[int]) -> Order:
    """The order called `sort`, then by id: a name of `columns`, with - before it for the largest first."""
    name = sort.removeprefix("-")
    if name not in columns:
        raise UnknownOrderError(f"cannot order by {name!r}; choose one of {', '.join(columns)}")
    return Order((columns[name], id_), sort.startswith("-"))


def page_of(
    statement: Statement, order: Order, *, after: Mark | None = None, before: Mark | None = None, limit: int | None
) -> Statement:
    """`statement` in this order from `after` on, or backwards from `before`: then `turned` puts the rows in order."""
    backwards = before is not None
    mark = before if backwards else after
    down = order.descending != backwards
    if mark is not None:
        here, there = tuple_(*order.keys), tuple_(*mark)
        statement = statement.where(here < there if down else here > there)
    return statement.order_by(*(key.desc() if down else key.asc() for key in order.keys)).limit(limit)


def beside(column: ColumnElement[Any], *marks: Mark | None) -> ColumnElement[Any]:
    """`column` for other conditions than the mark's: SQLite would take one of them for the way in, and walk from there."""
    return column if all(mark is None for mark in marks) else unindexed(column)


def turned(rows: Sequence[Row], before: Mark | None) -> list[Row]:
    """Rows of `page_of` as they are shown."""
    return list(rows) if before is None else list(reversed(rows))
