"""Saved scenarios: actions on selections under a name, and no figures; whoever opens one computes it within their scope."""

from sqlalchemy import CheckConstraint, Column, Date, Index, String, Table, text

from data_access.schema.types import Instant, identity, metadata

scenarios = Table(
    "scenarios",
    metadata,
    identity(),
    # what a shared address names: random, so that nobody comes upon another's
    Column("link", String, CheckConstraint("length(link) = 22", name="link"), nullable=False, unique=True),
    Column("name", String, CheckConstraint("name <> ''", name="name"), nullable=False),
    Column("owner", String, CheckConstraint("owner <> ''", name="owner"), nullable=False),
    Column("actions", String, nullable=False),  # JSON: domain.what_if.actions.scenario_as_data
    # the day and the data that its owner last computed it on
    Column("as_of", Date, nullable=False),
    Column("data_version", String, nullable=False, server_default=""),
    Column("created_at", Instant, nullable=False),
    Column("updated_at", Instant, nullable=False),
    Column("deleted_at", Instant),
    Index(
        "uq_scenarios_owner_name",
        "owner",
        "name",
        unique=True,
        sqlite_where=text("deleted_at IS NULL"),
        postgresql_where=text("deleted_at IS NULL"),
    ),
    sqlite_strict=True,
)
