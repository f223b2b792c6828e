"""Open items: sums by due day of what is open, and of what each month changed, kept with the rows that they follow from."""

from importlib import import_module
from pathlib import Path

from alembic import op

from data_access.migrations.triggers import open_0016 as items

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    connection = op.get_bind()
    dialect = connection.dialect.name
    tables = Path(__file__).parents[1] / "tables" / f"{dialect}_0016.sql"
    triggers = import_module(f"data_access.migrations.triggers.{dialect}_0016")

    def run(statements: list[str]) -> None:
        for statement in statements:
            connection.exec_driver_sql(statement.replace("%", "%%") if dialect == "postgresql" else statement)

    statements = [statement for statement in tables.read_text(encoding="utf-8").split(";\n") if statement.strip()]
    if dialect == "postgresql":  # the owner of the tables sees no rows: row-level security is forced
        statements += import_module("data_access.migrations.confinement.postgresql_0016").create("")
        statements += ["SET LOCAL ROLE duewatch_all", items.filled(dialect), "RESET ROLE"]
    run(statements)
    if dialect == "sqlite":
        items.fill_sqlite(connection)
    run([*triggers.REPLACED, *triggers.CREATE])


def downgrade() -> None:
    connection = op.get_bind()
    triggers = import_module(f"data_access.migrations.triggers.{connection.dialect.name}_0016")
    for statement in [*triggers.DROP, *triggers.RESTORED]:
        connection.exec_driver_sql(statement)
    for statement in ("DROP INDEX ix_disputes_closed_on", "DROP TABLE open_totals"):
        op.execute(statement)  # with its grants and policies
