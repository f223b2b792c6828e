"""Links to a person's calendar: what is kept of each is its hash."""

from importlib import import_module
from pathlib import Path

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    connection = op.get_bind()
    dialect = connection.dialect.name
    tables = Path(__file__).parents[1] / "tables" / f"{dialect}_0006.sql"
    statements = [statement for statement in tables.read_text(encoding="utf-8").split(";\n") if statement.strip()]
    if dialect == "postgresql":
        statements += import_module("data_access.migrations.confinement.postgresql_0006").create("")
    for statement in statements:
        connection.exec_driver_sql(statement.replace("%", "%%") if dialect == "postgresql" else statement)


def downgrade() -> None:
    op.execute("DROP TABLE calendar_tokens")  # with its grants and policies
