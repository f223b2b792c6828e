"""risk --backtest: what the suspension window said at the start of each month, against what simulated vendors then did.

The play is written to a database of its own, and asked as of each month by the same query that every page asks.
"""

import tempfile
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from data_access.database import Database
from data_access.migrate import upgrade
from data_access.queries.risk import AccountRisk, account_risks
from data_access.scope import Scope
from domain.filters import Filters
from domain.periods import add_months
from domain.risk import Stage
from domain.suspension_scores import (
    FALSE_BAR,
    LIKELY_BAR,
    WINDOW_BAR,
    Course,
    Said,
    Score,
    overall,
    scores,
    settlements,
)
from seed.attribution import Tables, tables_of
from seed.noisy_vendor import NOISE
from seed.records import Account, Bill
from seed.unpaid import MONTHS, Play, unpaid
from seed.writing import write
from terminal.shapes import table


def backtest(random_seed: int, today: date, **size: int) -> dict[str, Score]:
    """The scores by policy; a few seconds."""
    play = unpaid(random_seed, today, **size)
    tables = tables_of(play.books, size="unpaid", random_seed=random_seed, today=today)
    days = [add_months(today.replace(day=1), -n) for n in range(MONTHS - 1, 0, -1)]
    with tempfile.TemporaryDirectory(prefix="duewatch-backtest-") as folder:
        database = Database(f"sqlite:///{Path(folder) / 'play.db'}")
        try:
            upgrade(database)
            write(database, tables, "seed")
            said = [one for day in days for one in told(database, day)]
        finally:
            database.close()
    return scores(said, courses(play, tables), today)


def told(database: Database, day: date) -> Iterator[Said]:
    """What is said of each account on a day."""
    everything = Scope.all_sites()
    with database.reading(everything) as connection:
        found = account_risks(connection, everything, Filters(as_of=day))
    for entry in found:
        off = any(notice.happened for notice in entry.risk.notices)
        owed = tuple(bill.id for bill in entry.facts.bills if bill.owed)
        firm = entry.risk.firm
        yield Said(_policy(entry), entry.account_id, day, firm.window, firm.stage >= Stage.NEAR and not off, owed)


def _policy(entry: AccountRisk) -> str:
    """An exception by its service type, and a vendor of two currencies by each."""
    exception = entry.policy.service_type if entry.policy else ""
    return " ".join(filter(None, (entry.vendor, exception, entry.currency)))


def courses(play: Play, tables: Tables) -> Mapping[int, Course]:
    """What came of each account, by the ids that it and its bills have in the database."""
    bill_ids = {row["number"]: row["id"] for row in tables.rows["invoices"]}
    account_ids = {row["account_number"]: row["id"] for row in tables.rows["accounts"]}
    applied: dict[Bill, list[tuple[date, int]]] = {}
    for part in play.books.allocations:
        if isinstance(part.target, Bill):
            signed = part.amount if part.reverses is None else -part.amount
            applied.setdefault(part.target, []).append((part.applied_on, signed))
    settled: dict[Account, dict[int, tuple[tuple[date, date], ...]]] = {}
    for bill, parts in applied.items():
        settled.setdefault(bill.account, {})[bill_ids[bill.number]] = settlements(bill.amount, parts)
    return {
        account_ids[account.number]: Course(tuple(stopped), settled.get(account, {}))
        for account, stopped in play.suspended.items()
    }


def scores_json(by_policy: Mapping[str, Score], random_seed: int, until: date) -> dict[str, Any]:
    """All figures, the bars, and which of them are missed; the whole decides, the policies are told."""
    every = overall(by_policy)
    return {
        "random_seed": random_seed,
        "as_of": until.isoformat(),
        "noise": NOISE,
        "bars": {"within_3_days": LIKELY_BAR, "inside_window": WINDOW_BAR, "critical_never_suspended": FALSE_BAR},
        "overall": _figures(every),
        "policies": [{"policy": name, **_figures(score)} for name, score in sorted(by_policy.items())],
        "missed": every.missed(),
    }


def _figures(score: Score) -> dict[str, Any]:
    return {
        "suspensions": score.suspensions,
        "told": score.told,
        "within_3_days": _share(score.close, score.told),
        "inside_window": _share(score.inside, score.told),
        "critical": score.marked,
        "critical_never_suspended": _share(score.never, score.marked),
        "told_any_month_ahead": {
            "forecasts": score.ahead,
            "within_3_days": _share(score.ahead_close, score.ahead),
            "inside_window": _share(score.ahead_inside, score.ahead),
        },
    }


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None


def scores_text(result: Mapping[str, Any]) -> str:
    """The same to read."""
    every: dict[str, Any] = result["overall"]
    rows: list[dict[str, Any]] = [*result["policies"], {"policy": "all", **every}]
    columns = ["policy", "suspended", "told", "within 3 days", "in window", "critical", "never suspended"]
    text = table(
        columns,
        (
            [
                *(row[name] for name in ("policy", "suspensions", "told")),
                *(_percent(row[name]) for name in ("within_3_days", "inside_window")),
                row["critical"],
                _percent(row["critical_never_suspended"]),
            ]
            for row in rows
        ),
        right=tuple(range(1, len(columns))),
    )
    ahead = every["told_any_month_ahead"]
    return (
        f"{text}\n\n"
        f"suspensions up to {result['as_of']}, as told at the start of their month from what was known then; told: a bill was "
        "there to say it of, and nothing was paid in between\n"
        f"all {ahead['forecasts']:,} forecasts, also of months before: {_percent(ahead['within_3_days'])} within 3 days, "
        f"{_percent(ahead['inside_window'])} in the window\n"
        f"the noise: {result['noise']}\n"
        f"wanted: {LIKELY_BAR:.0%} within 3 days, {WINDOW_BAR:.0%} in the window, under {FALSE_BAR:.0%} never suspended; "
        + (f"missed: {', '.join(result['missed'])}" if result["missed"] else "all three are met")
    )


def _percent(share: float | None) -> str:
    return "-" if share is None else f"{share:.1%}"
