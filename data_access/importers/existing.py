"""Finding many rows by their keys at once: one index probe a key, some thousand keys a statement."""

import json
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from sqlalchemy import CTE, BigInteger, Column, ColumnElement, Connection, String, Table, column, select, text

_AT_ONCE = 1_000
# The keys as one parameter: a thousand parameters cost more to prepare than their rows to find.
_PAIRS = {
    "postgresql": "SELECT * FROM unnest(CAST(:ids AS bigint[]), CAST(:texts AS varchar[])) AS pairs (account_id, text)",
    "sqlite": "SELECT json_extract(value, '$[0]') AS account_id, json_extract(value, '$[1]') AS text FROM json_each(:pairs)",
}
_TEXTS = {"postgresql": "SELECT unnest(CAST(:texts AS varchar[]))", "sqlite": "SELECT value FROM json_each(:texts)"}


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
    wanted = _pairs(connection)
    same = (table.c.account_id == wanted.c.account_id) & (table.c.import_key == wanted.c.text)
    statement = select(table.c.account_id, table.c.import_key, *columns).select_from(wanted)
    statement = statement.join(table, same & (table.c.source == source))
    for batch in batches(keys):
        yield from connection.execute(statement, _given(connection, batch))


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
    wanted = _pairs(connection)
    joined = (table.c.account_id == wanted.c.account_id) & (name == wanted.c.text)
    statement = select(*columns).select_from(wanted).join(table, joined)
    if locking:
        statement = statement.with_for_update(of=table)
    for batch in batches(keys):
        yield from connection.execute(statement, _given(connection, batch))


def texts_there(
    connection: Connection, name: Column[str], texts: Iterable[str], where: ColumnElement[bool]
) -> Iterator[str]:
    """Those of `texts` that the column `name` has in rows of which `where` is true."""
    dialect = connection.dialect.name
    among = text(_TEXTS[dialect]).columns(column("text", String))
    statement = select(name).where(where, name.in_(among))
    for batch in batches(texts):
        given = batch if dialect == "postgresql" else json.dumps(batch)
        yield from connection.scalars(statement, {"texts": given})


def _pairs(connection: Connection) -> CTE:
    statement = text(_PAIRS[connection.dialect.name])
    return statement.columns(column("account_id", BigInteger), column("text", String)).cte("wanted")


def _given(connection: Connection, batch: list[tuple[int, str]]) -> dict[str, Any]:
    """The parameters of _pairs. Not within the statement, which would keep them until it is collected."""
    if connection.dialect.name == "postgresql":
        return {"ids": [account_id for account_id, _ in batch], "texts": [name for _, name in batch]}
    return {"pairs": json.dumps(batch)}
