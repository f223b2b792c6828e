"""Many rows into one table, in one statement."""

import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection, Table, insert, text


def insert_rows(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows that have the same columns.

    PostgreSQL takes them as one parameter: a parameter for each value costs more than its row, and COPY is refused where
    row-level security holds. So what is counted once a statement is counted once.
    """
    if not rows:
        return
    if connection.dialect.name != "postgresql":
        connection.execute(insert(table), rows)
        return
    names = ", ".join(rows[0])
    recordset = f"json_populate_recordset(CAST(NULL AS {table.name}), CAST(:rows AS json))"
    statement = f"INSERT INTO {table.name} ({names}) SELECT {names} FROM {recordset}"  # noqa: S608 - our own names
    connection.execute(text(statement), {"rows": _as_json(rows)})


def _plain(value: date) -> str:
    return value.isoformat()


_as_json = json.JSONEncoder(ensure_ascii=False, check_circular=False, separators=(",", ":"), default=_plain).encode
