"""What follows from the ledger and is kept because reading it anew would cost the whole history; decisions 0027, 0030, 0033, 0035 and 0039.

Rows are added up when read. One that names an account is a change that triggers wrote with the ledger's own row; the
others are sums of many. `manage.py rebuild` makes all of it anew, `verify` holds it against the ledger.
"""

from sqlalchemy import BigInteger, Column, Date, ForeignKey, ForeignKeyConstraint, Index, String, Table, text

from data_access.schema.types import identity, metadata

_UNFOLDED = text("account_id IS NOT NULL")
_FOLDED = text("account_id IS NULL")


def _measure(name: str) -> Column[int]:
    return Column(name, BigInteger, nullable=False, server_default="0")


def _keys(*names: str) -> list[Column[str]]:
    return [Column(name, String, nullable=False) for name in names]


_OF_MONTHS = (
    *("billed", "credited", "paid", "refunded", "returned", "bounced", "payments", "late", "late_bills"),
    *("fell_due", "in_time"),  # bills by the month of their due day
)

month_totals = Table(
    "month_totals",
    metadata,
    identity(),
    Column("account_id", BigInteger),
    Column("site_id", BigInteger),
    *_keys("month", "region"),  # month: YYYY-MM
    Column("vendor_id", BigInteger, nullable=False),
    *_keys("service_type", "currency"),
    *map(_measure, _OF_MONTHS),
    Index(None, "month"),
    Index("ix_month_totals_unfolded", "month", sqlite_where=_UNFOLDED, postgresql_where=_UNFOLDED),
    Index(
        "ix_month_totals_folded",
        *("month", "currency", *_OF_MONTHS, "account_id"),  # which SQLite would look up for the condition
        sqlite_where=_FOLDED,
        postgresql_where=_FOLDED,
    ),
    sqlite_strict=True,
)

month_payments = Table(
    "month_payments",
    metadata,
    identity(),
    Column("account_id", BigInteger),
    Column("site_id", BigInteger),
    *_keys("month", "region", "currency", "method", "channel"),
    *map(_measure, ("paid", "refunded", "returned", "payments")),
    Index(None, "month"),
    Index("ix_month_payments_unfolded", "month", sqlite_where=_UNFOLDED, postgresql_where=_UNFOLDED),
    sqlite_strict=True,
)

_BY_REGION, _BY_VENDOR = text("vendor_id IS NULL AND day IS NULL"), text("region IS NULL AND day IS NULL")
_BY_DAY = text("account_id IS NULL AND day IS NOT NULL")

# What a month changed of what is open, by the day on which it is due; without a month, what is open now. Each of it twice:
# by region, and by vendor and service type. With a day, what that day changed. owed: of bills, credit notes and payments, which have no due day here.
open_totals = Table(
    "open_totals",
    metadata,
    identity(),
    Column("account_id", BigInteger),
    Column("site_id", BigInteger),
    Column("month", String),
    Column("day", Date),
    Column("due_on", Date),
    Column("region", String),
    Column("vendor_id", BigInteger),
    Column("service_type", String),
    Column("currency", String, nullable=False),
    *map(_measure, ("open_amount", "bills", "flagged", "owed")),
    Index("ix_open_totals_region", "month", sqlite_where=_BY_REGION, postgresql_where=_BY_REGION),
    Index("ix_open_totals_vendor", "month", sqlite_where=_BY_VENDOR, postgresql_where=_BY_VENDOR),
    Index("ix_open_totals_day", "day", sqlite_where=_BY_DAY, postgresql_where=_BY_DAY),
    Index("ix_open_totals_unfolded", "month", sqlite_where=_UNFOLDED, postgresql_where=_UNFOLDED),
    sqlite_strict=True,
)

# What is open now of each account, by the day on which it is due; owed has no due day. Moves of open_totals that are not added up
# yet belong to it too.
account_totals = Table(
    "account_totals",
    metadata,
    identity(),
    Column("account_id", BigInteger, nullable=False),
    Column("site_id", BigInteger, nullable=False),
    Column("currency", String, nullable=False),
    Column("due_on", Date),
    *map(_measure, ("open_amount", "bills", "flagged", "owed")),
    ForeignKeyConstraint(
        ["account_id", "site_id"], ["accounts.id", "accounts.site_id"], deferrable=True, onupdate="CASCADE"
    ),
    Index(None, "account_id"),
    Index(
        "ix_account_totals_covering",
        *("currency", "site_id", "account_id", "due_on", "open_amount", "owed", "bills", "flagged"),
    ),
    Index("ix_account_totals_due", "due_on", "currency", "site_id", "open_amount"),
    sqlite_strict=True,
)

# The totals of months by site, each in its month, its quarter, its year and in all time. Moves of month_totals that are not added
# up yet belong to it too.
site_totals = Table(
    "site_totals",
    metadata,
    identity(),
    Column("site_id", BigInteger, ForeignKey("sites.id"), nullable=False),
    *_keys("period", "currency"),  # period: YYYY-MM, YYYY-Qn, YYYY or ever
    *map(_measure, _OF_MONTHS),
    Index(None, "site_id", "period"),
    Index("ix_site_totals_covering", "period", "site_id", "currency", *_OF_MONTHS),
    sqlite_strict=True,
)

# Calls by day of UTC, and those that ended with a payment; corrected ones are among them.
call_days = Table(
    "call_days",
    metadata,
    identity(),
    Column("account_id", BigInteger),
    Column("site_id", BigInteger),
    Column("day", Date, nullable=False),
    *map(_measure, ("calls", "paid")),
    Index("ix_call_days_covering", "day", "calls", "paid"),
    Index("ix_call_days_unfolded", "day", sqlite_where=_UNFOLDED, postgresql_where=_UNFOLDED),
    sqlite_strict=True,
)

__all__ = ["account_totals", "call_days", "month_payments", "month_totals", "open_totals", "site_totals"]
