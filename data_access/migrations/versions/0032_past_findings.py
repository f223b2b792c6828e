"""What the alert rules find is kept for some days of the past; what was billed by month is read from an index."""

from importlib import import_module
from pathlib import Path

from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    connection = op.get_bind()
    dialect = connection.dialect.name
    tables = Path(__file__).parents[1] / "tables" / f"{dialect}_0032.sql"
    statements = [statement for statement in tables.read_text(encoding="utf-8").split(";\n") if statement.strip()]
    if dialect == "postgresql":
        statements += import_module("data_access.migrations.confinement.postgresql_0032").create("")
    for statement in statements:
        connection.exec_driver_sql(statement)


def downgrade() -> None:
    op.execute("DROP INDEX ix_month_totals_billed")
    for table in ("past_findings", "past_alert_days"):  # with their grants and policies
        op.execute(f"DROP TABLE {table}")
