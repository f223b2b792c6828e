"""What the bank says: its statements, their lines, and which payment a line is.

Statements and lines belong to no site. A match belongs to its payment's account; it is taken back by a further row that
names it, so that who decided what, and when, stays on record.
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

from data_access.schema.ledger import account_columns, account_keys
from data_access.schema.types import Instant, identity, index_where, metadata

bank_statements = Table(
    "bank_statements",
    metadata,
    identity(),
    Column("bank_account", String, CheckConstraint("bank_account <> ''", name="bank_account"), nullable=False),
    # a card's own statement shows what was paid by card, a bank account's shows the rest
    Column("kind", String, CheckConstraint("kind IN ('bank', 'card')", name="kind"), nullable=False),
    Column("currency", String(3), CheckConstraint("length(currency) = 3", name="currency"), nullable=False),
    Column("period_start", Date, nullable=False),
    Column("period_end", Date, nullable=False),  # half-open: the first day after
    Column("opening", BigInteger),  # signed; null: the file says none
    Column("closing", BigInteger),
    Column("source", String, nullable=False),
    Column("batch_id", BigInteger, ForeignKey("import_batches.id")),
    # of all lines that the file's statement lists, whichever statement brought them first
    Column("movements", BigInteger, nullable=False, server_default="0"),
    Column("reference", String, nullable=False, server_default=""),
    Column("import_key", String),
    CheckConstraint("period_start < period_end", name="period"),
    Index("uq_bank_statements_bank_account_import_key", "bank_account", "import_key", unique=True),
    Index(None, "period_end"),
    sqlite_strict=True,
)

bank_lines = Table(
    "bank_lines",
    metadata,
    identity(),
    Column("statement_id", BigInteger, ForeignKey("bank_statements.id"), nullable=False),
    Column("booked_on", Date, nullable=False),
    Column(
        "amount", BigInteger, CheckConstraint("amount <> 0", name="amount"), nullable=False
    ),  # money out is negative
    Column("currency", String(3), nullable=False),
    Column("reference", String, nullable=False, server_default=""),
    Column("description", String, nullable=False, server_default=""),
    Column("import_key", String, nullable=False),  # as in the ledger: id:<external id> or row:<hash>#<occurrence>
    Column("bank_account", String, nullable=False),  # its statement's: a line comes once, however statements overlap
    Column("value_on", Date),
    Column("counterparty", String, nullable=False, server_default=""),
    # what of it is matched, by live matches; moved by the command that matches, see docs/decisions/0019
    Column(
        "matched",
        BigInteger,
        CheckConstraint("matched BETWEEN 0 AND abs(amount)", name="matched"),
        nullable=False,
        server_default="0",
    ),
    UniqueConstraint("statement_id", "import_key"),
    Index("uq_bank_lines_bank_account_import_key", "bank_account", "import_key", unique=True),
    Index(None, "booked_on", "id"),
    index_where("ix_bank_lines_open", "booked_on", "id", where="matched < abs(amount)"),
    sqlite_strict=True,
)

matches = Table(
    "matches",
    metadata,
    *account_columns(),
    Column("payment_id", BigInteger, nullable=False),
    Column("bank_line_id", BigInteger, ForeignKey("bank_lines.id"), nullable=False),
    Column("amount", BigInteger, CheckConstraint("amount > 0", name="amount"), nullable=False),  # of the payment
    Column("score", BigInteger, CheckConstraint("score BETWEEN 0 AND 1000", name="score")),  # null: decided by hand
    Column("decided_by", String, nullable=False),
    Column("decided_at", Instant, nullable=False),
    Column("undoes_id", BigInteger),
    Column("reasons", String, nullable=False, server_default=""),  # JSON: [name, value, points] each
    *account_keys(),
    ForeignKeyConstraint(["account_id", "payment_id"], ["payments.account_id", "payments.id"]),
    UniqueConstraint("account_id", "undoes_id"),
    ForeignKeyConstraint(["account_id", "undoes_id"], ["matches.account_id", "matches.id"]),
    Index(None, "account_id", "payment_id"),
    Index(None, "bank_line_id"),
    Index(None, "decided_at"),
    sqlite_strict=True,
)

bank_line_decisions = Table(
    "bank_line_decisions",
    metadata,
    identity(),
    Column("bank_line_id", BigInteger, ForeignKey("bank_lines.id"), nullable=False),
    Column(
        "reason",
        String,
        CheckConstraint(
            "reason IN ('bank fee', 'interest', 'transfer', 'not a vendor payment', 'refund or return', 'other')",
            name="reason",
        ),
        nullable=False,
    ),
    Column("note", String, nullable=False, server_default=""),
    Column("decided_by", String, nullable=False),
    Column("decided_at", Instant, nullable=False),
    Column("undoes_id", BigInteger, ForeignKey("bank_line_decisions.id"), unique=True),
    Index(None, "bank_line_id"),
    sqlite_strict=True,
)

# What the words of a bank account's lines were decided to mean: a vendor, or a reason.
match_aliases = Table(
    "match_aliases",
    metadata,
    identity(),
    Column("bank_account", String, nullable=False),
    Column("words", String, CheckConstraint("words <> ''", name="words"), nullable=False),
    Column("vendor_id", BigInteger, ForeignKey("vendors.id")),
    Column("reason", String, nullable=False, server_default=""),
    Column("bank_line_id", BigInteger, ForeignKey("bank_lines.id"), nullable=False),  # from which it was learned
    Column("decided_by", String, nullable=False),
    Column("decided_at", Instant, nullable=False),
    Column("undoes_id", BigInteger, ForeignKey("match_aliases.id"), unique=True),
    CheckConstraint("(vendor_id IS NULL) <> (reason = '')", name="one_meaning"),
    Index(None, "bank_line_id"),
    sqlite_strict=True,
)
