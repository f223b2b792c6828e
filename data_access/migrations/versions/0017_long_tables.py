"""Indexes of long tables: of what waits in Reconcile and the call log, of payments by amount and by the beginning of a number."""

import re
from pathlib import Path

from alembic import op

revision = "0017"
down_revision = "0016"
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
    indexes = Path(__file__).parents[1] / "tables" / f"{op.get_bind().dialect.name}_0017.sql"
    return [statement for statement in indexes.read_text(encoding="utf-8").split(";\n") if statement.strip()]
