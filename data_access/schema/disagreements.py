"""Where a vendor and we may disagree: what its statements say is open, and what came of each dispute.

A statement is of one account on one day. Its amounts are signed as the vendor reckons: what we still owe is positive,
a credit note or a payment that it has not used is negative. Rows are append-only.
"""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    String,
    Table,
    UniqueConstraint,
)

from data_access.schema.ledger import account_columns, account_keys, import_columns
from data_access.schema.types import Instant, metadata

vendor_statements = Table(
    "vendor_statements",
    metadata,
    *account_columns(),
    Column("stated_on", Date, nullable=False),
    Column("source", String, nullable=False),
    Column("batch_id", BigInteger, ForeignKey("import_batches.id")),
    *account_keys(),
    UniqueConstraint("account_id", "source", "stated_on"),
    Index(None, "stated_on", "id"),
    sqlite_strict=True,
)

vendor_statement_lines = Table(
    "vendor_statement_lines",
    metadata,
    *account_columns(),
    Column("statement_id", BigInteger, nullable=False),
    Column(
        "kind",
        String,
        CheckConstraint("kind IN ('invoice', 'credit_note', 'payment')", name="kind"),
        nullable=False,
    ),
    Column("number", String, CheckConstraint("number <> ''", name="number"), nullable=False),  # as the vendor prints it
    Column("issued_on", Date),
    Column("due_on", Date),
    Column("amount", BigInteger),
    Column("open_amount", BigInteger, nullable=False),
    *import_columns(),
    *account_keys(),
    CheckConstraint("CASE kind WHEN 'invoice' THEN open_amount >= 0 ELSE open_amount <= 0 END", name="open_amount"),
    ForeignKeyConstraint(["account_id", "statement_id"], ["vendor_statements.account_id", "vendor_statements.id"]),
    Index(None, "account_id", "statement_id"),
    sqlite_strict=True,
)

dispute_events = Table(
    "dispute_events",
    metadata,
    *account_columns(),
    Column("dispute_id", BigInteger, nullable=False),
    Column("kind", String, CheckConstraint("kind IN ('reply', 'credit', 'note')", name="kind"), nullable=False),
    Column("dated", Date, nullable=False),
    # of a reply
    Column(
        "answer",
        String,
        CheckConstraint("answer IN ('', 'accepted', 'partly', 'refused')", name="answer"),
        nullable=False,
        server_default="",
    ),
    # what the vendor grants, or what it credited
    Column("amount", BigInteger, CheckConstraint("amount > 0", name="amount")),
    Column("credit_note_id", BigInteger),
    Column("text", String, nullable=False, server_default=""),
    Column("recorded_by", String, nullable=False),
    Column("recorded_at", Instant, nullable=False),
    *account_keys(),
    CheckConstraint("(kind = 'reply') = (answer <> '')", name="replied"),
    CheckConstraint("kind <> 'credit' OR amount IS NOT NULL", name="credited"),
    CheckConstraint("credit_note_id IS NULL OR kind = 'credit'", name="credit_note"),
    ForeignKeyConstraint(["account_id", "dispute_id"], ["disputes.account_id", "disputes.id"]),
    ForeignKeyConstraint(["account_id", "credit_note_id"], ["invoices.account_id", "invoices.id"]),
    Index(None, "account_id", "dispute_id"),
    sqlite_strict=True,
)
