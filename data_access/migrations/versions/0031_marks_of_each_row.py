"""Each row that the alert rules look at leaves a mark, also the second of its account in a row."""

from alembic import op

from data_access.migrations.triggers import sqlite_0031 as triggers

revision = "0031"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _execute([*triggers.DROP, *triggers.CREATE])


def downgrade() -> None:
    _execute([*triggers.DROP, *triggers.RESTORED])


def _execute(statements: list[str]) -> None:
    connection = op.get_bind()
    if connection.dialect.name == "sqlite":
        for statement in statements:
            connection.exec_driver_sql(statement)
