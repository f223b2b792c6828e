"""What the alert rules find, kept by account, with marks of the accounts to judge again; nothing is judged yet."""

from importlib import import_module
from pathlib import Path

from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

_FILLED = "INSERT INTO alert_judged (account_id, site_id, day) SELECT id, site_id, '0001-01-01' FROM accounts"


def upgrade() -> None:
    connection = op.get_bind()
    dialect = connection.dialect.name
    tables = Path(__file__).parents[1] / "tables" / f"{dialect}_0023.sql"
    statements = [statement for statement in tables.read_text(encoding="utf-8").split(";\n") if statement.strip()]
    filling = [_FILLED]
    if dialect == "postgresql":  # the owner of the tables sees no rows: row-level security is forced
        statements += import_module("data_access.migrations.confinement.postgresql_0023").create("")
        filling = ["SET LOCAL ROLE duewatch_all", *filling, "RESET ROLE"]
    triggers = import_module(f"data_access.migrations.triggers.{dialect}_0023")
    for statement in [*statements, *filling, *triggers.CREATE]:
        connection.exec_driver_sql(statement.replace("%", "%%") if dialect == "postgresql" else statement)


def downgrade() -> None:
    connection = op.get_bind()
    triggers = import_module(f"data_access.migrations.triggers.{connection.dialect.name}_0023")
    for statement in (
        *triggers.DROP,
        "DROP INDEX ix_alerts_owner",
        "DROP INDEX ix_alerts_snoozed",
        "DROP TABLE alert_marks",  # with their grants and policies
        "DROP TABLE alert_judged",
        "DROP TABLE alert_findings",
    ):
        connection.exec_driver_sql(statement)
