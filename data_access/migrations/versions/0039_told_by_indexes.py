"""Sums of months, and payments that are not simply posted, are told by the indexes that find them."""

from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None

_TOLD = "kind, amount, method, channel, status"
_SUMS = "billed, credited, paid, refunded, returned, bounced, payments, late, late_bills, fell_due, in_time, account_id"
_NOW = {
    "ix_payments_reversed": f"payments (reversed_on, paid_on, account_id, {_TOLD}, posted_on) WHERE reversed_on IS NOT NULL",
    "ix_payments_pending": f"payments (account_id, paid_on, {_TOLD}, posted_on, reversed_on) WHERE status = 'pending'",
    "ix_month_totals_folded": f"month_totals (month, currency, {_SUMS}) WHERE account_id IS NULL",
}
_BEFORE = {
    "ix_payments_reversed": "payments (reversed_on) WHERE reversed_on IS NOT NULL",
    "ix_payments_pending": "payments (account_id, paid_on) WHERE status = 'pending'",
    "ix_month_totals_billed": "month_totals (month, currency, billed, credited) WHERE account_id IS NULL",
}


def upgrade() -> None:
    _instead(_BEFORE, _NOW)


def downgrade() -> None:
    _instead(_NOW, _BEFORE)


def _instead(these: dict[str, str], those: dict[str, str]) -> None:
    for name in these:
        op.execute(f"DROP INDEX {name}")
    for name, columns in those.items():
        op.execute(f"CREATE INDEX {name} ON {columns}")
