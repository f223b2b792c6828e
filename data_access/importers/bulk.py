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


def insert_placed(
    connection: Connection, table: Table, columns: Sequence[str], rows: Sequence[tuple[Any, ...]]
) -> None:
    """The same of very many rows, whose values are as `columns` and as the database has them.

    PostgreSQL copies them, which where row-level security holds it lets the owner of the tables alone do.
    """
    names = ", ".join(columns)
    if connection.dialect.name == "postgresql":
        cursor = connection.connection.cursor()
        with cursor.copy(f"COPY {table.name} ({names}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        cursor.close()
    elif rows:
        marks = ", ".join("?" * len(columns))
        connection.exec_driver_sql(f"INSERT INTO {table.name} ({names}) VALUES ({marks})", list(rows))  # noqa: S608


def _plain(value: date) -> str:
    return value.isoformat()


_as_json = json.JSONEncoder(ensure_ascii=False, check_circular=False, separators=(",", ":"), default=_plain).encode
