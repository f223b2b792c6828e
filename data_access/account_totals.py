"""The totals of accounts (decision 0033): adding up what has come in, making all anew, and checking them.

They are kept beside those of open items, from the same moves: data_access/months.py asks for each of these.
"""

from collections.abc import Iterator

from sqlalchemy import Connection, func, select, text

from data_access.migrations.triggers import accounts_0018 as made
from data_access.schema import account_totals

NAME = "account_totals"
_INTO = f"INSERT INTO account_totals ({made.COLUMNS})"
_THERE = f"SELECT {made.COLUMNS} FROM"
_MOVED = "account_id IN (SELECT account_id FROM {} WHERE account_id IS NOT NULL)"


def beside(gone: str) -> str:
    """For PostgreSQL's WITH, where `gone` is what is taken out of open_totals: its moves come into these totals."""
    rows = f"{made.came(gone)} UNION ALL {_THERE} earlier"
    return (
        f"earlier AS (DELETE FROM account_totals WHERE {_MOVED.format(gone)} RETURNING *), "  # noqa: S608
        f"put AS ({_INTO} {made.added_up(rows)})"
    )


def take_moves(connection: Connection, moves: str) -> None:
    """On SQLite, before they are taken out of open_totals: all moves come into these totals."""
    _put_together(connection, _MOVED.format(moves), f"{made.came(moves)} UNION ALL ")


def rebuild_within(connection: Connection) -> int:
    """Make all of it anew once open_totals is; returns the number of rows."""
    dialect = connection.dialect.name
    if dialect == "postgresql":  # one rebuild at a time; not in the way of rows that come in
        connection.execute(text("LOCK TABLE account_totals IN SHARE UPDATE EXCLUSIVE MODE"))
    connection.execute(text(made.filled(dialect)))
    several = (
        f"account_id IN (SELECT account_id FROM account_totals GROUP BY {', '.join(made.KEYS)} HAVING count(*) > 1)"  # noqa: S608
    )
    if dialect == "postgresql":
        gone = f"WITH gone AS (DELETE FROM account_totals WHERE {several} RETURNING *)"  # noqa: S608
        connection.execute(text(f"{gone} {_INTO} {made.added_up(f'{_THERE} gone')}"))
    else:
        _put_together(connection, several)
    return connection.scalar(select(func.count()).select_from(account_totals)) or 0


def differences(connection: Connection) -> Iterator[str]:
    """Check D1: each total equals the ledger's rows; says which does not, and by how much."""
    for row in connection.execute(text(made.missing(connection.dialect.name))).mappings():
        which = f"account_id {row['account_id']}" + (f", due_on {row['due_on']}" if row["due_on"] else "")
        for measure in made.MEASURES:
            if off := row[measure]:
                much = f"{abs(off)} too {'little' if off > 0 else 'much'}"
                yield f"account_totals: {measure} of {which} is {much}; `python manage.py rebuild` makes it anew"


def _put_together(connection: Connection, which: str, more: str = "") -> None:
    """On SQLite: the totals of the accounts that `which` chooses, with `more`, as one row each."""
    newest = connection.scalar(select(func.coalesce(func.max(account_totals.c.id), 0)))
    old = f"id <= {newest} AND {which}"
    connection.execute(text(f"{_INTO} {made.added_up(f'{more}{_THERE} account_totals WHERE {old}')}"))
    connection.execute(text(f"DELETE FROM account_totals WHERE {old}"))  # noqa: S608
