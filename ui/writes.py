"""Writing on a viewer's behalf: one transaction a click, and every refusal as a sentence for the person who clicked."""

from collections.abc import Callable
from typing import TypeVar

from data_access.address import database_address
from data_access.commands.refusals import (
    AllocationRefusedError,
    LedgerRefusedError,
    NotFoundError,
    PeopleRefusedError,
)
from data_access.database import Writing
from data_access.failures import DATABASE_FAILURES, kind_of
from ui import denials, reads, sign_in
from ui.notices import looked_up
from ui.viewer import Viewer

T = TypeVar("T")


class RefusedError(Exception):
    """Nothing was saved; the message says why and what to do."""


def write(viewer: Viewer, work: Callable[[Writing], T], *, administers: bool = False, own: bool = False) -> T:
    """Run `work` in one transaction as `viewer` and return what it returned. Raises RefusedError, and keeps nothing.

    administers: `work` says who may do what, which is for admins. own: it changes nothing but what is the viewer's own and no
    part of the ledger, which is for every role.
    """
    try:
        check(viewer, administers=administers, own=own)
        return reads.open_database(database_address()).writing(viewer.name, viewer.scope, work)
    except (AllocationRefusedError, LedgerRefusedError, NotFoundError, PeopleRefusedError) as error:
        raise RefusedError(_sentence(str(error))) from error
    except DATABASE_FAILURES as error:
        raise RefusedError(
            f"The database did not take it: {kind_of(error)}. Nothing was saved. Try again; {looked_up(error)}"
        ) from error


def check(viewer: Viewer, *, administers: bool = False, own: bool = False) -> None:
    """Refuse once more what the page should not have offered, to a viewer as the database knows them now.

    A click in a drawer runs the drawer alone, not the front door that looks the user up.
    """
    what = "a change of people" if administers else "a change of the ledger"
    if not (own or (viewer.may_administer() if administers else viewer.may_write())):
        denials.tell(viewer, what, f"role {viewer.role}")
        raise RefusedError(denials.NOT_AN_ADMIN if administers else denials.READS_ONLY)
    if not sign_in.is_still(viewer):
        denials.tell(viewer, what, "access changed since the page was drawn")
        raise RefusedError("Your access has changed since this page was drawn. Nothing was saved; reload the page.")


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:].rstrip('.')}."
