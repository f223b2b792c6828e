"""Calls by day of UTC, as SQL of both databases; frozen with revision 0040.

SQLite knows no time zones, so a day is not the site's: a month takes its inner days from here, which are its own in every zone.
"""

MEASURES = ("calls", "paid")
INTO = "INSERT INTO call_days"
PAID = "CASE WHEN outcome = 'paid' THEN 1 ELSE 0 END"
DAY = {"sqlite": "substr(started_at, 1, 10)", "postgresql": "CAST(started_at AT TIME ZONE 'UTC' AS date)"}


def by_day(dialect: str, source: str, *keys: str) -> str:
    """A SELECT of `keys`, day, calls and paid of the calls in `source`."""
    by = ", ".join((*keys, DAY[dialect]))
    named = ", ".join((*keys, f"{DAY[dialect]} AS day"))
    return f"SELECT {named}, count(*) AS calls, sum({PAID}) AS paid FROM {source} GROUP BY {by}"


def every_day(dialect: str) -> str:
    """What the sums of all calls are."""
    return by_day(dialect, "calls")
