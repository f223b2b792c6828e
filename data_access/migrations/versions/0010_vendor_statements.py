"""What vendors say is open, and what came of each dispute."""

from importlib import import_module
from pathlib import Path

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

TABLES = ("dispute_events", "vendor_statement_lines", "vendor_statements")


def upgrade() -> None:
    connection = op.get_bind()
    dialect = connection.dialect.name
    tables = Path(__file__).parents[1] / "tables" / f"{dialect}_0010.sql"
    statements = [statement for statement in tables.read_text(encoding="utf-8").split(";\n") if statement.strip()]
    statements += import_module(f"data_access.migrations.triggers.{dialect}_0010").CREATE
    if dialect == "postgresql":
        statements += import_module("data_access.migrations.confinement.postgresql_0010").create("")
        statements = [statement.replace("%", "%%") for statement in statements]
    for statement in statements:
        connection.exec_driver_sql(statement)


def downgrade() -> None:
    dialect = op.get_bind().dialect.name
    for statement in import_module(f"data_access.migrations.triggers.{dialect}_0010").DROP:
        op.execute(statement)
    for table in TABLES:  # with their grants and policies
        op.execute(f"DROP TABLE {table}")
    op.execute("ALTER TABLE disputes DROP COLUMN kind")
