"""Indexes of what matching and the refund candidates look for: late fees, payments posted early, confirmation numbers with signs."""

import re
from pathlib import Path

from alembic import op

revision = "0026"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for statement in _statements():
        op.get_bind().exec_driver_sql(statement)


def downgrade() -> None:
    for statement in reversed(_statements()):
        named = re.search(r"CREATE INDEX (\w+)", statement)
        if named:
            op.execute(f"DROP INDEX {named[1]}")


def _statements() -> list[str]:
    """None holds a percent sign, which a driver would read as a parameter."""
    indexes = Path(__file__).parents[1] / "tables" / f"{op.get_bind().dialect.name}_0026.sql"
    return [statement for statement in indexes.read_text(encoding="utf-8").split(";\n") if statement.strip()]
