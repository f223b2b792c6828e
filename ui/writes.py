"""Writing on a viewer's behalf: one transaction a click, and every refusal as a sentence for the person who clicked."""

from collections.abc import Callable
from typing import TypeVar

from data_access.address import database_address
from data_access.commands.refusals import AllocationRefusedError, LedgerRefusedError, NotFoundError
from data_access.database import Writing
from data_access.failures import DATABASE_FAILURES, reason_of
from ui import reads
from ui.viewer import Viewer

T = TypeVar("T")


class RefusedError(Exception):
    """Nothing was saved; the message says why and what to do."""


def write(viewer: Viewer, work: Callable[[Writing], T]) -> T:
    """Run `work` in one transaction as `viewer` and return what it returned. Raises RefusedError, and keeps nothing."""
    if not viewer.may_write():
        raise RefusedError("Your role reads only. Ask an administrator for the finance role.")
    try:
        return reads.open_database(database_address()).writing(viewer.name, viewer.scope, work)
    except (AllocationRefusedError, LedgerRefusedError, NotFoundError) as error:
        raise RefusedError(_sentence(str(error))) from error
    except DATABASE_FAILURES as error:
        raise RefusedError(
            f"The database did not take it ({reason_of(error)}). Nothing was saved; try again."
        ) from error


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:].rstrip('.')}."
