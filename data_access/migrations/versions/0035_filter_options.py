"""Indexes of what the filter bar offers: the service types and currencies of all accounts are found one after the other."""

from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

_COLUMNS = ("service_type", "currency")


def upgrade() -> None:
    for column in _COLUMNS:  # of an expression, so that SQLite takes it for no filter by the column
        op.execute(f"CREATE INDEX ix_accounts_each_{column} ON accounts (({column} || ''))")


def downgrade() -> None:
    for column in _COLUMNS:
        op.execute(f"DROP INDEX ix_accounts_each_{column}")
