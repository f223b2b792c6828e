"""Counting all rows of the ledger by ranges of accounts: SQLite keeps what it sorts in memory, so it never sorts them all.

PostgreSQL sorts on disk what is much, and counts all rows in one statement.
"""

from collections.abc import Iterator

from sqlalchemy import Connection, text

_GROWING = ("invoices", "payments", "allocations")
_AT_ONCE = 500  # accounts: their rows fit a small cache
_OF_SOME = "SELECT * FROM main.{} WHERE account_id BETWEEN :first AND :last"
_SHADOWS = "WITH " + ", ".join(f"{table} AS ({_OF_SOME.format(table)})" for table in _GROWING)


def counted(connection: Connection, select: str, keys: int) -> Iterator[tuple[tuple[object, ...], list[int]]]:
    """What SQLite's `select` (`keys` columns to group by, then sums) comes to over all accounts: (key, sums), all in one snapshot.

    Each range of accounts is what the tables hold, for its statement.
    """
    sums: dict[tuple[object, ...], list[int]] = {}
    for first, last in _ranges(connection):
        for row in connection.execute(text(f"{_SHADOWS} {select}"), {"first": first, "last": last}):
            key, values = tuple(row[:keys]), row[keys:]
            known = sums.get(key)
            sums[key] = list(values) if known is None else [a + b for a, b in zip(known, values, strict=True)]
    yield from sums.items()


def _ranges(connection: Connection) -> Iterator[tuple[int, int]]:
    ids = connection.scalars(text("SELECT id FROM accounts ORDER BY id")).all()
    for start in range(0, len(ids), _AT_ONCE):
        some = ids[start : start + _AT_ONCE]
        yield some[0], some[-1]
