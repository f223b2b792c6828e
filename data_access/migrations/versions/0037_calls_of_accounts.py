"""The account beside each call's moment and outcome: calls of one service type or vendor are counted by this index alone."""

from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None

_LOG = "CREATE INDEX ix_calls_log ON calls (started_at, id, outcome{more})"


def upgrade() -> None:
    op.execute("DROP INDEX ix_calls_log")
    op.execute(_LOG.format(more=", account_id"))


def downgrade() -> None:
    op.execute("DROP INDEX ix_calls_log")
    op.execute(_LOG.format(more=""))
