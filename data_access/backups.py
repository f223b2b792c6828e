"""Backup and restore: SQLite by its own backup API, PostgreSQL by pg_dump and pg_restore.

A plain copy of a live SQLite file is not a backup: it misses what the write-ahead log holds.
"""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import pysqlite3.dbapi2 as sqlite
from sqlalchemy import inspect, text

from data_access.confinement import UNCONFINED, confine
from data_access.database import Database
from data_access.migrate import upgrade
from data_access.revisions import current_revision
from data_access.scope import Scope

# What DATABASE_URL may say behind its ?, for PostgreSQL's own programs: a backup is encrypted on its way as the app is.
_SETTINGS = {
    "host": "PGHOST",
    "sslmode": "PGSSLMODE",
    "sslrootcert": "PGSSLROOTCERT",
    "sslcert": "PGSSLCERT",
    "sslkey": "PGSSLKEY",
    "passfile": "PGPASSFILE",
}


class BackupRefusedError(Exception):
    """A backup or a restore that would lose something or cannot be done; nothing was changed."""


def back_up(database: Database, target: Path) -> int:
    """Write one consistent copy to `target` (which must not exist) and return its size in bytes.

    The file appears under its name only when it is complete and was checked.
    """
    if target.exists():
        raise BackupRefusedError(f"{target} exists; name a new file")
    if current_revision(database) is None:
        raise BackupRefusedError("this database has no ledger yet; there is nothing to back up")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=target.parent, prefix=".backup-") as folder:
            draft = Path(folder) / "backup"
            _write_copy(database, draft)
            draft.chmod(0o600)
            draft.rename(target)
        return target.stat().st_size
    except OSError as error:
        raise BackupRefusedError(f"{target} cannot be written: {error.strerror}") from error


def _write_copy(database: Database, draft: Path) -> None:
    if database.dialect == "sqlite":
        _copy_sqlite(Path(str(database.url.database)), draft)
        _make_one_file(draft)
        _check_sqlite(draft)
    else:
        # Not even the owner sees rows without a role; the one of every site needs no right to bypass the policies.
        seen = ["--enable-row-security", f"--role={UNCONFINED}"]
        _run_tool(database, "pg_dump", ["--format=custom", "--no-owner", *seen, f"--file={draft}"])


def restore(database: Database, source: Path, *, force: bool = False) -> None:
    """Put a backup in place of an empty ledger (of a full one with `force`), and bring its schema up to date."""
    if not source.is_file():
        raise BackupRefusedError(f"there is no file {source}")
    if not force and _holds_sites(database):
        raise BackupRefusedError("this database holds a ledger already; use --force to replace it by the backup")
    with source.open("rb") as file:
        start = file.read(16)
    if database.dialect == "sqlite":
        if not start.startswith(b"SQLite format 3"):
            raise BackupRefusedError(f"{source} is not a backup of an SQLite ledger")
        _check_sqlite(source)
        _copy_sqlite(source, Path(str(database.url.database)))
    else:
        if not start.startswith(b"PGDMP"):
            raise BackupRefusedError(f"{source} is not a backup of a PostgreSQL ledger")
        arguments = ["--single-transaction", "--exit-on-error", "--no-owner", "--clean", "--if-exists", str(source)]
        _run_tool(database, "pg_restore", [f"--dbname={database.url.database}", *arguments])
    upgrade(database)
    if database.dialect == "postgresql":  # a backup holds no statistics, and pages are asked for at once
        with database.writer.begin() as connection:
            connection.execute(text("ANALYZE"))


def _holds_sites(database: Database) -> bool:
    if not inspect(database.writer).has_table("sites"):
        return False
    with database.writer.begin() as connection:
        if database.dialect == "postgresql" and connection.scalar(
            text("SELECT relforcerowsecurity FROM pg_class WHERE oid = 'sites'::regclass")
        ):
            confine(connection, Scope.all_sites())  # the owner by itself sees no rows
        return connection.scalar(text("SELECT count(*) FROM sites")) > 0


def _copy_sqlite(source: Path, target: Path) -> None:
    reader = _open_to_read(source)
    writer = sqlite.connect(str(target))
    try:
        reader.backup(writer)
    finally:
        writer.close()
        reader.close()


def _make_one_file(path: Path) -> None:
    """Without a write-ahead log, which would lay two more files beside it whenever it is read."""
    connection = sqlite.connect(str(path))
    connection.execute("PRAGMA journal_mode = DELETE")
    connection.close()


def _open_to_read(path: Path) -> sqlite.Connection:
    """Quoted as an address, so that a ? or # of its name stays one."""
    return sqlite.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)


def _check_sqlite(path: Path) -> None:
    connection = _open_to_read(path)
    try:
        result = connection.execute("PRAGMA integrity_check(1)").fetchone()[0]
        tables = {row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    except sqlite.DatabaseError as error:
        raise BackupRefusedError(f"{path} cannot be read: {error}") from error
    finally:
        connection.close()
    if result != "ok":
        raise BackupRefusedError(f"{path} is damaged: {result}")
    if not {"alembic_version", "invoices", "audit_log"} <= tables:
        raise BackupRefusedError(f"{path} holds no Duewatch ledger")


def postgres_tool(name: str) -> str:
    """The path of pg_dump or pg_restore: DUEWATCH_PG_BIN names their folder, else PATH."""
    folder = os.environ.get("DUEWATCH_PG_BIN")
    found = shutil.which(name, path=folder) if folder else shutil.which(name)
    if found is None:
        raise BackupRefusedError(f"{name} was not found; install PostgreSQL's client programs or set DUEWATCH_PG_BIN")
    return found


def _run_tool(database: Database, name: str, arguments: list[str]) -> None:
    url = database.url
    environment = {
        **os.environ,
        "PGHOST": url.host or "",
        "PGPORT": str(url.port or 5432),
        "PGUSER": url.username or "",
        "PGDATABASE": url.database or "",
        "PGPASSWORD": str(url.password or ""),
        **{variable: str(url.query[name]) for name, variable in _SETTINGS.items() if name in url.query},
    }
    environment = {key: value for key, value in environment.items() if value}
    done = subprocess.run(  # noqa: S603 - fixed program, arguments of our own
        [postgres_tool(name), *arguments], env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise BackupRefusedError(
            f"{name} failed: {done.stderr.strip().splitlines()[-1] if done.stderr else done.returncode}"
        )
