"""What is open by account and due day, kept beside the sums of open items; indexes of open bills by due day and amount."""

from importlib import import_module
from pathlib import Path

from alembic import op

from data_access.migrations.triggers import accounts_0018 as totals

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    connection = op.get_bind()
    dialect = connection.dialect.name
    tables = Path(__file__).parents[1] / "tables" / f"{dialect}_0018.sql"
    statements = [statement for statement in tables.read_text(encoding="utf-8").split(";\n") if statement.strip()]
    filling = [totals.filled(dialect)]
    if dialect == "postgresql":  # the owner of the tables sees no rows: row-level security is forced
        statements += import_module("data_access.migrations.confinement.postgresql_0018").create("")
        filling = ["SET LOCAL ROLE duewatch_all", *filling, "RESET ROLE"]
    for statement in [*statements, *filling]:
        connection.exec_driver_sql(statement.replace("%", "%%") if dialect == "postgresql" else statement)


def downgrade() -> None:
    for statement in (
        "DROP INDEX ix_invoices_open_left",
        "DROP INDEX ix_invoices_open_due",
        "DROP TABLE account_totals",  # with its grants and policies
    ):
        op.execute(statement)
