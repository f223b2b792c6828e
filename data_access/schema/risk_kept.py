"""What is kept of each account's risk, and which accounts are to be judged again; decisions 0037 and 0043."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    String,
    Table,
    UniqueConstraint,
    false,
)

from data_access.schema.types import identity, metadata

# One row for the days from `since` until before `until`, on which the account is judged alike; domain.risk_spans.RiskSpan says what
# each column means. Every account that was ever judged has some: known_since and known_until are the first and the last of its
# days. stops_on: the likely day, 9999-12-31 for none. mildness: what stops, the worst first. elsewhere: a line of it ends at another site.
account_risks = Table(
    "account_risks",
    metadata,
    identity(),
    Column("account_id", BigInteger, nullable=False),
    Column("site_id", BigInteger, nullable=False),
    Column("currency", String, nullable=False),
    Column("since", Date, nullable=False),
    Column("until", Date, nullable=False),
    Column("known_since", Date, nullable=False),
    Column("known_until", Date, nullable=False),
    Column("stage", BigInteger, nullable=False),
    Column("stops_on", Date, nullable=False),
    Column("earliest", Date),
    Column("latest", Date),
    Column("noticed_on", Date),
    Column("keeps_on", BigInteger, nullable=False),
    Column("services", BigInteger, nullable=False),
    Column("criticality", BigInteger, nullable=False),
    Column("headcount", BigInteger, nullable=False),
    Column("mildness", BigInteger, nullable=False),
    Column("elsewhere", Boolean, nullable=False),
    Column("bills", BigInteger, nullable=False),
    UniqueConstraint("account_id", "since"),
    ForeignKeyConstraint(
        ["account_id", "site_id"], ["accounts.id", "accounts.site_id"], deferrable=True, onupdate="CASCADE"
    ),
    Index("ix_account_risks_known_since", "known_since", "account_id"),
    Index("ix_account_risks_known_until", "known_until", "account_id"),
    Index(
        "ix_account_risks_order",
        *("stage", "stops_on", "currency", "account_id", "since", "until", "keeps_on", "bills", "mildness"),
    ),
    Index(
        "ix_account_risks_site",
        *("site_id", "stage", "stops_on", "since", "until", "currency", "keeps_on"),
        *("services", "criticality", "headcount", "elsewhere", "account_id"),
    ),
    sqlite_strict=True,
)

# An account whose risk may have changed by what no move of open_totals tells of; or a vendor whose terms did, or a site. Rows are
# only added, until `fold` has judged what they name.
risk_marks = Table(
    "risk_marks",
    metadata,
    identity(),
    Column("account_id", BigInteger),
    Column("site_id", BigInteger),
    Column("vendor_id", BigInteger),
    sqlite_strict=True,
)

# Days of the past that somebody asked for; `done`: every account was judged for it. A few of them.
past_days = Table(
    "past_days",
    metadata,
    identity(),
    Column("day", Date, nullable=False, unique=True),
    Column("done", Boolean, nullable=False, server_default=false()),
    sqlite_strict=True,
)

# One row an account and day of these; the columns are those of account_risks.
past_risks = Table(
    "past_risks",
    metadata,
    identity(),
    Column("day", Date, ForeignKey("past_days.day", ondelete="CASCADE"), nullable=False),
    Column("account_id", BigInteger, nullable=False),
    Column("site_id", BigInteger, nullable=False),
    Column("currency", String, nullable=False),
    Column("stage", BigInteger, nullable=False),
    Column("stops_on", Date, nullable=False),
    Column("earliest", Date),
    Column("latest", Date),
    Column("noticed_on", Date),
    Column("keeps_on", BigInteger, nullable=False),
    Column("services", BigInteger, nullable=False),
    Column("criticality", BigInteger, nullable=False),
    Column("headcount", BigInteger, nullable=False),
    Column("mildness", BigInteger, nullable=False),
    Column("elsewhere", Boolean, nullable=False),
    Column("bills", BigInteger, nullable=False),
    UniqueConstraint("account_id", "day"),
    ForeignKeyConstraint(
        ["account_id", "site_id"], ["accounts.id", "accounts.site_id"], deferrable=True, onupdate="CASCADE"
    ),
    Index(
        "ix_past_risks_order",
        *("day", "stage", "stops_on", "currency", "account_id", "keeps_on", "bills", "mildness"),
    ),
    Index(
        "ix_past_risks_site",
        *("day", "site_id", "stage", "stops_on", "currency", "keeps_on"),
        *("services", "criticality", "headcount", "elsewhere", "account_id"),
    ),
    sqlite_strict=True,
)

__all__ = ["account_risks", "past_days", "past_risks", "risk_marks"]
