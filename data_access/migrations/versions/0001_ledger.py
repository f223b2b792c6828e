"""The ledger: tables, and the rules that hold it true whoever writes."""

from importlib import import_module
from pathlib import Path

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

TABLES = (
    "allocations charges disputes payments calls invoices services import_rejects grants accounts vendors users sites "
    "import_batches fx_rates audit_log"
).split()


def upgrade() -> None:
    dialect = op.get_bind().dialect.name
    tables = Path(__file__).parents[1] / "tables" / f"{dialect}_0001.sql"
    for statement in tables.read_text(encoding="utf-8").split(";\n"):
        if statement.strip():
            op.execute(statement.replace(":", r"\:"))
    for statement in import_module(f"data_access.migrations.triggers.{dialect}_0001").CREATE:
        op.get_bind().exec_driver_sql(statement.replace("%", "%%") if dialect == "postgresql" else statement)


def downgrade() -> None:
    dialect = op.get_bind().dialect.name
    for statement in import_module(f"data_access.migrations.triggers.{dialect}_0001").DROP:
        op.execute(statement)
    for table in TABLES:
        op.execute(f"DROP TABLE {table}")
