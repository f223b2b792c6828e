"""Saved mappings: how the files of one bank or vendor are read, by name."""

from importlib import import_module
from pathlib import Path

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    connection = op.get_bind()
    dialect = connection.dialect.name
    table = Path(__file__).parents[1] / "tables" / f"{dialect}_0011.sql"
    statements = [statement for statement in table.read_text(encoding="utf-8").split(";\n") if statement.strip()]
    if dialect == "postgresql":
        statements += import_module("data_access.migrations.confinement.postgresql_0011").create("")
    for statement in statements:
        connection.exec_driver_sql(statement.replace("%", "%%") if dialect == "postgresql" else statement)


def downgrade() -> None:
    op.execute("DROP TABLE import_mappings")  # with its grants and policies
