"""The totals of sites (decision 0039): adding up what has come in, making all anew, and checking them.

They are kept beside those of months, from the same moves: data_access/months.py asks for each of these.
"""

from collections.abc import Iterator
from itertools import chain
from typing import Any

from sqlalchemy import Connection, func, select, text

from data_access.importers.bulk import insert_placed
from data_access.migrations.triggers import sites_0033 as made
from data_access.schema import site_totals
from data_access.sums import Sums

NAME = "site_totals"
_INTO = f"INSERT INTO site_totals ({made.COLUMNS})"
_THERE = f"SELECT {made.COLUMNS} FROM"
_MOVED = "(site_id, period) IN (SELECT site_id, period FROM {})"


def beside(gone: str) -> str:
    """For PostgreSQL's WITH, where `gone` is what is taken out of month_totals: its moves come into these totals."""
    earlier = f"DELETE FROM site_totals WHERE {_MOVED.format('came')} RETURNING *"  # noqa: S608
    together = made.added_up(f"{_THERE} came UNION ALL {_THERE} earlier")
    came = f"moves AS MATERIALIZED ({made.came(gone)}), came AS MATERIALIZED ({made.spread('moves')})"
    return f"{came}, earlier AS ({earlier}), put AS ({_INTO} {together})"


def take_moves(connection: Connection, moves: str) -> None:
    """On SQLite, before they are taken out of month_totals: all moves come into these totals."""
    came = f"({made.spread(f'({made.came(moves)})')})"
    _put_together(connection, _MOVED.format(came), f"{_THERE} {came} UNION ALL ")


def rebuild_within(connection: Connection, *, mended: bool) -> int:
    """Make all of it anew, unless it was `mended` by what recount told; returns the number of rows."""
    if not mended:
        if connection.dialect.name == "postgresql":  # one rebuild at a time; not in the way of rows that come in
            connection.execute(text("LOCK TABLE site_totals IN SHARE UPDATE EXCLUSIVE MODE"))
        made.fill(connection)
    several = f"SELECT site_id, period FROM site_totals GROUP BY {', '.join(made.KEYS)} HAVING count(*) > 1"  # noqa: S608
    if connection.dialect.name == "postgresql":
        gone = f"WITH gone AS (DELETE FROM site_totals WHERE {_MOVED.format(f'({several}) s')} RETURNING *)"  # noqa: S608
        connection.execute(text(f"{gone} {_INTO} {made.added_up(f'{_THERE} gone')}"))
    else:
        _put_together(connection, _MOVED.format(f"({several})"))
    return connection.scalar(select(func.count()).select_from(site_totals)) or 0


def mend(connection: Connection, after: int | None, last: int | None, months: Sums) -> None:
    """Add what the totals of these sites lack of `months` of theirs, as recount counted them while nobody else writes."""
    for rows in _lacking(connection, after, last, months):
        insert_placed(connection, site_totals, (*made.KEYS, *made.MEASURES), rows)


def differences(connection: Connection, after: int | None, last: int | None, months: Sums) -> Iterator[str]:
    """Check D1: each total of the sites after one and up to another equals `months` of theirs, as recount counted them."""
    for site_id, period, currency, *values in chain.from_iterable(_lacking(connection, after, last, months)):
        which = f"site_id {site_id}, period {period}, currency {currency}"
        for measure, value in zip(made.MEASURES, values, strict=True):
            if value:
                much = f"{abs(value)} too {'little' if value > 0 else 'much'}"
                yield f"site_totals: {measure} of {which} is {much}; `python manage.py rebuild` makes it anew"


def _lacking(
    connection: Connection, after: int | None, last: int | None, months: Sums
) -> Iterator[list[tuple[Any, ...]]]:
    """Rows to be added to totals of the sites after one and up to another so that they equal `months`."""
    months.add_longer()
    at, bounds = "1 = 1", {name: site_id for name, site_id in (("after", after), ("last", last)) if site_id is not None}
    for name, compared in (("after", ">"), ("last", "<=")):
        at += f" AND site_id {compared} :{name}" if name in bounds else ""
    there = f"{_THERE} site_totals WHERE {at} UNION ALL {made.spread('c')}"
    months.take_away(connection.execute(text(f"WITH c AS ({made.came('month_totals', at)}) {there}"), bounds).all())
    yield from months.left()


def _put_together(connection: Connection, which: str, more: str = "") -> None:
    """On SQLite: the totals that `which` chooses, with `more`, as one row each."""
    newest = connection.scalar(select(func.coalesce(func.max(site_totals.c.id), 0)))
    old = f"id <= {newest} AND {which}"
    connection.execute(text(f"{_INTO} {made.added_up(f'{more}{_THERE} site_totals WHERE {old}')}"))
    connection.execute(text(f"DELETE FROM site_totals WHERE {old}"))  # noqa: S608
