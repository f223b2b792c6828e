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
# The older table has no place for a balance that nobody stated: it gets the one that adds up, counted from 0 without any.
_BALANCED = [
    "UPDATE bank_statements SET opening = coalesce(closing - movements, 0) WHERE opening IS NULL",
    "UPDATE bank_statements SET closing = opening + movements WHERE closing IS NULL",
    *(f"ALTER TABLE bank_statements ALTER COLUMN {balance} SET NOT NULL" for balance in ("opening", "closing")),
]
_OPENED = "ALTER TABLE bank_statements NO FORCE ROW LEVEL SECURITY, DISABLE TRIGGER bank_statements_update"
_CLOSED = "ALTER TABLE bank_statements FORCE ROW LEVEL SECURITY, ENABLE TRIGGER bank_statements_update"


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
    triggers = import_module(f"data_access.migrations.triggers.{dialect}_0007")
    if dialect == "postgresql":
        statements = [*triggers.DROP, _OPENED, *_BALANCED, _CLOSED]
    else:
        restored = [each for each in triggers.RESTORED if each.split()[2] == "bank_statements_no_update"]
        statements = [*triggers.DROP, "DROP TRIGGER bank_statements_no_update", *_BALANCED, *restored]
    for statement in statements:
        op.get_bind().exec_driver_sql(statement)
    for table, columns in (("bank_lines", _LINE_COLUMNS), ("bank_statements", _STATEMENT_COLUMNS)):
        op.execute(f"DROP INDEX uq_{table}_bank_account_import_key")
        for column in columns:
            op.execute(f"ALTER TABLE {table} DROP COLUMN {column}")
