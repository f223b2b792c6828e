"""SQL expressions that the two databases write differently, and the ledger's signs."""

import json
from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Date,
    Select,
    String,
    and_,
    case,
    cast,
    false,
    func,
    literal,
    or_,
    select,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from domain.masking import SHOWN

Weights = tuple[tuple[str, int], ...]  # by currency, what a minor unit of it counts for beside others; none: 1 each

_SEPARATORS = (" ", "-", ".", "/")


class add_days(FunctionElement[date]):  # noqa: N801 - a SQL function
    """add_days(date, days): the date `days` later."""

    type = Date()
    inherit_cache = True


@compiles(add_days, "sqlite")
def _add_days_sqlite(element: Any, compiler: Any, **kw: Any) -> str:
    day, days = (compiler.process(clause, **kw) for clause in element.clauses)
    return f"date({day}, ({days}) || ' days')"


@compiles(add_days, "postgresql")
def _add_days_postgresql(element: Any, compiler: Any, **kw: Any) -> str:
    day, days = (compiler.process(clause, **kw) for clause in element.clauses)
    return f"({day} + ({days})::integer)"


class month_text(FunctionElement[str]):  # noqa: N801 - a SQL function
    """month_text(date): YYYY-MM."""

    type = String()
    inherit_cache = True


@compiles(month_text, "sqlite")
def _month_sqlite(element: Any, compiler: Any, **kw: Any) -> str:
    return f"substr({compiler.process(element.clauses, **kw)}, 1, 7)"


@compiles(month_text, "postgresql")
def _month_postgresql(element: Any, compiler: Any, **kw: Any) -> str:
    return f"to_char({compiler.process(element.clauses, **kw)}, 'YYYY-MM')"


class later_of(FunctionElement[date]):  # noqa: N801 - a SQL function
    """later_of(a, b): the later of two dates."""

    type = Date()
    inherit_cache = True


@compiles(later_of, "sqlite")
def _later_sqlite(element: Any, compiler: Any, **kw: Any) -> str:
    return f"max({compiler.process(element.clauses, **kw)})"


@compiles(later_of, "postgresql")
def _later_postgresql(element: Any, compiler: Any, **kw: Any) -> str:
    return f"greatest({compiler.process(element.clauses, **kw)})"


class unindexed(FunctionElement[Any]):  # noqa: N801 - a SQL function
    """unindexed(column): the column, told to SQLite's planner as useless for an index.

    SQLite takes an index on a date range that holds all of history over the small partial index of open items.
    """

    inherit_cache = True

    def __init__(self, column: ColumnElement[Any]) -> None:
        super().__init__(column)
        self.type = column.type


@compiles(unindexed, "sqlite")
def _unindexed_sqlite(element: Any, compiler: Any, **kw: Any) -> str:
    return f"+{compiler.process(element.clauses, **kw)}"


@compiles(unindexed, "postgresql")
def _unindexed_postgresql(element: Any, compiler: Any, **kw: Any) -> str:
    return compiler.process(element.clauses, **kw)


class every(FunctionElement[Any]):  # noqa: N801 - a SQL function
    """every(column): what all rows say as one value, for `told_by`; a row for each costs more than what it says."""

    inherit_cache = True


@compiles(every, "sqlite")
def _every_sqlite(element: Any, compiler: Any, **kw: Any) -> str:
    return f"json_group_array{compiler.process(element.clause_expr, **kw)}"


@compiles(every, "postgresql")
def _every_postgresql(element: Any, compiler: Any, **kw: Any) -> str:
    return f"array_agg{compiler.process(element.clause_expr, **kw)}"


def told_by(found: Any) -> list[Any]:
    """What `every` brings."""
    return json.loads(found) if isinstance(found, str) else found or []


def total(amount: ColumnElement[Any]) -> ColumnElement[int]:
    """sum() as a 64-bit integer, 0 for no rows (PostgreSQL's sum of bigint is numeric)."""
    return func.coalesce(cast(func.sum(amount), BigInteger), 0)


def weighed(amount: ColumnElement[int], currency: ColumnElement[str], weights: Weights) -> ColumnElement[int]:
    """What an amount counts for beside those in other currencies."""
    return amount * case(dict(weights), value=currency, else_=0) if weights else amount


def each_value(column: ColumnElement[str]) -> Select[str]:
    """Each value that an index begins with, found one after the other: for few values of many rows."""
    each = select(func.min(column).label("value")).cte("each", recursive=True)
    following = select(func.min(column)).where(column > each.c.value).scalar_subquery()
    each = each.union_all(select(following).where(each.c.value.is_not(None)))
    return select(each.c.value).where(each.c.value.is_not(None))


def signed(table: Any) -> ColumnElement[int]:
    """An allocation's amount with the sign of what it does: a reversing row takes back."""
    return case((table.c.reverses_id.is_(None), table.c.amount), else_=-table.c.amount)


def contains(
    columns: Sequence[ColumnElement[str]], text: str, *, account_number: ColumnElement[str] | None = None
) -> ColumnElement[bool]:
    """Case-insensitive search for `text`, taken literally, in any of `columns`; or for the account of that number."""
    needle = text.strip().lower()
    found = [func.lower(column).contains(needle, autoescape=True) for column in columns]
    if account_number is not None:
        found.append(names_account(account_number, needle))
    return or_(*found)


def says(columns: Sequence[ColumnElement[str]], text: str) -> ColumnElement[bool]:
    """What contains() finds in `columns` without an account's number, in one comparison: of many rows it costs a third. None may be null."""
    every = columns[0]
    for column in columns[1:]:
        every = every + literal("\n") + column
    return func.lower(every).contains(text.strip().lower(), autoescape=True)


def names_account(column: ColumnElement[str], text: str) -> ColumnElement[bool]:
    """The whole number, its separators aside, or of its end no more than is shown: else a search would spell it out."""
    bare, needle = func.lower(column), text.strip().lower()
    for separator in _SEPARATORS:
        bare = func.replace(bare, separator, "")
        needle = needle.replace(separator, "")
    if not needle:
        return false()
    if len(needle) > SHOWN:
        return bare == needle
    return or_(bare == needle, and_(bare.endswith(needle, autoescape=True), func.length(bare) >= 2 * len(needle)))
