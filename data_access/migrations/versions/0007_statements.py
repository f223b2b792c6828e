"""Statements as files bring them: balances that may be missing, and overlapping periods."""

from importlib import import_module
from pathlib import Path

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_STATEMENT_COLUMNS = ("movements", "reference", "import_key")
_LINE_COLUMNS = ("bank_account", "value_on", "counterparty")


def upgrade() -> None:
    connection = op.get_bind()
    dialect = connection.dialect.name
    tables = Path(__file__).parents[1] / "tables" / f"{dialect}_0007.sql"
    statements = [statement for statement in tables.read_text(encoding="utf-8").split(";\n") if statement.strip()]
    triggers = import_module(f"data_access.migrations.triggers.{dialect}_0007")
    statements += triggers.RESTORED + triggers.CREATE
    if dialect == "postgresql":
        statements = [statement.replace("%", "%%") for statement in statements]
    for statement in statements:
        connection.exec_driver_sql(statement)


def downgrade() -> None:
    dialect = op.get_bind().dialect.name
    for statement in import_module(f"data_access.migrations.triggers.{dialect}_0007").DROP:
        op.execute(statement)
    for table, columns in (("bank_lines", _LINE_COLUMNS), ("bank_statements", _STATEMENT_COLUMNS)):
        op.execute(f"DROP INDEX uq_{table}_bank_account_import_key")
        for column in columns:
            op.execute(f"ALTER TABLE {table} DROP COLUMN {column}")
    # A statement without balances has no place in the older table: the columns keep taking nothing.
