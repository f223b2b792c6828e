"""Indexes of the payments that are not posted, by the day of payment, and of sites by name: the orders in which they are told."""

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
    op.execute("CREATE INDEX ix_sites_name_code ON sites (name, code)")


def downgrade() -> None:
    op.execute("DROP INDEX ix_sites_name_code")
    op.execute("DROP INDEX ix_payments_unposted")
