"""Each account's risk is kept, with marks of those that are to be judged again."""

from importlib import import_module
from pathlib import Path

from alembic import op

from data_access.migrations.triggers import risk_0021 as risks

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    connection = op.get_bind()
    dialect = connection.dialect.name
    tables = Path(__file__).parents[1] / "tables" / f"{dialect}_0021.sql"
    statements = [statement for statement in tables.read_text(encoding="utf-8").split(";\n") if statement.strip()]
    statements += import_module(f"data_access.migrations.triggers.{dialect}_0021").CREATE
    filling = [risks.FILLED]
    if dialect == "postgresql":  # the owner of the tables sees no rows: row-level security is forced
        statements += import_module("data_access.migrations.confinement.postgresql_0021").create("")
        filling = ["SET LOCAL ROLE duewatch_all", *filling, "RESET ROLE"]
    for statement in [*statements, *filling]:
        connection.exec_driver_sql(statement.replace("%", "%%") if dialect == "postgresql" else statement)


def downgrade() -> None:
    dialect = op.get_bind().dialect.name
    statements = list(import_module(f"data_access.migrations.triggers.{dialect}_0021").DROP)
    if dialect == "postgresql":
        statements += import_module("data_access.migrations.confinement.postgresql_0021").drop()
    for statement in [*statements, "DROP TABLE risk_marks", "DROP TABLE account_risks"]:
        op.execute(statement)
