"""The totals of months by site, kept beside those by region and vendor; bills by due day without those that name none."""

from importlib import import_module
from pathlib import Path

from alembic import op

from data_access.migrations.triggers import sites_0022 as totals

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    connection = op.get_bind()
    dialect = connection.dialect.name
    tables = Path(__file__).parents[1] / "tables" / f"{dialect}_0022.sql"
    statements = [statement for statement in tables.read_text(encoding="utf-8").split(";\n") if statement.strip()]
    if dialect == "postgresql":
        statements += import_module("data_access.migrations.confinement.postgresql_0022").create("")
    for statement in statements:
        connection.exec_driver_sql(statement.replace("%", "%%") if dialect == "postgresql" else statement)
    if dialect == "postgresql":  # the owner of the tables sees no rows: row-level security is forced
        connection.exec_driver_sql("SET LOCAL ROLE duewatch_all")
    totals.fill(connection)
    if dialect == "postgresql":
        connection.exec_driver_sql("RESET ROLE")
    connection.exec_driver_sql("ANALYZE site_totals")  # without which PostgreSQL joins it row by row


def downgrade() -> None:
    for statement in (
        "DROP INDEX ix_calls_site_id_started_at",
        "CREATE INDEX ix_calls_site_id_started_at ON calls (site_id, started_at)",
        "DROP INDEX ix_invoices_due_on",
        "CREATE INDEX ix_invoices_due_on ON invoices (due_on)",
        "DROP TABLE site_totals",  # with its grants and policies
    ):
        op.execute(statement)
