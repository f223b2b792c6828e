"""The totals of sites (decision 0039): adding up what has come in, making all anew, and checking them.

They are kept beside those of months, from the same moves: data_access/months.py asks for each of these.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from operator import add, sub
from typing import Any

from sqlalchemy import Connection, func, select, text

from data_access.importers.bulk import insert_rows
from data_access.migrations.triggers import sites_0022 as made
from data_access.schema import site_totals

NAME = "site_totals"
_INTO = f"INSERT INTO site_totals ({made.COLUMNS})"
_THERE = f"SELECT {made.COLUMNS} FROM"
_KEYS, _NOTHING = len(made.KEYS), (0,) * len(made.MEASURES)
_MOVED = "(site_id, period) IN (SELECT site_id, period FROM {})"


def beside(gone: str) -> str:
    """For PostgreSQL's WITH, where `gone` is what is taken out of month_totals: its moves come into these totals."""
    earlier = f"DELETE FROM site_totals WHERE {_MOVED.format('came')} RETURNING *"  # noqa: S608
    together = made.added_up(f"{_THERE} came UNION ALL {_THERE} earlier")
    came = f"moves AS MATERIALIZED ({made.came(gone)}), came AS MATERIALIZED ({made.spread('moves')})"
    return f"{came}, earlier AS ({earlier}), put AS ({_INTO} {together})"


def take_moves(connection: Connection) -> None:
    """On SQLite, before they are taken out of month_totals: all moves come into these totals."""
    moves = f"({made.came('month_totals')})"
    came = f"({made.spread(moves)})"
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


def mend(connection: Connection, after: int | None, last: int | None, months: Mapping[Any, Sequence[int]]) -> None:
    """Add what the totals of these sites lack of `months` of theirs, as recount counted them while nobody else writes."""
    names = (*made.KEYS, *made.MEASURES)
    lacking = _lacking(connection, after, last, months).items()
    rows = [dict(zip(names, (*key, *values), strict=True)) for key, values in lacking if any(values)]
    insert_rows(connection, site_totals, rows)


def differences(
    connection: Connection, after: int | None, last: int | None, months: Mapping[Any, Sequence[int]]
) -> Iterator[str]:
    """Check D1: each total of the sites after one and up to another equals `months` of theirs, as recount counted them."""
    for (site_id, period, currency), values in _lacking(connection, after, last, months).items():
        which = f"site_id {site_id}, period {period}, currency {currency}"
        for measure, value in zip(made.MEASURES, values, strict=True):
            if value:
                much = f"{abs(value)} too {'little' if value > 0 else 'much'}"
                yield f"site_totals: {measure} of {which} is {much}; `python manage.py rebuild` makes it anew"


def _lacking(
    connection: Connection, after: int | None, last: int | None, months: Mapping[Any, Sequence[int]]
) -> dict[Any, Sequence[int]]:
    """What is to be added to each total of the sites after one and up to another so that it equals `months`."""
    off = dict(_spread(months))
    at, bounds = "1 = 1", {name: site_id for name, site_id in (("after", after), ("last", last)) if site_id is not None}
    for name, compared in (("after", ">"), ("last", "<=")):
        at += f" AND site_id {compared} :{name}" if name in bounds else ""
    there = f"{_THERE} site_totals WHERE {at} UNION ALL {made.spread('c')}"
    for row in connection.execute(text(f"WITH c AS ({made.came('month_totals', at)}) {there}"), bounds):
        key, values = row[:_KEYS], row[_KEYS:]
        known = off.pop(key, _NOTHING)
        if tuple(known) != values:
            off[key] = list(map(sub, known, values))
    return off


def _spread(months: Mapping[Any, Sequence[int]]) -> Iterator[tuple[Any, Sequence[int]]]:
    """Months as totals of their months, quarters and years."""
    longer: dict[Any, Sequence[int]] = {}
    for (site_id, month, currency), values in months.items():
        yield (site_id, month, currency), values
        for period in _longer(month):
            key = (site_id, period, currency)
            longer[key] = list(map(add, longer.get(key, _NOTHING), values))
    yield from longer.items()


@cache
def _longer(month: str) -> tuple[str, str]:
    year, number = month[:4], month[5:7]
    return f"{year}-Q{(int(number) + 2) // 3 if number.isdecimal() else 0}", year


def _put_together(connection: Connection, which: str, more: str = "") -> None:
    """On SQLite: the totals that `which` chooses, with `more`, as one row each."""
    newest = connection.scalar(select(func.coalesce(func.max(site_totals.c.id), 0)))
    old = f"id <= {newest} AND {which}"
    connection.execute(text(f"{_INTO} {made.added_up(f'{more}{_THERE} site_totals WHERE {old}')}"))
    connection.execute(text(f"DELETE FROM site_totals WHERE {old}"))  # noqa: S608
