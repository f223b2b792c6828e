"""The risk of each account is kept for some days of the past."""

from importlib import import_module
from pathlib import Path

from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    connection = op.get_bind()
    dialect = connection.dialect.name
    tables = Path(__file__).parents[1] / "tables" / f"{dialect}_0027.sql"
    statements = [statement for statement in tables.read_text(encoding="utf-8").split(";\n") if statement.strip()]
    if dialect == "postgresql":
        statements += import_module("data_access.migrations.confinement.postgresql_0027").create("")
    for statement in statements:
        connection.exec_driver_sql(statement.replace("%", "%%") if dialect == "postgresql" else statement)


def downgrade() -> None:
    for table in ("past_risks", "past_days"):
        op.execute(f"DROP TABLE {table}")
