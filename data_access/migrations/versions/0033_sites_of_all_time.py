"""The totals of sites over all time, and what is open by its due day: sites in order of what they owe are read from few rows."""

from alembic import op

from data_access.migrations.triggers import sites_0033 as totals

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    connection = op.get_bind()
    if connection.dialect.name == "postgresql":  # the owner of the tables sees no rows: row-level security is forced
        connection.exec_driver_sql("SET LOCAL ROLE duewatch_all")
    connection.exec_driver_sql(totals.of_years())
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("RESET ROLE")
    op.create_index("ix_account_totals_due", "account_totals", ["due_on", "currency", "site_id", "open_amount"])


def downgrade() -> None:
    op.execute("DROP INDEX ix_account_totals_due")
    connection = op.get_bind()
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SET LOCAL ROLE duewatch_all")
    connection.exec_driver_sql(f"DELETE FROM site_totals WHERE period = '{totals.EVER}'")  # noqa: S608
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("RESET ROLE")
