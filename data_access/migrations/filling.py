"""Filling sums from all rows of a large SQLite file, some accounts at a time: SQLite would sort all of them in memory.

Frozen: the fills of revisions rest on it.
"""

import json
from operator import add
from typing import Any

from sqlalchemy import Connection

_AT_ONCE = 500  # accounts
_ALIKE = (
    "SELECT a.id FROM accounts a JOIN sites s ON s.id = a.site_id ORDER BY a.vendor_id, a.service_type, s.region, a.id"
)
_SOME = ", ".join(
    f"{table} AS (SELECT * FROM main.{table} WHERE account_id IN (SELECT value FROM json_each(:accounts)))"  # noqa: S608
    for table in ("invoices", "payments", "allocations")
)


def summed(connection: Connection, select: str, keys: int) -> dict[tuple[Any, ...], tuple[int, ...]]:
    """What `select` (`keys` columns to group by, then sums) comes to over all accounts."""
    ids = [row[0] for row in connection.exec_driver_sql(_ALIKE)]
    sums: dict[tuple[Any, ...], tuple[int, ...]] = {}
    same: dict[Any, Any] = {}  # a day or a region is in many keys, and in memory once
    for start in range(0, len(ids), _AT_ONCE):
        some = {"accounts": json.dumps(ids[start : start + _AT_ONCE])}
        for row in connection.exec_driver_sql(f"WITH {_SOME} {select}", some):
            key, values = row[:keys], row[keys:]
            if (known := sums.get(key)) is None:
                sums[tuple(same.setdefault(part, part) for part in key)] = values
            else:
                sums[key] = tuple(map(add, known, values))
    return sums
