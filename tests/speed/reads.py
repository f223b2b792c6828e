"""The page's reads beside the SQL that one would write instead: over all rows, and with the ledger's own indexes."""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import Connection, text

from data_access.database import Database
from data_access.past_risks import keep
from data_access.queries import aging_groups, at_risk, balances, open_bills, payment_totals, spend
from data_access.scope import Scope
from domain.filters import Filters
from domain.periods import add_months, month_start
from tests.speed.raw_sql import statements

ALL = Scope.all_sites()
PAST_MONTHS = 7


@dataclass(frozen=True, slots=True)
class Read:
    """Milliseconds, the quickest of some, since others are busy too: as of today, of a day in the past, and raw."""

    name: str
    ours: float
    past: float
    indexed: float
    naive: float


def first_look(database: Database, as_of: date) -> float:
    """Seconds in which the risk of the day in the past is judged, as the app does beside its first page of that day."""
    began = time.perf_counter()
    keep(database, add_months(as_of, -PAST_MONTHS))
    return time.perf_counter() - began


def reads(database: Database, as_of: date, repeats: int) -> list[Read]:
    """Each read, warm, unfiltered, by who sees every site; of the day in the past after its first look."""
    since = add_months(month_start(as_of), -23)
    past = add_months(as_of, -PAST_MONTHS)
    raw = {naive: statements(database.dialect, as_of, since, naive) for naive in (False, True)}
    found = []
    for name, work in READS.items():
        now, then = (_quickest(database, lambda c, w=work, d=day: w(c, _filters(d)), repeats) for day in (as_of, past))
        indexed, naive = (
            _quickest(database, lambda c, t=raw[kind][name], k=kind: _run(c, t, k), repeats) for kind in (False, True)
        )
        found.append(Read(name, now, then, indexed, naive))
    return found


def _filters(as_of: date) -> Filters:
    return Filters(as_of=as_of)


def _months(filters: Filters) -> Filters:
    first = month_start(filters.as_of)
    return replace(filters, since=add_months(first, -23), until=add_months(first, 1))


READS: dict[str, Callable[[Connection, Filters], Any]] = {
    "total outstanding": lambda c, f: balances.ledger_totals(c, ALL, f.as_of),
    "aging buckets": lambda c, f: balances.aging(c, ALL, f, "currency"),
    "top 20 sites": lambda c, f: aging_groups.aging_page(c, ALL, f, by="site", sort="-outstanding", limit=20),
    "billed and paid, 24 months": lambda c, f: (
        spend.billed_by_month(c, ALL, _months(f)),
        payment_totals.payment_totals(c, ALL, _months(f), "month"),
    ),
    "payments by method, 24 months": lambda c, f: payment_totals.payment_totals(c, ALL, _months(f), "method"),
    "a page of overdue bills": lambda c, f: open_bills.open_bills(c, ALL, f, overdue_only=True, limit=50),
    "accounts at risk": lambda c, f: at_risk.at_risk(c, ALL, f),
}


def _run(connection: Connection, texts: tuple[str, ...], naive: bool) -> None:
    if naive and connection.dialect.name == "postgresql":
        for way in ("indexscan", "bitmapscan", "indexonlyscan"):
            connection.execute(text(f"SET LOCAL enable_{way} = off"))
    for each in texts:
        connection.execute(text(each)).fetchall()


def _quickest(database: Database, work: Callable[[Connection], Any], repeats: int) -> float:
    times = []
    for _ in range(repeats + 1):
        with database.reading(ALL) as connection:
            began = time.perf_counter()
            work(connection)
            times.append((time.perf_counter() - began) * 1000)
    return min(times[1:])
