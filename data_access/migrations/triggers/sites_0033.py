"""The totals of sites with all months together beside each month, quarter and year (sites_0022); frozen with revision 0033."""

from sqlalchemy import Connection

from data_access.migrations.triggers import sites_0022
from data_access.migrations.triggers.sites_0022 import COLUMNS, KEYS, MEASURES, added_up, came

EVER = "ever"  # sorts after every year
PERIODS = (*sites_0022.PERIODS, f"'{EVER}'")
_OF_YEARS = (
    f"SELECT site_id, '{EVER}' AS period, currency, {', '.join(MEASURES)} FROM site_totals WHERE length(period) = 4"
)


def spread(source: str) -> str:
    """The totals that rows of months belong to."""
    return sites_0022.spread(source, PERIODS)


def fill(connection: Connection) -> None:
    """Make, or mend, all of it, some sites at a time."""
    sites_0022.fill(connection, PERIODS)


def of_years() -> str:
    """The statement that makes those of all months from those of years."""
    return f"INSERT INTO site_totals ({COLUMNS}) {added_up(_OF_YEARS)}"


__all__ = ["COLUMNS", "EVER", "KEYS", "MEASURES", "PERIODS", "added_up", "came", "fill", "of_years", "spread"]
