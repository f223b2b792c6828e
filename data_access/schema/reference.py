"""Small tables that the ledger points at: sites, vendors, accounts, services, rates."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Date,
    Float,
    ForeignKey,
    Index,
    String,
    Table,
    UniqueConstraint,
    literal_column,
)

from data_access.schema.types import identity, metadata

sites = Table(
    "sites",
    metadata,
    identity(),
    Column("code", String, nullable=False, unique=True),
    Column("name", String, nullable=False),
    Column("region", String, nullable=False, server_default=""),
    Column("country", String, nullable=False, server_default=""),  # ISO 3166-1 alpha-2
    Column("city", String, nullable=False, server_default=""),
    Column("timezone", String, nullable=False, server_default="UTC"),  # IANA name
    Column("cost_center", String, nullable=False, server_default=""),
    Column("headcount", BigInteger, CheckConstraint("headcount >= 0", name="headcount")),
    Column("latitude", Float),
    Column("longitude", Float),
    Index(None, "name", "code"),  # the order in which they are offered
    sqlite_strict=True,
)

vendors = Table(
    "vendors",
    metadata,
    identity(),
    Column("name", String, nullable=False, unique=True),
    Column("website", String, nullable=False, server_default=""),
    Column("portal_url", String, nullable=False, server_default=""),
    sqlite_strict=True,
)

accounts = Table(
    "accounts",
    metadata,
    identity(),
    Column("vendor_id", BigInteger, ForeignKey("vendors.id"), nullable=False),
    Column("account_number", String, nullable=False),
    Column("site_id", BigInteger, ForeignKey("sites.id"), nullable=False),  # the home site
    Column("service_type", String, nullable=False, server_default=""),
    Column("currency", String(3), CheckConstraint("length(currency) = 3", name="currency"), nullable=False),
    Column(
        "terms_days", BigInteger, CheckConstraint("terms_days >= 0", name="terms"), nullable=False, server_default="30"
    ),
    Column("opened_on", Date),
    Column("closed_on", Date),
    Column("autopay_method", String, nullable=False, server_default=""),
    Column("autopay_expires_on", Date),
    UniqueConstraint("vendor_id", "account_number"),
    UniqueConstraint("id", "site_id"),
    Index(None, "site_id"),
    sqlite_strict=True,
)

# Each value once, one after the other. Of an expression: by a column alone SQLite would look for the accounts of a filter, and for
# their bills by account, where most of them share it.
EACH_SERVICE_TYPE, EACH_CURRENCY = (
    column.concat(literal_column("''")) for column in (accounts.c.service_type, accounts.c.currency)
)
Index("ix_accounts_each_service_type", EACH_SERVICE_TYPE)
Index("ix_accounts_each_currency", EACH_CURRENCY)

services = Table(
    "services",
    metadata,
    identity(),
    Column("account_id", BigInteger, ForeignKey("accounts.id"), nullable=False),
    Column(
        "site_id", BigInteger, ForeignKey("sites.id"), nullable=False
    ),  # where the line ends; may differ from the home site
    Column("identifier", String, nullable=False),  # circuit id, line number
    Column("service_type", String, nullable=False, server_default=""),
    Column("description", String, nullable=False, server_default=""),
    Column(
        "criticality",
        BigInteger,
        CheckConstraint("criticality BETWEEN 1 AND 5", name="criticality"),
        nullable=False,
        server_default="3",
    ),
    Column("monthly_charge", BigInteger, CheckConstraint("monthly_charge >= 0", name="monthly_charge")),  # minor units
    Column("started_on", Date),
    Column("ended_on", Date),
    Column("contract_ends_on", Date),
    Column("notice_days", BigInteger),
    UniqueConstraint("account_id", "identifier"),
    Index(None, "site_id"),
    sqlite_strict=True,
)

fx_rates = Table(
    "fx_rates",
    metadata,
    identity(),
    Column("currency", String(3), nullable=False),  # one unit of this
    Column("quote", String(3), nullable=False),  # is worth `rate` of this
    Column("on_date", Date, nullable=False),
    Column("rate_e9", BigInteger, CheckConstraint("rate_e9 > 0", name="rate"), nullable=False),  # rate x 10^9
    Column("rate_source", String, nullable=False, server_default=""),
    UniqueConstraint("currency", "quote", "on_date"),
    sqlite_strict=True,
)

__all__ = ["accounts", "fx_rates", "services", "sites", "vendors"]
