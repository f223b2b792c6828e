"""The first and the last day on which something was applied to a bill or of money: what was open on a past day by index."""

from importlib import import_module
from pathlib import Path
from types import ModuleType

from alembic import op

from data_access.migrations.triggers.applied_0024 import FILLED

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

_TABLES = ("invoices", "payments")
_INDEXES = ("invoices_open_issued", "invoices_settled_until", "invoices_in_part", "payments_applied_later")


def upgrade() -> None:
    connection = op.get_bind()
    dialect = connection.dialect.name
    triggers = import_module(f"data_access.migrations.triggers.{dialect}_0024")
    if dialect == "postgresql":  # the owner of the tables sees no rows: row-level security is forced
        filling = ["SET LOCAL ROLE duewatch_all", *FILLED, "RESET ROLE"]
        aside = [f"ALTER TABLE {table} {{}} TRIGGER USER" for table in _TABLES]  # they refuse an edit
        filling = [*(s.format("DISABLE") for s in aside), *filling, *(s.format("ENABLE") for s in aside)]
        made = [*triggers.REPLACED, *_confinement().create("")]
    else:
        filling, made = FILLED, [*triggers.REPLACED, *triggers.CREATE]
    for statement in [*_statements(f"{dialect}_0024"), *filling, *made, *_statements(f"{dialect}_0024_indexes")]:
        connection.exec_driver_sql(statement.replace("%", "%%") if dialect == "postgresql" else statement)


def downgrade() -> None:
    connection = op.get_bind()
    dialect = connection.dialect.name
    triggers = import_module(f"data_access.migrations.triggers.{dialect}_0024")
    dropped = _confinement().DROP if dialect == "postgresql" else triggers.DROP
    for statement in [*dropped, *triggers.RESTORED]:
        connection.exec_driver_sql(statement.replace("%", "%%") if dialect == "postgresql" else statement)
    for name in _INDEXES:
        op.execute(f"DROP INDEX ix_{name}")
    for table in _TABLES:
        for column in ("applied_from", "applied_until"):
            op.execute(f"ALTER TABLE {table} DROP COLUMN {column}")


def _confinement() -> ModuleType:
    return import_module("data_access.migrations.confinement.postgresql_0024")


def _statements(name: str) -> list[str]:
    path = Path(__file__).parents[1] / "tables" / f"{name}.sql"
    return [statement for statement in path.read_text(encoding="utf-8").split(";\n") if statement.strip()]
