"""What was used: calls, data and messages as the vendor or an exchange counted them, one row each."""

from sqlalchemy import BigInteger, CheckConstraint, Column, ForeignKey, Index, String, Table

from data_access.schema.ledger import account_columns, account_keys, import_columns
from data_access.schema.types import Instant, metadata

usage = Table(
    "usage",
    metadata,
    *account_columns(),
    Column(
        "service_id", BigInteger, ForeignKey("services.id")
    ),  # the line that it was used on, where the file named one
    Column("started_at", Instant, nullable=False),
    Column("kind", String, CheckConstraint("kind IN ('voice', 'data', 'sms', 'other')", name="kind"), nullable=False),
    Column("from_number", String, nullable=False, server_default=""),
    Column("to_number", String, nullable=False, server_default=""),
    Column("quantity", BigInteger, CheckConstraint("quantity >= 0", name="quantity"), nullable=False),
    Column("unit", String, nullable=False),  # seconds, bytes, messages
    Column("billed_s", BigInteger, CheckConstraint("billed_s >= 0", name="billed_s")),
    Column("disposition", String, nullable=False, server_default=""),
    Column("cost", BigInteger),  # minor units of the account's currency; null: not told
    *import_columns(),
    *account_keys(),
    Index(None, "account_id", "started_at"),
    Index(None, "site_id", "started_at"),
    sqlite_strict=True,
)

__all__ = ["usage"]
