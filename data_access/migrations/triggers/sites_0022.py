"""What the totals of sites are made of, as SQL of both databases, frozen with revision 0022.

No trigger writes them: the moves that triggers write to month_totals name the site at which they count, and belong to these
totals too until `fold` adds them up. Each is there three times: in its month, its quarter and its year.
"""

import json
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, text

from data_access.migrations.triggers import months_0020 as months

MEASURES = months.MEASURES
KEYS = ("site_id", "period", "currency")
COLUMNS = ", ".join((*KEYS, *MEASURES))

_MOVES = ("site_id", "month", "currency")
_NAMES = ", ".join(MEASURES)
_QUARTER = "substr(month, 1, 4) || '-Q' || ((CAST(substr(month, 6, 2) AS integer) + 2) / 3)"
PERIODS = ("month", _QUARTER, "substr(month, 1, 4)")
_AT_ONCE = 500  # accounts, of whole sites: their rows fit a small cache
_SITES = "SELECT s.id, a.id FROM sites s LEFT JOIN accounts a ON a.site_id = s.id ORDER BY s.id, a.id"
_OF_SOME = {
    "sqlite": "{0} AS (SELECT * FROM main.{0} WHERE account_id IN (SELECT value FROM json_each(:accounts)))",
    "postgresql": "{0} AS NOT MATERIALIZED (SELECT * FROM {0} WHERE account_id = ANY(CAST(:accounts AS bigint[])))",
}
_AT_THESE = {
    "sqlite": "site_id IN (SELECT value FROM json_each(:sites))",
    "postgresql": "site_id = ANY(CAST(:sites AS bigint[]))",
}


def _added_up(keys: tuple[str, ...], rows: str) -> str:
    sums = ", ".join(f"CAST(sum({name}) AS bigint) AS {name}" for name in MEASURES)
    some = " OR ".join(f"sum({name}) <> 0" for name in MEASURES)
    return f"SELECT {', '.join(keys)}, {sums} FROM ({rows}) r GROUP BY {', '.join(keys)} HAVING {some}"


def added_up(rows: str) -> str:
    """One row for each total that is not nothing."""
    return _added_up(KEYS, rows)


def came(source: str, where: str = "1 = 1") -> str:
    """The moves among the rows of month_totals that `source` holds, added up: site_id, month, currency and measures."""
    moved = f"SELECT {', '.join(_MOVES)}, {_NAMES} FROM {source} WHERE account_id IS NOT NULL AND {where}"
    return _added_up(_MOVES, moved)


def spread(source: str, periods: Sequence[str] = PERIODS) -> str:
    """The totals that rows of months belong to."""
    return " UNION ALL ".join(
        f"SELECT site_id, {period} AS period, currency, {_NAMES} FROM {source}" for period in periods
    )


def _every_month(dialect: str) -> str:
    """All of it from the ledger's rows, by month: several of each, to be added up."""
    moves = [
        *months.bills(dialect, "invoices", "1 = 1"),
        *months.money(dialect, "payments", "1 = 1"),
        *months.uses(dialect, "allocations", "1 = 1"),
        *months.closings(dialect, "1 = 1"),
        *months.in_time(dialect, "1 = 1"),
    ]
    measures = ", ".join(f"m.{name}" for name in MEASURES)
    return (
        f"SELECT m.site_id, m.month, a.currency, {measures} FROM ({' UNION ALL '.join(moves)}) m "
        "JOIN accounts a ON a.id = m.account_id"
    )


def _missing(dialect: str, periods: Sequence[str]) -> tuple[str, str]:
    """The WITH and the SELECT of what is to be added to each total of :sites, whose accounts are :accounts."""
    minus = ", ".join(f"-{name} AS {name}" for name in MEASURES)
    at_these = _AT_THESE[dialect]
    some = [_OF_SOME[dialect].format(table) for table in ("invoices", "payments", "allocations")]
    moved = f"SELECT {', '.join(_MOVES)}, {minus} FROM ({came('month_totals', at_these)}) c"
    net = f"net AS MATERIALIZED ({_added_up(_MOVES, f'{_every_month(dialect)} UNION ALL {moved}')})"
    there = f"SELECT {', '.join(KEYS)}, {minus} FROM site_totals WHERE {at_these}"
    return f"WITH {', '.join(some)}, {net}", added_up(f"{spread('net', periods)} UNION ALL {there}")


def _some_sites(connection: Connection) -> Iterator[dict[str, Any]]:
    """All sites, some at a time, with their accounts, as parameters."""
    dialect = connection.dialect.name
    site_ids: list[int] = []
    account_ids: list[int] = []

    def parameters() -> dict[str, Any]:
        both = {"sites": site_ids, "accounts": account_ids}
        return {name: json.dumps(ids) if dialect == "sqlite" else list(ids) for name, ids in both.items()}

    for site_id, account_id in connection.execute(text(_SITES)).all():
        if len(account_ids) >= _AT_ONCE and site_id != site_ids[-1]:
            yield parameters()
            site_ids, account_ids = [], []
        if not site_ids or site_id != site_ids[-1]:
            site_ids.append(site_id)
        if account_id is not None:
            account_ids.append(account_id)
    if site_ids:
        yield parameters()


def fill(connection: Connection, periods: Sequence[str] = PERIODS) -> None:
    """Make, or mend, all of it, some sites at a time: each statement sees the rows and the totals of its sites together."""
    given, rows = _missing(connection.dialect.name, periods)
    into = f"INSERT INTO site_totals ({COLUMNS})"
    both = f"{given} {into} {rows}" if connection.dialect.name == "postgresql" else f"{into} {given} {rows}"
    for some in _some_sites(connection):
        connection.execute(text(both), some)
