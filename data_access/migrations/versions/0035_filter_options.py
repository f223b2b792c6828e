"""Indexes of what the filter bar offers: the service types and currencies of all accounts are found one after the other."""

from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

_COLUMNS = ("service_type", "currency")


def upgrade() -> None:
    for column in _COLUMNS:
        op.create_index(f"ix_accounts_{column}", "accounts", [column])


def downgrade() -> None:
    for column in _COLUMNS:
        op.execute(f"DROP INDEX ix_accounts_{column}")
