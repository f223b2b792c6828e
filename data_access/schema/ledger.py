"""The ledger: bills, their lines, payments, and what was applied to what.

Growth tables: each carries account_id and site_id, is unique on (account_id, id), and is joined on account_id, so that
PostgreSQL can distribute them by account. Rows are append-only; triggers (see migrations) refuse every edit but the
counters, which the triggers themselves move. A correction is a new row that names what it reverses.
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
    func,
    text,
)
from sqlalchemy.sql.schema import SchemaItem

from data_access.schema.types import Instant, identity, index_where, metadata, month_number


def account_columns() -> list[SchemaItem]:
    """What every growth table starts with: the account, and the account's home site (kept equal by a composite key)."""
    return [
        identity(),
        Column("account_id", BigInteger, nullable=False),
        Column("site_id", BigInteger, nullable=False),
    ]


def account_keys() -> list[SchemaItem]:
    """Keys of every growth table."""
    return [
        UniqueConstraint("account_id", "id"),
        ForeignKeyConstraint(
            ["account_id", "site_id"], ["accounts.id", "accounts.site_id"], deferrable=True, onupdate="CASCADE"
        ),
    ]


def import_columns() -> list[SchemaItem]:
    """Where an imported row came from. `import_key` is id:<external id> or row:<hash>#<occurrence>; null when typed in."""
    return [
        Column("batch_id", BigInteger, ForeignKey("import_batches.id")),
        Column("source", String),
        Column("external_id", String),
        Column("import_key", String),
        UniqueConstraint("account_id", "source", "import_key"),
    ]


def applied_columns() -> list[SchemaItem]:
    """The first and the last day on which something was applied to a document, or of it; null: never. Moved with its counter."""
    return [Column("applied_from", Date), Column("applied_until", Date)]


invoices = Table(
    "invoices",
    metadata,
    *account_columns(),
    Column("number", String, nullable=False),
    Column(
        "part", BigInteger, CheckConstraint("part >= 1", name="part"), nullable=False, server_default="1"
    ),  # 2.. are lines that arrived later
    Column("kind", String, CheckConstraint("kind IN ('invoice', 'credit_note')", name="kind"), nullable=False),
    Column("issued_on", Date, nullable=False),
    Column("due_on", Date),  # null: issued_on + the account's terms, and flagged
    Column("period_start", Date),
    Column("period_end", Date),  # half-open: the first day after
    Column("amount", BigInteger, CheckConstraint("amount > 0", name="amount"), nullable=False),
    Column(
        "amount_from",
        String,
        CheckConstraint("amount_from IN ('bill', 'lines')", name="amount_from"),
        nullable=False,
        server_default="bill",
    ),
    Column(
        "settled", BigInteger, nullable=False, server_default="0"
    ),  # of an invoice: paid or credited; of a credit note: used
    Column("reverses_id", BigInteger),
    *import_columns(),
    *applied_columns(),
    Column("ever_disputed", BigInteger, nullable=False, server_default="0"),  # 1: a dispute names it
    *account_keys(),
    CheckConstraint("settled BETWEEN 0 AND amount", name="settled"),
    CheckConstraint("period_start < period_end", name="period"),
    CheckConstraint("reverses_id IS NULL OR kind = 'credit_note'", name="reverses"),
    UniqueConstraint("account_id", "kind", "number", "part"),
    UniqueConstraint("account_id", "reverses_id"),
    ForeignKeyConstraint(["account_id", "reverses_id"], ["invoices.account_id", "invoices.id"]),
    Index(
        "ix_invoices_open",
        "account_id",
        "due_on",
        sqlite_where=text("settled < amount"),
        postgresql_where=text("settled < amount"),
    ),
    index_where("ix_invoices_open_due", "kind", "due_on", "id", "number", where="settled < amount"),
    index_where(
        "ix_invoices_open_issued",
        *("kind", "issued_on", "account_id", "site_id", "due_on", "amount", "settled", "applied_from", "applied_until"),
        "id",
        where="settled < amount",
    ),
    index_where(
        "ix_invoices_disputed",
        *("account_id", "id", "kind", "issued_on", "due_on", "amount", "settled", "applied_from", "applied_until"),
        where="ever_disputed = 1",
    ),
    Index(None, "site_id", "issued_on"),
    Index(None, "issued_on", "id"),
    index_where("ix_invoices_due_on", "due_on", "id", where="due_on IS NOT NULL"),
    index_where("ix_invoices_due_before", "issued_on", where="due_on < issued_on"),
    index_where("ix_invoices_no_due", "issued_on", where="due_on IS NULL AND kind = 'invoice'"),
    sqlite_strict=True,
)

