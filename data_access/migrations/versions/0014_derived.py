"""The totals of months: what was billed, paid and late, kept with the rows that it follows from."""

from importlib import import_module
from pathlib import Path

from alembic import op

from data_access.migrations.triggers import months_0014 as months

revision = "0014"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    connection = op.get_bind()
    dialect = connection.dialect.name
    tables = Path(__file__).parents[1] / "tables" / f"{dialect}_0014.sql"
    statements = [statement for statement in tables.read_text(encoding="utf-8").split(";\n") if statement.strip()]
    filling = [months.into_totals(months.every_total(dialect)), months.into_payments(months.every_payment(dialect))]
    if dialect == "postgresql":  # the owner of the tables sees no rows: row-level security is forced
        statements += import_module("data_access.migrations.confinement.postgresql_0014").create("")
        filling = ["SET LOCAL ROLE duewatch_all", *filling, "RESET ROLE"]
    statements += filling
    statements += import_module(f"data_access.migrations.triggers.{dialect}_0014").CREATE
    for statement in statements:
        connection.exec_driver_sql(statement.replace("%", "%%") if dialect == "postgresql" else statement)


def downgrade() -> None:
    for statement in import_module(f"data_access.migrations.triggers.{op.get_bind().dialect.name}_0014").DROP:
        op.execute(statement)
    for table in ("month_payments", "month_totals"):  # with their grants and policies
        op.execute(f"DROP TABLE {table}")
