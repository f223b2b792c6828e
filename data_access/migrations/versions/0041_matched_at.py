"""The last moment at which something of a payment was matched, or its match undone: what was matched after a past day by index."""

from importlib import import_module
from types import ModuleType

from alembic import op

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None

_FILLED = (
    "UPDATE payments SET matched_at = (SELECT max(m.decided_at) FROM matches m "
    "WHERE m.account_id = payments.account_id AND m.payment_id = payments.id) "
    "WHERE id IN (SELECT payment_id FROM matches)"
)
_MONTHS = {
    "sqlite": "max(24180, substr(paid_on, 1, 4) * 12 + substr(paid_on, 6, 2))",
    "postgresql": "greatest(24180, CAST(EXTRACT(year FROM paid_on) * 12 + EXTRACT(month FROM paid_on) AS integer))",
}


def upgrade() -> None:
    dialect = op.get_bind().dialect.name
    postgresql = dialect == "postgresql"
    type_ = "TIMESTAMP WITH TIME ZONE" if postgresql else "TEXT"
    statements = [f"ALTER TABLE payments ADD COLUMN matched_at {type_}"]
    if postgresql:  # its triggers refuse an edit, and the owner of the tables sees no rows
        statements += ["ALTER TABLE payments DISABLE TRIGGER USER", "SET LOCAL ROLE duewatch_all", _FILLED]
        statements += ["RESET ROLE", "ALTER TABLE payments ENABLE TRIGGER USER"]
    else:
        statements += [_FILLED]
    index = (
        f"CREATE INDEX ix_payments_matched_later ON payments (({_MONTHS[dialect]}), matched_at, paid_on, site_id, id) "
        "WHERE matched_at IS NOT NULL"
    )
    for statement in [*statements, *_triggers(dialect).UPGRADE, index]:
        _execute(statement)


def downgrade() -> None:
    for statement in _triggers(op.get_bind().dialect.name).DOWNGRADE:
        _execute(statement)
    op.execute("DROP INDEX ix_payments_matched_later")
    op.execute("ALTER TABLE payments DROP COLUMN matched_at")


def _triggers(dialect: str) -> ModuleType:
    return import_module(f"data_access.migrations.triggers.{dialect}_0041")


def _execute(statement: str) -> None:
    connection = op.get_bind()
    connection.exec_driver_sql(statement.replace("%", "%%") if connection.dialect.name == "postgresql" else statement)
