"""Bringing a database to a revision of the schema, up or down."""

from contextlib import suppress
from pathlib import Path
from typing import Literal

from sqlalchemy import Connection, text

from data_access.database import Database

_SCRIPTS = Path(__file__).parent / "migrations"
_MIGRATION_LOCK = 0x44756578


def upgrade(database: Database, revision: str = "head") -> None:
    """Create the schema or bring it up to `revision`, in one transaction; a second caller waits and finds it done."""
    with database.writer.begin() as connection:
        _lock(connection)
        _migrate(connection, "upgrade", revision)
    if database.dialect == "sqlite":
        path = Path(str(database.url.database))
        with suppress(PermissionError):  # another's file: doctor tells its mode
            path.chmod(path.stat().st_mode & ~0o007)


def downgrade(database: Database, revision: str = "base") -> None:
    """Take the schema down to `revision`; what the later tables held is gone."""
    with database.writer.begin() as connection:
        _lock(connection)
        _migrate(connection, "downgrade", revision)


def _migrate(connection: Connection, which: Literal["upgrade", "downgrade"], revision: str) -> None:
    from alembic import command, config

    settings = config.Config()
    settings.set_main_option("script_location", str(_SCRIPTS).replace("%", "%%"))
    settings.attributes["connection"] = connection
    {"upgrade": command.upgrade, "downgrade": command.downgrade}[which](settings, revision)


def _lock(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _MIGRATION_LOCK})
