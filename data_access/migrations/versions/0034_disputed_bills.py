"""Which bills were ever disputed: what is disputed of what is open is found by an index of these alone."""

from importlib import import_module
from types import ModuleType

from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

_FILLED = (
    "UPDATE invoices SET ever_disputed = 1 WHERE EXISTS (SELECT 1 FROM disputes d "
    "WHERE d.account_id = invoices.account_id AND d.invoice_id = invoices.id)"
)
_COLUMNS = ("account_id", "id", "kind", "issued_on", "due_on", "amount", "settled", "applied_from", "applied_until")


def upgrade() -> None:
    connection = op.get_bind()
    postgresql = connection.dialect.name == "postgresql"
    type_ = "BIGINT" if postgresql else "INTEGER"
    filling = [f"ALTER TABLE invoices ADD COLUMN ever_disputed {type_} DEFAULT 0 NOT NULL"]
    if postgresql:  # its triggers refuse an edit, and the owner of the tables sees no rows
        filling += ["ALTER TABLE invoices DISABLE TRIGGER USER", "SET LOCAL ROLE duewatch_all", _FILLED, "RESET ROLE"]
        filling += ["ALTER TABLE invoices ENABLE TRIGGER USER"]
    else:
        filling += [_FILLED]
    index = f"CREATE INDEX ix_invoices_disputed ON invoices ({', '.join(_COLUMNS)}) WHERE ever_disputed = 1"
    for statement in [*filling, *_triggers(connection.dialect.name).UPGRADE, index]:
        _execute(statement)


def downgrade() -> None:
    for statement in _triggers(op.get_bind().dialect.name).DOWNGRADE:
        _execute(statement)
    op.execute("DROP INDEX ix_invoices_disputed")
    op.execute("ALTER TABLE invoices DROP COLUMN ever_disputed")


def _triggers(dialect: str) -> ModuleType:
    return import_module(f"data_access.migrations.triggers.{dialect}_0034")


def _execute(statement: str) -> None:
    connection = op.get_bind()
    connection.exec_driver_sql(statement.replace("%", "%%") if connection.dialect.name == "postgresql" else statement)
