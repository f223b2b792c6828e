"""The risk of each account is kept for some days of the past, and what the alert rules found tells who else may see it."""

from importlib import import_module
from pathlib import Path

from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

# What who sees some sites may be told otherwise: by bank statements, a vendor's other accounts, and lines that end at other sites.
_ELSEWHERE = "SELECT s.account_id FROM services s JOIN accounts a ON a.id = s.account_id WHERE s.site_id <> a.site_id"
_FILLED = (
    f"UPDATE alert_findings SET apart = {{true}} WHERE rule IN ('R10', 'R23') OR account_id IN ({_ELSEWHERE})",  # noqa: S608
    "UPDATE alert_judged SET apart = {true} WHERE account_id IN (SELECT account_id FROM alert_findings WHERE rule = 'R23') "
    f"OR account_id IN ({_ELSEWHERE})",
)


def upgrade() -> None:
    connection = op.get_bind()
    dialect = connection.dialect.name
    tables = Path(__file__).parents[1] / "tables" / f"{dialect}_0027.sql"
    statements = [statement for statement in tables.read_text(encoding="utf-8").split(";\n") if statement.strip()]
    filling = [statement.format(true="true" if dialect == "postgresql" else "1") for statement in _FILLED]
    if dialect == "postgresql":  # the owner of the tables sees no rows: row-level security is forced
        statements += import_module("data_access.migrations.confinement.postgresql_0027").create("")
        filling = ["SET LOCAL ROLE duewatch_all", *filling, "RESET ROLE"]
    statements += filling
    for statement in statements:
        connection.exec_driver_sql(statement.replace("%", "%%") if dialect == "postgresql" else statement)


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        for statement in import_module("data_access.migrations.confinement.postgresql_0027").drop():
            op.execute(statement)
    for index in ("ix_alert_judged_apart", "ix_alert_findings_site"):
        op.execute(f"DROP INDEX {index}")
    for table in ("alert_judged", "alert_findings"):
        op.execute(f"ALTER TABLE {table} DROP COLUMN apart")
    for table in ("past_risks", "past_days"):
        op.execute(f"DROP TABLE {table}")