Index(
    "ix_invoices_open_left",
    invoices.c.kind,
    (invoices.c.amount - invoices.c.settled).label("left"),
    invoices.c.id,
    sqlite_where=text("settled < amount"),
    postgresql_where=text("settled < amount"),
)

Index(  # what was open on a past day: of each month of issue, what was settled after the day
    "ix_invoices_settled_until",
    invoices.c.kind,
    month_number(invoices.c.issued_on),
    *(invoices.c[name] for name in ("applied_until", "issued_on", "account_id", "site_id", "due_on", "amount")),
    *(invoices.c[name] for name in ("settled", "applied_from", "id")),
    sqlite_where=text("settled = amount"),
    postgresql_where=text("settled = amount"),
)

Index(
    "ix_invoices_in_part",
    invoices.c.kind,
    month_number(invoices.c.issued_on),
    invoices.c.applied_until,
    invoices.c.applied_from,
    sqlite_where=text("applied_from < applied_until"),
    postgresql_where=text("applied_from < applied_until"),
)

charges = Table(
    "charges",
    metadata,
    *account_columns(),
    Column("invoice_id", BigInteger, nullable=False),
    Column("line", String, nullable=False, server_default=""),
    Column("type", String, nullable=False, server_default="recurring"),
    Column("description", String, nullable=False, server_default=""),
    Column(
        "amount", BigInteger, nullable=False
    ),  # signed: a credit line is negative; on a credit note lines are negative too
    Column("issued_on", Date, nullable=False),
    Column("chargeback_site_id", BigInteger, ForeignKey("sites.id")),  # who bears the cost, when not the home site
    *import_columns(),
    *account_keys(),
    CheckConstraint(
        "type IN ('recurring', 'usage', 'one_time', 'tax', 'fee', 'late_fee', 'credit', 'adjustment')",
        name="type",
    ),
    ForeignKeyConstraint(["account_id", "invoice_id"], ["invoices.account_id", "invoices.id"]),
    Index(None, "account_id", "invoice_id"),
    index_where("ix_charges_late_fee", "account_id", "invoice_id", where="type = 'late_fee'"),
    Index(
        "ix_charges_chargeback",
        "chargeback_site_id",
        sqlite_where=text("chargeback_site_id IS NOT NULL"),
        postgresql_where=text("chargeback_site_id IS NOT NULL"),
    ),
    sqlite_strict=True,
)

# What is told of payments that are not simply posted by the index that finds them.
_TOLD = ("kind", "amount", "method", "channel", "status")

