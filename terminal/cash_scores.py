"""cash-forecast --backtest: what would have been said at each month's end, against what then left.

The plays are written to databases of their own and asked as of each day by the query that every page asks.
"""

import tempfile
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from data_access.database import Database
from data_access.migrate import upgrade
from data_access.queries.cash_forecast import cash_forecasts, cash_out
from data_access.scope import Scope
from domain.cash_forecast import WEEKS
from domain.cash_scores import LEAST_INSIDE, MOST_INSIDE, YEAR, CashScore, missed, score
from domain.expected_bills import LOOK_BACK_MONTHS
from domain.filters import Filters
from domain.periods import add_months, month_start, shifted
from seed.attribution import tables_of
from seed.cash_play import cash_play
from seed.writing import write
from terminal.shapes import table

MONTHS = 18
_AHEAD = 4  # months that 13 weeks may reach into


def backtest(random_seeds: Iterable[int], today: date, months: int = MONTHS) -> dict[int, dict[str, CashScore]]:
    """By random seed and currency; half a minute each."""
    return {random_seed: _played(random_seed, today, months) for random_seed in random_seeds}


def _played(random_seed: int, today: date, months: int) -> dict[str, CashScore]:
    books = cash_play(random_seed, today, LOOK_BACK_MONTHS + months + _AHEAD)
    with tempfile.TemporaryDirectory(prefix="duewatch-backtest-") as folder:
        database = Database(f"sqlite:///{Path(folder) / 'play.db'}")
        try:
            upgrade(database)
            write(database, tables_of(books, size="cash", random_seed=random_seed, today=today), "seed")
            return scores(database, today, months)
        finally:
            database.close()


def scores(database: Database, today: date, months: int) -> dict[str, CashScore]:
    """By currency: what is said at the end of each of the last `months` that are 13 weeks past, against what left."""
    everything = Scope.all_sites()
    last = month_start(shifted(today, -7 * WEEKS))
    found: dict[str, CashScore] = {}
    for back in range(months - 1, -1, -1):
        day = add_months(last, -back) - timedelta(days=1)
        then, now = Filters(as_of=day), Filters(as_of=today)
        with database.reading(everything) as connection:
            said = cash_forecasts(connection, everything, then)
            known = cash_out(connection, everything, then, add_months(day, -YEAR - 1), day)
            came = cash_out(connection, everything, now, day, shifted(day, 7 * WEEKS))
        for one in said:
            days = known.get(one.currency, {}), came.get(one.currency, {})
            found[one.currency] = found.get(one.currency, CashScore()) + score(one.forecast.total, day, *days)
    return found


def scores_json(by_seed: Mapping[int, Mapping[str, CashScore]], until: date, months: int) -> dict[str, Any]:
    """All figures, the bars, and which of them are missed."""
    currencies = sorted({currency for found in by_seed.values() for currency in found})
    every = {c: sum((s[c] for s in by_seed.values() if c in s), CashScore()) for c in currencies}
    weeks, inside = (sum(getattr(one, name) for one in every.values()) for name in ("weeks", "inside"))
    return {
        "as_of": until.isoformat(),
        "months": months,
        "bars": {"range_holds": [LEAST_INSIDE, MOST_INSIDE], "error": "below the better of the two rules"},
        "plays": [
            {"random_seed": seed, "currency": currency, **_figures(one)}
            for seed, found in by_seed.items()
            for currency, one in sorted(found.items())
        ],
        "currencies": [{"currency": currency, **_figures(one)} for currency, one in every.items()],
        "range_holds": round(inside / weeks, 4) if weeks else None,
        "missed": missed(every),
    }


def _figures(one: CashScore) -> dict[str, Any]:
    def share(part: int) -> float | None:
        return round(part / one.paid, 4) if one.paid else None

    return {
        "weeks": one.weeks,
        "error": share(one.error),
        "same_as_last_month": share(one.last_month),
        "same_month_last_year": share(one.last_year),
        "said_of_paid": share(one.said),
        "range_holds": round(one.inside / one.weeks, 4) if one.weeks else None,
    }


def scores_text(result: Mapping[str, Any]) -> str:
    """The same to read."""
    names = ("error", "same_as_last_month", "same_month_last_year", "said_of_paid", "range_holds")
    rows = [
        *((row["random_seed"], row) for row in result["plays"]),
        *(("all", row) for row in result["currencies"]),
    ]
    columns = ["play", "cur", "weeks", "error", "as last month", "as last year", "said of paid", "range holds"]
    text = table(
        columns,
        ([name, row["currency"], row["weeks"], *(_percent(row[n]) for n in names)] for name, row in rows),
        right=range(2, len(columns)),
    )
    by_currency = ", ".join(f"{row['currency']} {_percent(row['range_holds'])}" for row in result["currencies"])
    verdict = f"missed: {', '.join(result['missed'])}" if result["missed"] else "both are met"
    return (
        f"{text}\n\n"
        f"what leaves in each of the {WEEKS} weeks after {result['months']} month ends up to {result['as_of']}, from what was known "
        "then; error: the sum of what each week was off, of what was paid\n"
        f"range holds in {_percent(result['range_holds'])} of all weeks"
        f" ({by_currency})\n"
        f"wanted: an error below the better of the two rules in each currency, and {LEAST_INSIDE:.0%} to {MOST_INSIDE:.0%} of weeks "
        f"in their 80% range; {verdict}"
    )


def _percent(share: float | None) -> str:
    return "-" if share is None else f"{share:.1%}"
