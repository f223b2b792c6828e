"""The database holds the scope: roles and row-level security on PostgreSQL; whose rejected row it is."""

from importlib import import_module

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("import_rejects", sa.Column("actor", sa.String(), nullable=False, server_default=""))
    _run("create")


def downgrade() -> None:
    _run("drop")
    op.drop_column("import_rejects", "actor")


def _run(which: str) -> None:
    connection = op.get_bind()
    if connection.dialect.name != "postgresql":
        return
    schema = connection.exec_driver_sql("SELECT quote_ident(current_schema())").scalar_one()
    for statement in getattr(import_module("data_access.migrations.confinement.postgresql_0002"), which)(schema):
        connection.exec_driver_sql(statement.replace("%", "%%"))
