"""Who may see what, what came in from which file, and the trail of every change."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    String,
    Table,
    UniqueConstraint,
    false,
    text,
)

from data_access.schema.types import Instant, identity, metadata

users = Table(
    "users",
    metadata,
    identity(),
    Column("issuer", String),
    Column("subject", String),
    Column("email", String, nullable=False, unique=True),  # lower case
    Column("name", String, nullable=False, server_default=""),
    Column("role", String, CheckConstraint("role IN ('viewer', 'finance', 'admin')", name="role"), nullable=False),
    Column("disabled", Boolean, nullable=False, server_default=false()),
    UniqueConstraint("issuer", "subject"),
    sqlite_strict=True,
)

grants = Table(
    "grants",
    metadata,
    identity(),
    Column("user_id", BigInteger, ForeignKey("users.id"), nullable=False),
    Column("site_id", BigInteger, ForeignKey("sites.id")),
    Column("region", String),
    CheckConstraint("(site_id IS NULL) <> (region IS NULL)", name="one_of"),
    UniqueConstraint("user_id", "site_id"),
    UniqueConstraint("user_id", "region"),
    sqlite_strict=True,
)

# A link to somebody's calendar: whoever has it reads what the user may see. Only its hash is kept.
calendar_tokens = Table(
    "calendar_tokens",
    metadata,
    identity(),
    Column("user_id", BigInteger, ForeignKey("users.id")),  # null: the local operator
    Column("sha256", String, CheckConstraint("length(sha256) = 64", name="sha256"), nullable=False, unique=True),
    Column("created_at", Instant, nullable=False),
    Column("last_used_at", Instant),  # to the day: told once a day
    Column("revoked_at", Instant),
    Index(
        "uq_calendar_tokens_live",
        "user_id",
        unique=True,
        sqlite_where=text("revoked_at IS NULL"),
        postgresql_where=text("revoked_at IS NULL"),
    ),
    sqlite_strict=True,
)

import_batches = Table(
    "import_batches",
    metadata,
    identity(),
    Column("kind", String, nullable=False),
    Column("source", String, nullable=False),
    Column("file_name", String, nullable=False),
    Column("sha256", String, nullable=False),
    Column("rows_read", BigInteger, nullable=False),
    Column("added", BigInteger, nullable=False),
    Column("duplicate", BigInteger, nullable=False),
    Column("rejected", BigInteger, nullable=False),
    Column("options", String, nullable=False, server_default="{}"),  # JSON
    Column("actor", String, nullable=False),
    Column("imported_at", Instant, nullable=False),
    CheckConstraint("rows_read = added + duplicate + rejected", name="counts"),
    Index(None, "imported_at"),
    sqlite_strict=True,
)

import_rejects = Table(
    "import_rejects",
    metadata,
    identity(),
    Column("batch_id", BigInteger, ForeignKey("import_batches.id"), nullable=False),
    Column("line", BigInteger, nullable=False),
    Column("column_name", String, nullable=False, server_default=""),
    Column("value", String, nullable=False, server_default=""),
    Column("reason", String, nullable=False),
    Column("row_text", String, nullable=False, server_default="{}"),  # JSON: the row as read
    Column("actor", String, nullable=False, server_default=""),  # who imported, as on the batch
    Index(None, "batch_id", "line"),
    sqlite_strict=True,
)

import_mappings = Table(
    "import_mappings",
    metadata,
    identity(),
    Column("kind", String, nullable=False),
    Column("name", String, CheckConstraint("name <> ''", name="name"), nullable=False),
    Column("options", String, nullable=False),  # JSON: columns, constants, date order, decimal mark, sheet, signs
    Column("titles", String, nullable=False),  # JSON: the column names of the file that it was saved with, folded
    Column("saved_by", String, nullable=False),
    Column("saved_at", Instant, nullable=False),
    UniqueConstraint("kind", "name"),
    sqlite_strict=True,
)

audit_log = Table(
    "audit_log",
    metadata,
    Column("seq", BigInteger, CheckConstraint("seq >= 1", name="seq"), primary_key=True, autoincrement=False),
    Column("at", Instant, nullable=False),
    Column("actor", String, nullable=False),
    Column("action", String, nullable=False),
    Column("entity", String, nullable=False),  # table name
    Column("entity_id", BigInteger),
    Column("site_id", BigInteger),  # null: concerns no one site; no foreign key, so that the trail outlives everything
    Column("before", String),  # JSON
    Column("after", String),  # JSON
    Column("prev_hash", String, nullable=False),
    Column("hash", String, nullable=False, unique=True),
    Index(None, "entity", "entity_id"),
    Index(None, "site_id", "seq"),
    sqlite_strict=True,
)
