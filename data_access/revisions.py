"""Which revision of the schema a database has, and which this program reads. Migrating itself is in data_access/migrate.py.

Known without Alembic, which a server that migrates nothing would hold 21 MB of: a revision is the number that its file begins with.
"""

from functools import cache
from pathlib import Path

from sqlalchemy import inspect, text

from data_access.database import Database

_VERSIONS = Path(__file__).parent / "migrations" / "versions"


class SchemaError(RuntimeError):
    """The database does not have the schema that this program reads."""


def current_revision(database: Database) -> str | None:
    """The revision that the database is at; None when it has no schema."""
    with database.reader.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        return connection.scalar(text("SELECT version_num FROM alembic_version"))


def head_revision() -> str:
    """The newest revision that this code knows."""
    return max(_known())


def named(revision: str | None) -> str:
    """A revision in words. What only the database calls one is not repeated: it may be anything."""
    if revision is None:
        return "no schema"
    return f"revision {revision}" if revision in _known() else "a revision that this program does not know"


@cache
def _known() -> frozenset[str]:
    found = frozenset(path.name.partition("_")[0] for path in _VERSIONS.glob("[0-9]*_*.py"))
    if not found:
        raise RuntimeError("no migrations were found")
    return found
