"""The purpose beside each call's moment and outcome: the words of the last calls are read from this index alone."""

from alembic import op

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None

_LOG = "CREATE INDEX ix_calls_log ON calls (started_at, id, outcome, account_id{more})"


def upgrade() -> None:
    op.execute("DROP INDEX ix_calls_log")
    op.execute(_LOG.format(more=", purpose"))


def downgrade() -> None:
    op.execute("DROP INDEX ix_calls_log")
    op.execute(_LOG.format(more=""))