payments = Table(
    "payments",
    metadata,
    *account_columns(),
    Column(
        "kind",
        String,
        CheckConstraint("kind IN ('payment', 'refund', 'reversal')", name="kind"),
        nullable=False,
        server_default="payment",
    ),
    Column("paid_on", Date, nullable=False),  # of a reversal: the day the bank or vendor returned it
    Column("posted_on", Date),
    Column("amount", BigInteger, CheckConstraint("amount > 0", name="amount"), nullable=False),
    Column("method", String, nullable=False, server_default=""),
    Column("channel", String, nullable=False, server_default=""),
    Column("confirmation_number", String, nullable=False, server_default=""),
    Column(
        "status",
        String,
        CheckConstraint("status IN ('pending', 'posted', 'returned', 'void')", name="status"),
        nullable=False,
    ),
    Column("allocated", BigInteger, nullable=False, server_default="0"),
    Column(  # what of it live matches show in the bank; moved by their trigger
        "matched",
        BigInteger,
        CheckConstraint("matched BETWEEN 0 AND amount", name="matched"),
        nullable=False,
        server_default="0",
    ),
    Column("matched_at", Instant),  # when something of it was matched last, or its match undone; moved with the counter
    Column("reversed_on", Date),  # set by the reversal's trigger, with status returned or void
    Column("reverses_id", BigInteger),
    Column("call_id", BigInteger),
    Column("note", String, nullable=False, server_default=""),
    *import_columns(),
    *applied_columns(),
    *account_keys(),
    CheckConstraint("allocated BETWEEN 0 AND amount", name="allocated"),
    CheckConstraint("(kind = 'reversal') = (reverses_id IS NOT NULL)", name="reverses"),
    CheckConstraint("(status IN ('returned', 'void')) = (reversed_on IS NOT NULL)", name="reversed"),
    UniqueConstraint("account_id", "reverses_id"),
    ForeignKeyConstraint(["account_id", "reverses_id"], ["payments.account_id", "payments.id"]),
    ForeignKeyConstraint(["account_id", "call_id"], ["calls.account_id", "calls.id"]),
    Index(
        "ix_payments_unapplied",
        "account_id",
        "paid_on",
        sqlite_where=text("allocated < amount AND reversed_on IS NULL AND kind <> 'reversal'"),
        postgresql_where=text("allocated < amount AND reversed_on IS NULL AND kind <> 'reversal'"),
    ),
    Index(
        "ix_payments_reversed",
        *("reversed_on", "paid_on", "account_id", *_TOLD, "posted_on"),
        sqlite_where=text("reversed_on IS NOT NULL"),
        postgresql_where=text("reversed_on IS NOT NULL"),
    ),
    Index(
        "ix_payments_pending",
        *("account_id", "paid_on", *_TOLD, "posted_on", "reversed_on"),
        sqlite_where=text("status = 'pending'"),
        postgresql_where=text("status = 'pending'"),
    ),
    Index(None, "site_id", "paid_on"),
    Index(None, "paid_on", "id"),
    Index("ix_payments_account", "account_id", "paid_on", "kind", "method", "channel", "amount"),
    Index(None, "posted_on", "paid_on"),  # made by a day, posted after it
    Index(None, "amount", "id"),
    Index(None, "confirmation_number"),
    # with the account, so that rows of others are left where they are
    index_where(
        "ix_payments_unmatched", "posted_on", "id", "account_id", where="kind = 'payment' AND matched < amount"
    ),
    index_where(
        "ix_payments_unconfirmed",
        "paid_on",
        "id",
        where="kind = 'payment' AND matched < amount AND length(confirmation_number) = 0 "
        "AND (channel = 'phone' OR call_id IS NOT NULL)",
    ),
    index_where(
        "ix_payments_unposted", "paid_on", "id", where="kind = 'payment' AND matched < amount AND posted_on IS NULL"
    ),
    index_where("ix_payments_call", "account_id", "call_id", where="call_id IS NOT NULL"),
    index_where("ix_payments_in_part", "paid_on", "id", where="matched > 0 AND matched < amount"),
    index_where("ix_payments_posted_early", "paid_on", "id", where="posted_on < paid_on"),
    Index(
        "ix_payments_odd_number",
        "paid_on",
        "id",
        sqlite_where=text("confirmation_number GLOB '*[^0-9A-Za-z]*' AND kind = 'payment' AND matched < amount"),
        postgresql_where=text("confirmation_number ~ '[^0-9A-Za-z]' AND kind = 'payment' AND matched < amount"),
    ),
    index_where("ix_payments_matched", "paid_on", "id", "account_id", where="kind = 'payment' AND matched = amount"),
    sqlite_strict=True,
)
Index(
    "ix_payments_number",
    func.lower(payments.c.confirmation_number).label("number"),
    postgresql_ops={"number": "text_pattern_ops"},  # for what begins so
)
Index(
    "ix_payments_applied_later",
    month_number(payments.c.paid_on),
    payments.c.applied_until,
    payments.c.paid_on,
    sqlite_where=text("applied_until > paid_on"),
    postgresql_where=text("applied_until > paid_on"),
)

Index(
    "ix_payments_matched_later",
    month_number(payments.c.paid_on),
    *(payments.c[name] for name in ("matched_at", "paid_on", "site_id", "id")),
    sqlite_where=text("matched_at IS NOT NULL"),
    postgresql_where=text("matched_at IS NOT NULL"),
)

