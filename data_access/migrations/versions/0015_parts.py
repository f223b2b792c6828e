"""Terms say which part payment of a bill puts off the suspension for it, and by how many days."""

from importlib import import_module
from pathlib import Path

from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    connection = op.get_bind()
    dialect = connection.dialect.name
    tables = Path(__file__).parents[1] / "tables" / f"{dialect}_0015.sql"
    triggers = import_module(f"data_access.migrations.triggers.{dialect}_0015")
    columns = [statement for statement in tables.read_text(encoding="utf-8").split(";\n") if statement.strip()]
    for statement in (*triggers.REPLACED, *columns, *triggers.CREATE):
        connection.exec_driver_sql(statement)


def downgrade() -> None:
    triggers = import_module(f"data_access.migrations.triggers.{op.get_bind().dialect.name}_0015")
    for statement in triggers.REPLACED:
        op.execute(statement)
    for column in ("part_days", "part_basis_points"):
        op.execute(f"ALTER TABLE vendor_policies DROP COLUMN {column}")
    for statement in triggers.RESTORED:
        op.get_bind().exec_driver_sql(statement)
