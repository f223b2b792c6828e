"""Alerts, their history, and which digest told whom of it."""

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
    text,
)

from data_access.schema.types import Instant, identity, metadata

_OPEN = text("state = 'open'")
_SNOOZED = text("state = 'open' AND snoozed_until IS NOT NULL")
_OWNED = text("state = 'open' AND owner <> ''")

# What a rule found, as it was when the row was last written; what people made of it. domain.alerts.findings says what a
# column of a finding means. No account: a thing that belongs to no site (a payment contact), which everybody sees.
alerts = Table(
    "alerts",
    metadata,
    identity(),
    Column("rule", String, CheckConstraint("rule <> ''", name="rule"), nullable=False),
    Column("cause", String, CheckConstraint("cause <> ''", name="cause"), nullable=False),
    Column("account_id", BigInteger),
    Column("site_id", BigInteger, ForeignKey("sites.id")),
    Column("vendor_id", BigInteger, ForeignKey("vendors.id")),
    Column("entity", String, nullable=False),
    Column("entity_id", BigInteger, nullable=False),
    Column("since", Date, nullable=False),  # the day on which the condition was crossed
    Column("opened_on", Date, nullable=False),  # the day on which this row was written
    Column("amount", BigInteger),
    Column("currency", String, nullable=False, server_default=""),
    Column("act_by", Date),
    Column("facts", String, nullable=False, server_default="[]"),  # JSON: [[what, value], ...]
    Column(
        "state",
        String,
        CheckConstraint("state IN ('open', 'closed')", name="state"),
        nullable=False,
        server_default="open",
    ),
    Column("closed_on", Date),
    Column("closed_because", String, nullable=False, server_default=""),
    Column("former_id", BigInteger, ForeignKey("alerts.id")),  # the one of the same cause that was closed before
    Column("owner", String, nullable=False, server_default=""),
    Column("acknowledged_by", String, nullable=False, server_default=""),
    Column("acknowledged_at", Instant),
    Column("snoozed_until", Date),  # the day on which it is back
    Column("snoozed_amount", BigInteger),  # as they were when it was snoozed: it comes back when they got worse
    Column("snoozed_act_by", Date),
    CheckConstraint("(state = 'closed') = (closed_on IS NOT NULL)", name="closed"),
    CheckConstraint("(acknowledged_by = '') = (acknowledged_at IS NULL)", name="acknowledged"),
    CheckConstraint("account_id IS NULL OR site_id IS NOT NULL", name="place"),
    ForeignKeyConstraint(
        ["account_id", "site_id"],
        ["accounts.id", "accounts.site_id"],
        onupdate="CASCADE",
        deferrable=True,
    ),
    UniqueConstraint("id", "site_id"),
    Index("ix_alerts_open", "rule", "cause", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
    Index(None, "rule", "cause", "id"),
    Index(None, "site_id", "closed_on"),
    Index("ix_alerts_snoozed", "snoozed_until", sqlite_where=_SNOOZED, postgresql_where=_SNOOZED),
    Index("ix_alerts_owner", "owner", sqlite_where=_OWNED, postgresql_where=_OWNED),
    sqlite_strict=True,
)

alert_events = Table(
    "alert_events",
    metadata,
    identity(),
    Column("alert_id", BigInteger, ForeignKey("alerts.id"), nullable=False),
    Column("site_id", BigInteger),  # the alert's
    Column(
        "kind",
        String,
        CheckConstraint(
            "kind IN ('opened', 'reopened', 'changed', 'acknowledged', 'snoozed', 'woken', 'owned', 'commented', 'closed', "
            "'sent')",
            name="kind",
        ),
        nullable=False,
    ),
    Column("at", Instant, nullable=False),
    Column("actor", String, nullable=False),
    Column("note", String, nullable=False, server_default=""),
    ForeignKeyConstraint(["alert_id", "site_id"], ["alerts.id", "alerts.site_id"], onupdate="CASCADE", deferrable=True),
    Index(None, "alert_id", "id"),
    sqlite_strict=True,
)

# One row a channel and transition (an event that opened or closed an alert): the promise that it is told once.
alert_deliveries = Table(
    "alert_deliveries",
    metadata,
    identity(),
    Column("channel", String, CheckConstraint("channel <> ''", name="channel"), nullable=False),
    Column("alert_id", BigInteger, ForeignKey("alerts.id"), nullable=False),
    Column("event_id", BigInteger, ForeignKey("alert_events.id"), nullable=False),
    Column("digest", String, nullable=False),  # names the message that carries it
    Column(
        "state",
        String,
        CheckConstraint("state IN ('sending', 'sent', 'failed', 'unclear')", name="state"),
        nullable=False,
    ),
    Column("attempts", BigInteger, nullable=False, server_default="0"),
    Column("last_error", String, nullable=False, server_default=""),
    Column("at", Instant, nullable=False),
    UniqueConstraint("channel", "event_id"),
    Index("ix_alert_deliveries_channel_state", "channel", "state"),
    sqlite_strict=True,
)

# What the rules found about an account when it was last judged (decision 0038). severity, last_day, weight: what a list is ordered by.
# apart: who sees only some sites may be told otherwise, of bank statements, other accounts of a vendor, or lines at other sites.
alert_findings = Table(
    "alert_findings",
    metadata,
    identity(),
    Column("account_id", BigInteger, nullable=False),
    Column("site_id", BigInteger, nullable=False),
    Column("vendor_id", BigInteger, nullable=False),
    Column("rule", String, nullable=False),
    Column("cause", String, nullable=False),
    Column("entity", String, nullable=False),
    Column("entity_id", BigInteger, nullable=False),
    Column("since", Date, nullable=False),
    Column("amount", BigInteger),
    Column("currency", String, nullable=False),
    Column("act_by", Date),
    Column("facts", String, nullable=False),  # as those of alerts
    Column("severity", BigInteger, nullable=False),
    Column("last_day", Date, nullable=False),
    Column("weight", BigInteger, nullable=False),
    Column("apart", Boolean, nullable=False, server_default=false()),
    ForeignKeyConstraint(
        ["account_id", "site_id"], ["accounts.id", "accounts.site_id"], deferrable=True, onupdate="CASCADE"
    ),
    UniqueConstraint("rule", "cause"),
    Index("ix_alert_findings_account_id", "account_id", "rule"),
    Index("ix_alert_findings_site", "site_id", "rule", "apart"),
    Index("ix_alert_findings_urgency", "severity", "last_day", "weight", "rule", "cause"),
    sqlite_strict=True,
)

# As of which day an account was last judged, by which thresholds, terms and directory (`grounds`), and how many times until then.
# apart: who sees only some sites has it judged for them, since lines or a vendor's credits elsewhere count for it.
alert_judged = Table(
    "alert_judged",
    metadata,
    Column("account_id", BigInteger, primary_key=True, autoincrement=False),
    Column("site_id", BigInteger, nullable=False),
    Column("day", Date, nullable=False),
    Column("grounds", String, nullable=False, server_default=""),
    Column("turn", BigInteger, nullable=False, server_default="0"),
    Column("apart", Boolean, nullable=False, server_default=false()),
    ForeignKeyConstraint(
        ["account_id", "site_id"], ["accounts.id", "accounts.site_id"], deferrable=True, onupdate="CASCADE"
    ),
    Index("ix_alert_judged_day", "day", "grounds"),
    Index("ix_alert_judged_apart", "account_id", sqlite_where=text("apart = 1"), postgresql_where=text("apart")),
    sqlite_strict=True,
)

# Accounts that something was written about since; triggers and `fold` write them, whoever judges the account takes them away.
alert_marks = Table(
    "alert_marks",
    metadata,
    identity(),
    Column("account_id", BigInteger, nullable=False),
    Column("site_id", BigInteger, nullable=False),
    Index(None, "account_id"),
    sqlite_strict=True,
)

# Days of the past that somebody asked for; `done`: the rules were asked about every account, until then about those up to `judged_to`.
# grounds: as those of alert_judged. A few of them.
past_alert_days = Table(
    "past_alert_days",
    metadata,
    identity(),
    Column("day", Date, nullable=False, unique=True),
    Column("grounds", String, nullable=False),
    Column("judged_to", BigInteger, nullable=False, server_default="0"),
    Column("done", Boolean, nullable=False, server_default=false()),
    sqlite_strict=True,
)

# What the rules found as of these days; the columns are those of alert_findings.
past_findings = Table(
    "past_findings",
    metadata,
    identity(),
    Column("day", Date, ForeignKey("past_alert_days.day", ondelete="CASCADE"), nullable=False),
    Column("account_id", BigInteger, nullable=False),
    Column("site_id", BigInteger, nullable=False),
    Column("vendor_id", BigInteger, nullable=False),
    Column("rule", String, nullable=False),
    Column("cause", String, nullable=False),
    Column("entity", String, nullable=False),
    Column("entity_id", BigInteger, nullable=False),
    Column("since", Date, nullable=False),
    Column("amount", BigInteger),
    Column("currency", String, nullable=False),
    Column("act_by", Date),
    Column("facts", String, nullable=False),
    Column("severity", BigInteger, nullable=False),
    Column("last_day", Date, nullable=False),
    Column("weight", BigInteger, nullable=False),
    ForeignKeyConstraint(
        ["account_id", "site_id"], ["accounts.id", "accounts.site_id"], deferrable=True, onupdate="CASCADE"
    ),
    UniqueConstraint("day", "rule", "cause"),
    Index("ix_past_findings_account_id", "account_id", "day", "rule"),
    Index("ix_past_findings_urgency", "day", "severity", "last_day", "weight", "rule", "cause", "account_id"),
    sqlite_strict=True,
)

__all__ = [
    "alert_deliveries",
    "alert_events",
    "alert_findings",
    "alert_judged",
    "alert_marks",
    "alerts",
    "past_alert_days",
    "past_findings",
]
