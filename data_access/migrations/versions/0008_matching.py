"""Matching: what of a payment and of a bank line is matched, why, and what else a line was decided to be."""

from importlib import import_module
from pathlib import Path

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_LIVE = "coalesce((SELECT sum(CASE WHEN m.undoes_id IS NULL THEN m.amount ELSE -m.amount END) FROM matches m WHERE {}), 0)"
_BACKFILL = [
    f"UPDATE payments SET matched = {_LIVE.format('m.account_id = payments.account_id AND m.payment_id = payments.id')} "
    "WHERE id IN (SELECT payment_id FROM matches)",
    f"UPDATE bank_lines SET matched = {_LIVE.format('m.bank_line_id = bank_lines.id')} "
    "WHERE id IN (SELECT bank_line_id FROM matches)",
]


def upgrade() -> None:
    connection = op.get_bind()
    dialect = connection.dialect.name
    tables = Path(__file__).parents[1] / "tables" / f"{dialect}_0008.sql"
    triggers = import_module(f"data_access.migrations.triggers.{dialect}_0008")
    statements = [statement for statement in tables.read_text(encoding="utf-8").split(";\n") if statement.strip()]
    statements += triggers.REPLACED
    if dialect == "postgresql":  # the owner of the tables sees no rows: row-level security is forced
        statements += import_module("data_access.migrations.confinement.postgresql_0008").create("")
        statements += ["SET LOCAL ROLE duewatch_all", *_BACKFILL, "RESET ROLE"]
    else:
        statements += _BACKFILL
    statements += triggers.CREATE
    for statement in statements:
        connection.exec_driver_sql(statement.replace("%", "%%") if dialect == "postgresql" else statement)


def downgrade() -> None:
    triggers = import_module(f"data_access.migrations.triggers.{op.get_bind().dialect.name}_0008")
    for statement in [*triggers.DROP, *triggers.RESTORED]:
        op.get_bind().exec_driver_sql(statement.replace("%", "%%") if triggers.RESTORED else statement)
    for table in ("match_aliases", "bank_line_decisions"):  # with their grants and policies
        op.execute(f"DROP TABLE {table}")
    for table, column in (("matches", "reasons"), ("bank_lines", "matched"), ("payments", "matched")):
        op.execute(f"ALTER TABLE {table} DROP COLUMN {column}")
