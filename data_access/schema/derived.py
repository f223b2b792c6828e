"""What follows from the ledger and is kept because reading it anew would cost the whole history; decision 0027.

Rows are added up when read. One that names an account is a change that triggers wrote with the ledger's own row; the
others are sums of many. `manage.py rebuild` makes all of it anew, `verify` holds it against the ledger.
"""

from sqlalchemy import BigInteger, Column, Index, String, Table, text

from data_access.schema.types import identity, metadata

_UNFOLDED = text("account_id IS NOT NULL")


def _measure(name: str) -> Column[int]:
    return Column(name, BigInteger, nullable=False, server_default="0")


def _keys(*names: str) -> list[Column[str]]:
    return [Column(name, String, nullable=False) for name in names]


month_totals = Table(
    "month_totals",
    metadata,
    identity(),
    Column("account_id", BigInteger),
    Column("site_id", BigInteger),
    *_keys("month", "region"),  # month: YYYY-MM
    Column("vendor_id", BigInteger, nullable=False),
    *_keys("service_type", "currency"),
    *map(_measure, ("billed", "credited", "paid", "refunded", "returned", "bounced", "payments", "late", "late_bills")),
    Index(None, "month"),
    Index("ix_month_totals_unfolded", "month", sqlite_where=_UNFOLDED, postgresql_where=_UNFOLDED),
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

__all__ = ["month_payments", "month_totals"]
