"""Payments of chosen accounts by their days: what one service type paid is told by this index alone."""

from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("CREATE INDEX ix_payments_account ON payments (account_id, paid_on, kind, method, channel, amount)")


def downgrade() -> None:
    op.execute("DROP INDEX ix_payments_account")
