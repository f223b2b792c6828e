"""Bills in time: how many fell due in each month and were settled by then, among the totals of months."""

from importlib import import_module
from pathlib import Path

from alembic import op

from data_access.migrations.triggers import months_0020 as months

revision = "0020"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    connection = op.get_bind()
    dialect = connection.dialect.name
    tables = Path(__file__).parents[1] / "tables" / f"{dialect}_0020.sql"
    triggers = import_module(f"data_access.migrations.triggers.{dialect}_0020")
    statements = [statement for statement in tables.read_text(encoding="utf-8").split(";\n") if statement.strip()]
    filling = months.filled(dialect)
    if dialect == "postgresql":  # the owner of the tables sees no rows: row-level security is forced
        filling = ["SET LOCAL ROLE duewatch_all", *filling, "RESET ROLE"]
        made = triggers.REPLACED
    else:
        made = [*triggers.DROP, *triggers.CREATE]
    for statement in [*statements, *filling, *made]:
        connection.exec_driver_sql(statement.replace("%", "%%") if dialect == "postgresql" else statement)


def downgrade() -> None:
    connection = op.get_bind()
    dialect = connection.dialect.name
    triggers = import_module(f"data_access.migrations.triggers.{dialect}_0020")
    dropped = [] if dialect == "postgresql" else triggers.DROP
    for statement in [*dropped, *triggers.RESTORED]:
        connection.exec_driver_sql(statement.replace("%", "%%") if dialect == "postgresql" else statement)
    for name in ("invoices_due_before", "invoices_no_due", "allocations_reversing", "payments_posted_on_paid_on", "calls_log"):
        op.execute(f"DROP INDEX ix_{name}")
    op.execute("CREATE INDEX ix_calls_started_at_id ON calls (started_at, id)")
    for name in months.MEASURES[-2:]:
        op.execute(f"ALTER TABLE month_totals DROP COLUMN {name}")
