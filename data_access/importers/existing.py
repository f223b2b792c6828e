"""Finding many rows by their keys at once: one index probe a key, some hundred keys a statement."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Connection, String, Table, column, select, values

_AT_ONCE = 400


def batches(items: Iterable[Any], size: int = _AT_ONCE) -> Iterator[list[Any]]:
    """`items` in lists of at most `size`."""
    walk = iter(items)
    while batch := list(islice(walk, size)):
        yield batch


def rows_by_key(
    connection: Connection,
    table: Table,
    source: str,
    keys: Iterable[tuple[int, str]],
    columns: Sequence[ColumnElement[Any]],
) -> Iterator[Any]:
    """Rows of (account id, import key) in `source`: account_id, import_key and `columns`."""
    for batch in batches(keys):
        wanted = _pairs(batch)
        yield from connection.execute(
            select(table.c.account_id, table.c.import_key, *columns)
            .select_from(wanted)
            .join(
                table,
                (table.c.account_id == wanted.c.account_id)
                & (table.c.source == source)
                & (table.c.import_key == wanted.c.text),
            )
        )


def rows_by_text(
    connection: Connection,
    table: Table,
    name: ColumnElement[Any],
    keys: Iterable[tuple[int, str]],
    columns: Sequence[ColumnElement[Any]],
    *,
    locking: bool = False,
) -> Iterator[Any]:
    """Rows of (account id, text in the column `name`), such as the bills of a number: `columns`; held until the commit."""
    for batch in batches(keys):
        wanted = _pairs(batch)
        joined = (table.c.account_id == wanted.c.account_id) & (name == wanted.c.text)
        statement = select(*columns).select_from(wanted).join(table, joined)
        yield from connection.execute(statement.with_for_update(of=table) if locking else statement)


def _pairs(batch: list[tuple[int, str]]) -> Any:
    # A common table expression, since SQLite cannot name the columns of VALUES in a FROM clause.
    return values(column("account_id", BigInteger), column("text", String), name="wanted").data(batch).cte("wanted")
