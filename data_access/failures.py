"""What went wrong in the database, for callers that tell a person and do not know the driver."""

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

# Refused, unreachable, damaged or busy beyond every retry; a programming mistake is none of these.
DATABASE_FAILURES = (DBAPIError, PoolTimeoutError)


def reason_of(error: BaseException) -> str:
    """The first line of what the driver said."""
    said = error.orig if isinstance(error, DBAPIError) and error.orig is not None else error
    lines = str(said).strip().splitlines()
    return lines[0] if lines else "no answer"
