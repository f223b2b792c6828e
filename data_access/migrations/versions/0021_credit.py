"""An index of the credit notes that are not used up, which are few among the open bills."""

from pathlib import Path

from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    tables = Path(__file__).parents[1] / "tables" / f"{op.get_bind().dialect.name}_0021.sql"
    op.get_bind().exec_driver_sql(tables.read_text(encoding="utf-8"))


def downgrade() -> None:
    op.execute("DROP INDEX ix_invoices_credit")
