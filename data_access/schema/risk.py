"""What risk is judged from, and whom to ring: vendors' terms, the notices they sent, and how they are paid."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    String,
    Table,
    UniqueConstraint,
    false,
    true,
)

from data_access.schema.ledger import account_columns, account_keys, import_columns
from data_access.schema.types import Instant, identity, metadata


def _rising(what: str) -> str:
    """Three days that are all there, from 1 on and none before the last, or all missing."""
    return (
        f"({what}_earliest IS NULL) = ({what}_likely IS NULL) AND ({what}_likely IS NULL) = ({what}_latest IS NULL) AND "
        f"{what}_earliest >= 1 AND {what}_likely >= {what}_earliest AND {what}_latest >= {what}_likely"
    )


# Terms are never edited: new ones begin on their day. What a column means is told by domain.policies.Policy.
vendor_policies = Table(
    "vendor_policies",
    metadata,
    identity(),
    Column("vendor_id", BigInteger, ForeignKey("vendors.id"), nullable=False),
    Column("service_type", String, nullable=False, server_default=""),  # '' every one
    Column("currency", String, nullable=False, server_default=""),  # '' every one
    Column("effective_from", Date, nullable=False),
    Column("effective_until", Date),  # the first day on which it no longer holds
    Column("source", String, CheckConstraint("source <> ''", name="source"), nullable=False),
    Column(
        "fee_base",
        String,
        CheckConstraint("fee_base IN ('none', 'past_due', 'recurring')", name="fee_base"),
        nullable=False,
        server_default="none",
    ),
    Column("fee_basis_points", BigInteger, nullable=False, server_default="0"),
    Column("fee_flat", BigInteger, nullable=False, server_default="0"),
    Column("fee_minimum", BigInteger, nullable=False, server_default="0"),
    Column("fee_cap", BigInteger),
    Column("fee_grace_days", BigInteger, nullable=False, server_default="0"),
    Column(
        "fee_counted_from",
        String,
        CheckConstraint("fee_counted_from IN ('due', 'invoice')", name="fee_counted_from"),
        nullable=False,
        server_default="due",
    ),
    Column("notice_days", BigInteger, nullable=False, server_default="0"),
    Column(
        "counted_from",
        String,
        CheckConstraint("counted_from IN ('due', 'invoice')", name="counted_from"),
        nullable=False,
        server_default="due",
    ),
    Column("suspends_earliest", BigInteger),  # all three null: the vendor does not suspend
    Column("suspends_likely", BigInteger),
    Column("suspends_latest", BigInteger),
    Column("young_months", BigInteger, nullable=False, server_default="0"),
    Column("young_earliest", BigInteger),
    Column("young_likely", BigInteger),
    Column("young_latest", BigInteger),
    Column("disconnection_days", BigInteger),
    Column("restoral_fee", BigInteger, nullable=False, server_default="0"),
    Column("restoral_in_full", Boolean, nullable=False, server_default=true()),
    Column("restoral_months", BigInteger, nullable=False, server_default="0"),
    Column("posting_days", String, nullable=False, server_default=""),  # card 0, ach 2
    Column("calendar", String, nullable=False, server_default=""),
    Column("acts_on_working_days", Boolean, nullable=False, server_default=true()),
    Column("due_rolls_forward", Boolean, nullable=False, server_default=false()),
    Column(  # 0: no part payment puts anything off
        "part_basis_points",
        BigInteger,
        CheckConstraint("part_basis_points BETWEEN 0 AND 9999", name="part_share"),
        nullable=False,
        server_default="0",
    ),
    Column(
        "part_days",
        BigInteger,
        CheckConstraint(
            "part_days >= 0 AND (part_days = 0) = (part_basis_points = 0) "
            "AND (part_days = 0 OR suspends_earliest IS NOT NULL)",
            name="part_days",
        ),
        nullable=False,
        server_default="0",
    ),
    CheckConstraint("effective_until > effective_from", name="effective"),
    CheckConstraint(
        "fee_basis_points BETWEEN 0 AND 10000 AND fee_flat >= 0 AND fee_minimum >= 0 AND fee_grace_days >= 0 "
        "AND (fee_cap IS NULL OR fee_cap >= fee_minimum)",
        name="fee",
    ),
    CheckConstraint(_rising("suspends"), name="suspends"),
    CheckConstraint(_rising("young"), name="young"),
    CheckConstraint(
        "young_months >= 0 AND (young_months = 0) = (young_earliest IS NULL) "
        "AND (young_earliest IS NULL OR suspends_earliest IS NOT NULL)",
        name="young_months",
    ),
    UniqueConstraint("vendor_id", "service_type", "currency", "effective_from", name="uq_vendor_policies_rule"),
    sqlite_strict=True,
)

notices = Table(
    "notices",
    metadata,
    *account_columns(),
    Column("invoice_id", BigInteger),  # null: about all that was due before it
    Column(
        "kind", String, CheckConstraint("kind IN ('late', 'suspension', 'disconnection')", name="kind"), nullable=False
    ),
    Column("dated", Date, nullable=False),  # as printed, or the day it was received
    Column("acts_on", Date),  # when the vendor acts, or has acted
    Column("amount", BigInteger, CheckConstraint("amount > 0", name="amount")),  # what it asks; null: not said
    Column("reference", String, nullable=False, server_default=""),  # the vendor's own number for it
    Column("channel", String, nullable=False, server_default=""),
    Column("note", String, nullable=False, server_default=""),
    Column("withdrawn_on", Date),
    *import_columns(),
    *account_keys(),
    CheckConstraint("(kind = 'late') = (acts_on IS NULL)", name="acts_on"),
    CheckConstraint("withdrawn_on >= dated", name="withdrawn"),
    ForeignKeyConstraint(["account_id", "invoice_id"], ["invoices.account_id", "invoices.id"]),
    Index(None, "account_id", "dated"),
    Index(None, "site_id", "dated"),
    sqlite_strict=True,
)

payment_contacts = Table(
    "payment_contacts",
    metadata,
    identity(),
    Column("vendor_id", BigInteger, ForeignKey("vendors.id"), nullable=False),
    Column("kind", String, CheckConstraint("kind IN ('phone', 'portal')", name="kind"), nullable=False),
    Column("address", String, CheckConstraint("address <> ''", name="address"), nullable=False),  # E.164, or a URL
    Column("label", String, nullable=False, server_default=""),
    Column("country", String, nullable=False, server_default=""),  # whose accounts it serves; '' every one
    Column("hours", String, nullable=False, server_default=""),  # Mo-Fr 08:00-20:00; Sa 09:00-13:00
    Column("timezone", String, nullable=False, server_default=""),  # of the hours
    Column("menu_path", String, nullable=False, server_default=""),
    Column("asks_for", String, nullable=False, server_default=""),  # what the agent wants to hear first
    Column(
        "state",
        String,
        CheckConstraint("state IN ('unverified', 'verified', 'reported', 'retired')", name="state"),
        nullable=False,
        server_default="unverified",
    ),
    Column("found_in", String, nullable=False, server_default=""),  # where the number was found: a bill, a contract
    Column("replaces_id", BigInteger, ForeignKey("payment_contacts.id")),
    Column("proposed_by", String, nullable=False),
    Column("proposed_at", Instant, nullable=False),
    Column("verified_in", String, nullable=False, server_default=""),  # what it was checked against
    Column("verified_by", String, nullable=False, server_default=""),
    Column("verified_at", Instant),
    Column("ended_by", String, nullable=False, server_default=""),  # who reported or retired it
    Column("ended_at", Instant),
    Column("ended_because", String, nullable=False, server_default=""),
    CheckConstraint("state <> 'verified' OR (verified_by <> '' AND verified_at IS NOT NULL)", name="verified"),
    # A trigger wants a second person for every further number of a vendor, too.
    CheckConstraint("replaces_id IS NULL OR verified_by <> proposed_by", name="second_person"),
    CheckConstraint("(state IN ('reported', 'retired')) = (ended_at IS NOT NULL)", name="ended"),
    UniqueConstraint("vendor_id", "kind", "address"),
    Index(None, "address"),
    sqlite_strict=True,
)

__all__ = ["notices", "payment_contacts", "vendor_policies"]
