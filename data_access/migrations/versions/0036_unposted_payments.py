"""An index of the payments that are not posted, by the day of payment, in which order they are told."""

from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        "CREATE INDEX ix_payments_unposted ON payments (paid_on, id) "
        "WHERE kind = 'payment' AND matched < amount AND posted_on IS NULL"
    )


def downgrade() -> None:
    op.execute("DROP INDEX ix_payments_unposted")
