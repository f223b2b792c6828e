"""Bringing a database to a revision of the schema, up or down."""

from contextlib import suppress
from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from data_access.database import Database

_SCRIPTS = Path(__file__).parent / "migrations"
_MIGRATION_LOCK = 0x44756578


class SchemaError(RuntimeError):
    """The database does not have the schema that this program reads."""


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_SCRIPTS).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def _scripts() -> ScriptDirectory:
    return ScriptDirectory.from_config(_config())


def upgrade(database: Database, revision: str = "head") -> None:
    """Create the schema or bring it up to `revision`, in one transaction; a second caller waits and finds it done."""
    with database.writer.begin() as connection:
        _lock(connection)
        command.upgrade(_config(connection), revision)
    if database.dialect == "sqlite":
        path = Path(str(database.url.database))
        with suppress(PermissionError):  # another's file: doctor tells its mode
            path.chmod(path.stat().st_mode & ~0o007)


def downgrade(database: Database, revision: str = "base") -> None:
    """Take the schema down to `revision`; what the later tables held is gone."""
    with database.writer.begin() as connection:
        _lock(connection)
        command.downgrade(_config(connection), revision)


def current_revision(database: Database) -> str | None:
    """The revision that the database is at; None when it has no schema."""
    with database.reader.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


@cache
def head_revision() -> str:
    """The newest revision that this code knows."""
    head = _scripts().get_current_head()
    if head is None:
        raise RuntimeError("no migrations were found")
    return head


def named(revision: str | None) -> str:
    """A revision in words. What only the database calls one is not repeated: it may be anything."""
    if revision is None:
        return "no schema"
    known = {script.revision for script in _scripts().walk_revisions()}
    return f"revision {revision}" if revision in known else "a revision that this program does not know"


def _lock(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _MIGRATION_LOCK})
