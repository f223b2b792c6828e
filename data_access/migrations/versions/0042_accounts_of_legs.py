"""The indexes that legs of payments are walked along tell the account, so that another's row is not read."""

from alembic import op

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None

_WALKED = {
    "ix_payments_unmatched": ("posted_on, id", "matched < amount"),
    "ix_payments_matched": ("paid_on, id", "matched = amount"),
}


def upgrade() -> None:
    _anew(", account_id")


def downgrade() -> None:
    _anew("")


def _anew(more: str) -> None:
    for name, (columns, where) in _WALKED.items():
        op.execute(f"DROP INDEX {name}")
        op.execute(f"CREATE INDEX {name} ON payments ({columns}{more}) WHERE kind = 'payment' AND {where}")