allocations = Table(
    "allocations",
    metadata,
    *account_columns(),
    # one source: a payment or a credit note
    Column("payment_id", BigInteger),
    Column("credit_note_id", BigInteger),
    # one target: an invoice, or a refund of what was overpaid
    Column("invoice_id", BigInteger),
    Column("refund_id", BigInteger),
    Column("amount", BigInteger, CheckConstraint("amount > 0", name="amount"), nullable=False),
    Column("applied_on", Date, nullable=False),  # of a reversing row: the day from which it no longer counts
    Column("reverses_id", BigInteger),
    *import_columns(),
    *account_keys(),
    CheckConstraint("(payment_id IS NULL) <> (credit_note_id IS NULL)", name="one_source"),
    CheckConstraint("(invoice_id IS NULL) <> (refund_id IS NULL)", name="one_target"),
    UniqueConstraint("account_id", "reverses_id"),
    ForeignKeyConstraint(["account_id", "payment_id"], ["payments.account_id", "payments.id"]),
    ForeignKeyConstraint(["account_id", "credit_note_id"], ["invoices.account_id", "invoices.id"]),
    ForeignKeyConstraint(["account_id", "invoice_id"], ["invoices.account_id", "invoices.id"]),
    ForeignKeyConstraint(["account_id", "refund_id"], ["payments.account_id", "payments.id"]),
    ForeignKeyConstraint(["account_id", "reverses_id"], ["allocations.account_id", "allocations.id"]),
    Index(None, "account_id", "payment_id"),
    Index(None, "account_id", "invoice_id"),
    Index(
        "ix_allocations_credit",
        "account_id",
        "credit_note_id",
        sqlite_where=text("credit_note_id IS NOT NULL"),
        postgresql_where=text("credit_note_id IS NOT NULL"),
    ),
    Index(
        "ix_allocations_refund",
        "account_id",
        "refund_id",
        sqlite_where=text("refund_id IS NOT NULL"),
        postgresql_where=text("refund_id IS NOT NULL"),
    ),
    Index(None, "applied_on"),
    index_where("ix_allocations_reversing", "applied_on", where="reverses_id IS NOT NULL"),
    sqlite_strict=True,
)

disputes = Table(
    "disputes",
    metadata,
    *account_columns(),
    Column("invoice_id", BigInteger, nullable=False),
    Column("amount", BigInteger, CheckConstraint("amount > 0", name="amount"), nullable=False),  # withheld
    Column("reason", String, nullable=False, server_default=""),
    Column("opened_on", Date, nullable=False),
    Column("closed_on", Date),
    Column("outcome", String, nullable=False, server_default=""),
    # late_fee: a fee that should be given back; it is withheld from nothing once the bill is paid
    Column(
        "kind",
        String,
        CheckConstraint("kind IN ('bill', 'late_fee')", name="kind"),
        nullable=False,
        server_default="bill",
    ),
    *import_columns(),
    *account_keys(),
    CheckConstraint("closed_on >= opened_on", name="closed"),
    ForeignKeyConstraint(["account_id", "invoice_id"], ["invoices.account_id", "invoices.id"]),
    Index(None, "account_id", "invoice_id"),
    Index(None, "closed_on"),
    sqlite_strict=True,
)

calls = Table(
    "calls",
    metadata,
    *account_columns(),
    Column("started_at", Instant, nullable=False),
    Column("number", String, nullable=False, server_default=""),  # E.164 where it could be read, else as typed
    Column(
        "direction",
        String,
        CheckConstraint("direction IN ('outbound', 'inbound')", name="direction"),
        nullable=False,
        server_default="outbound",
    ),
    Column("duration_s", BigInteger, CheckConstraint("duration_s >= 0", name="duration")),
    Column("agent", String, nullable=False, server_default=""),
    Column("caller", String, nullable=False, server_default=""),
    Column(
        "caller_verified",
        String,
        CheckConstraint("caller_verified IN ('yes', 'no', 'unknown')", name="verified"),
        nullable=False,
        server_default="unknown",
    ),
    Column("purpose", String, nullable=False, server_default=""),
    Column("billing_period", String, nullable=False, server_default=""),  # YYYY-MM, or as the bill names it
    Column("outcome", String, nullable=False, server_default=""),
    Column("confirmation_number", String, nullable=False, server_default=""),
    Column("promised_on", Date),
    Column("follow_up_on", Date),
    Column("notes", String, nullable=False, server_default=""),
    Column("amends_id", BigInteger),  # a corrected record names the one it replaces
    *import_columns(),
    *account_keys(),
    ForeignKeyConstraint(["account_id", "amends_id"], ["calls.account_id", "calls.id"]),
    UniqueConstraint("account_id", "amends_id"),
    Index("ix_calls_site_id_started_at", "site_id", "started_at", "outcome"),
    Index("ix_calls_log", "started_at", "id", "outcome", "account_id", "purpose"),
    Index(None, "confirmation_number"),
    index_where("ix_calls_agreed", "started_at", where="promised_on IS NOT NULL OR follow_up_on IS NOT NULL"),
    index_where("ix_calls_amending", "started_at", where="amends_id IS NOT NULL"),
    sqlite_strict=True,
)
