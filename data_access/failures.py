"""What went wrong in the database, for callers that tell a person and do not know the driver."""

import pysqlite3.dbapi2 as sqlite
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

# Refused, unreachable, damaged or busy beyond every retry; a programming mistake is none of these.
DATABASE_FAILURES = (DBAPIError, PoolTimeoutError, sqlite.Error)

# By the first characters of PostgreSQL's SQLSTATE, the longer ones first.
_BY_STATE = (
    ("42501", "its login may not do that"),
    ("55P03", "it is busy"),
    ("57014", "it took too long"),
    ("08", "it cannot be reached"),
    ("28", "it refused the login"),
    ("40", "it is busy"),
    ("53", "it has no room or no connection left"),
    ("57", "it is shutting down or starting"),
    ("58", "its files are damaged"),
    ("XX", "its files are damaged"),
)
# By SQLite's primary result code.
_BY_CODE = {
    sqlite.SQLITE_BUSY: "it is busy",
    sqlite.SQLITE_LOCKED: "it is busy",
    sqlite.SQLITE_PERM: "its file cannot be opened or written",
    sqlite.SQLITE_READONLY: "its file cannot be opened or written",
    sqlite.SQLITE_CANTOPEN: "its file cannot be opened or written",
    sqlite.SQLITE_CORRUPT: "its file is damaged",
    sqlite.SQLITE_NOTADB: "its file is damaged, or of another program",
    sqlite.SQLITE_FULL: "its disk is full",
    sqlite.SQLITE_IOERR: "its disk failed",
}


def reason_of(error: BaseException) -> str:
    """The first line of what the driver said, for the operator: it may name a machine, a login or a value."""
    lines = str(_driver_error(error)).strip().splitlines()
    return lines[0] if lines else "no answer"


def kind_of(error: BaseException) -> str:
    """What kind of failure it is, in words of our own that go on after "the database": fit for a page."""
    said = _driver_error(error)
    if isinstance(said, PoolTimeoutError):
        return "it is busy"
    if isinstance(said, sqlite.Error):
        return _BY_CODE.get(getattr(said, "sqlite_errorcode", 0) & 0xFF, "it refused the statement")
    state = getattr(said, "sqlstate", None)
    if state is None:
        return "it cannot be reached"  # psycopg knows no state before the connection stands
    return next((kind for start, kind in _BY_STATE if state.startswith(start)), "it refused the statement")


def _driver_error(error: BaseException) -> BaseException:
    return error.orig if isinstance(error, DBAPIError) and error.orig is not None else error
