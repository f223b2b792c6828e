"""Counting all rows of the ledger some accounts at a time, so that nobody sorts them all: SQLite would do it in memory.

Accounts of one vendor and region go together, so that most of their rows belong to the same sums.
"""

import json
from collections.abc import Iterator
from operator import add

from sqlalchemy import Connection, text

_GROWING = ("invoices", "payments", "allocations")
_AT_ONCE = 500  # accounts: their rows fit a small cache
_ALIKE = (
    "SELECT a.id FROM accounts a JOIN sites s ON s.id = a.site_id ORDER BY a.vendor_id, a.service_type, s.region, a.id"
)
_OF_SOME = {
    "sqlite": "{0} AS (SELECT * FROM main.{0} WHERE account_id IN (SELECT value FROM json_each(:accounts)))",
    "postgresql": "{0} AS NOT MATERIALIZED (SELECT * FROM {0} WHERE account_id = ANY(CAST(:accounts AS bigint[])))",
}


def counted(connection: Connection, select: str, keys: int) -> Iterator[tuple[tuple[object, ...], tuple[int, ...]]]:
    """What `select` (`keys` columns to group by, then sums) comes to over all accounts: (key, sums), all in one snapshot.

    Some accounts are what the tables hold, for its statement.
    """
    sums: dict[tuple[object, ...], tuple[int, ...]] = {}
    same: dict[object, object] = {}  # a day or a region is in many keys, and in memory once
    dialect = connection.dialect.name
    statement = text(f"WITH {', '.join(_OF_SOME[dialect].format(table) for table in _GROWING)} {select}")
    ids = list(connection.scalars(text(_ALIKE)))
    for start in range(0, len(ids), _AT_ONCE):
        some = ids[start : start + _AT_ONCE]
        for row in connection.execute(statement, {"accounts": json.dumps(some) if dialect == "sqlite" else some}):
            key, values = row[:keys], row[keys:]
            known = sums.get(key)
            if known is None:
                sums[tuple(same.setdefault(part, part) for part in key)] = values
            else:
                sums[key] = tuple(map(add, known, values))
    yield from sums.items()
