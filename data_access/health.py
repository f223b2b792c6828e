"""What `doctor` looks at: is this installation safe to run?"""

import sys
from collections.abc import Iterator, Mapping
from dataclasses import astuple
from pathlib import Path
from typing import Any

import pysqlite3.dbapi2 as sqlite
from sqlalchemy import text

from data_access.alert_settings import examine_alerts
from data_access.backups import BackupRefusedError, postgres_tool
from data_access.confinement_checks import examine_confinement
from data_access.database import Database
from data_access.engines import SAFE_SQLITE
from data_access.finding import Finding
from data_access.replica_checks import examine_replica
from data_access.revisions import current_revision, head_revision
from data_access.server_settings import examine_server
from data_access.webhooks import examine_webhooks
from domain.sign_in_settings import UnsafeSignInError, looks

__all__ = ["Finding", "examine"]


def examine(database: Database, auth: Mapping[str, Any] | UnsafeSignInError | None) -> Iterator[Finding]:
    """Every look that applies to this database and to the sign-in settings `auth`, in a fixed order."""
    version = ".".join(map(str, sys.version_info[:3]))
    yield Finding("python", version, sys.version_info >= (3, 11), "install Python 3.11 or newer")
    revision, head = current_revision(database), head_revision()
    yield Finding("schema", f"revision {revision}, newest {head}", revision == head, "run `python manage.py init`")
    if database.dialect == "sqlite":
        yield from _sqlite(database)
    else:
        yield from _postgresql(database)
        if revision == head:
            with database.reader.connect() as connection:
                yield from examine_confinement(connection)
            yield from examine_replica(database)
    yield from examine_server()
    yield from examine_webhooks()
    yield from examine_alerts()
    if isinstance(auth, UnsafeSignInError):
        yield Finding("sign-in", "unknown", False, str(auth))
    else:
        yield from (Finding(*astuple(look)) for look in looks(auth))


def _sqlite(database: Database) -> Iterator[Finding]:
    library = tuple(int(part) for part in sqlite.sqlite_version.split("."))
    yield Finding(
        "sqlite library",
        sqlite.sqlite_version,
        library >= SAFE_SQLITE,
        "before 3.51.3 a reset of the write-ahead log can corrupt the file: install the pinned pysqlite3",
    )
    with database.writer.connect() as connection:
        for pragma, wanted in (
            ("journal_mode", "wal"),
            ("synchronous", 2),
            ("foreign_keys", 1),
            ("recursive_triggers", 1),
        ):
            value = connection.exec_driver_sql(f"PRAGMA {pragma}").scalar()
            yield Finding(pragma, str(value), value == wanted, f"expected {wanted}; the file system may refuse it")
    path = Path(str(database.url.database))
    mode = path.stat().st_mode & 0o777
    yield Finding(
        "file",
        f"{path.name}, mode {mode:o}",
        not mode & 0o007,
        f"anybody on this machine may open it: chmod 660 {path.name}",
    )
    yield Finding("sharing", "one machine", True, "for several machines set DATABASE_URL to PostgreSQL")


def _postgresql(database: Database) -> Iterator[Finding]:
    with database.writer.connect() as connection:
        number = int(connection.scalar(text("SHOW server_version_num")) or 0)
        yield Finding("postgresql", str(number // 10000), number >= 140000, "use PostgreSQL 14 or newer")  # noqa: PLR2004
        encoding = connection.scalar(text("SHOW server_encoding"))
        yield Finding("encoding", str(encoding), encoding == "UTF8", "create the database with ENCODING 'UTF8'")
        durable = connection.scalar(text("SHOW synchronous_commit"))
        yield Finding("synchronous_commit", str(durable), durable != "off", "a crash may lose acknowledged writes")
    try:
        found = postgres_tool("pg_dump")
        yield Finding("backup tool", Path(found).name, True)
    except BackupRefusedError as error:
        yield Finding("backup tool", "none", False, str(error))
