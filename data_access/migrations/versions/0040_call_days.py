"""Calls by day of UTC: a month's calls are counted from few rows, but for the hours around its turns."""

from importlib import import_module
from pathlib import Path

from alembic import op

from data_access.migrations.triggers import calls_0040 as calls

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None


def upgrade() -> None:
    connection = op.get_bind()
    dialect = connection.dialect.name
    tables = Path(__file__).parents[1] / "tables" / f"{dialect}_0040.sql"
    statements = [statement for statement in tables.read_text(encoding="utf-8").split(";\n") if statement.strip()]
    filling = [f"{calls.INTO} (day, calls, paid) {calls.every_day(dialect)}"]
    if dialect == "postgresql":  # the owner of the tables sees no rows: row-level security is forced
        statements += import_module("data_access.migrations.confinement.postgresql_0040").create("")
        filling = ["SET LOCAL ROLE duewatch_all", *filling, "RESET ROLE"]
    statements += filling
    statements += import_module(f"data_access.migrations.triggers.{dialect}_0040").CREATE
    for statement in statements:
        connection.exec_driver_sql(statement.replace("%", "%%") if dialect == "postgresql" else statement)


def downgrade() -> None:
    for statement in import_module(f"data_access.migrations.triggers.{op.get_bind().dialect.name}_0040").DROP:
        op.execute(statement)
    op.execute("DROP TABLE call_days")  # with its grants and policies
