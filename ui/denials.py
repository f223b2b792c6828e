"""Telling the audit trail what a viewer was refused, and telling the viewer."""

from data_access.address import database_address
from data_access.commands.denials import Denial, deny, is_hidden
from ui import notices, reads
from ui.viewer import Viewer

READS_ONLY = "Your role reads only. Ask an administrator for the finance role."
NOT_AN_ADMIN = "This is for administrators. Ask one of them."


def tell(viewer: Viewer, what: str, why: str) -> None:
    """Add the denial to the audit trail; the same one only once a sign-in."""
    user_id = viewer.person.id if viewer.person else None
    deny(reads.open_database(database_address()), Denial(viewer.name, what, why, user_id, viewer.session))


def refused(viewer: Viewer, what: str, next_step: str) -> None:
    """A box where the page or form would stand, for somebody whose role has no use of it."""
    tell(viewer, what, f"role {viewer.role}")
    notices.empty("This is not for your role", next_step, ":material/lock:")


def not_found(viewer: Viewer, kind: str, record_id: int | None) -> None:
    """An address named a record that this viewer has not got: told where it is another site's, and never said to them."""
    database = reads.open_database(database_address())
    if record_id is not None and is_hidden(database, viewer.scope, kind, record_id):
        tell(viewer, f"{kind} {record_id}", "a site outside the grants")
