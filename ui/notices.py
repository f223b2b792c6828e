"""Empty boxes and errors: the one place that tells a viewer what went wrong and what to do next."""

import logging
import secrets
from collections.abc import Generator
from contextlib import contextmanager
from datetime import date

import streamlit as st

from data_access.failures import DATABASE_FAILURES, kind_of
from data_access.revisions import SchemaError
from ui.formats import day

log = logging.getLogger("duewatch")


def empty(title: str, next_step: str, icon: str = ":material/inbox:") -> None:
    """A bordered box where a chart or table would stand: what is not there, and what to do about it."""
    with st.container(
        border=True, height=220, horizontal_alignment="center", vertical_alignment="center", gap="xsmall"
    ):
        st.markdown(f"{icon} **{title}**", width="content", text_alignment="center")
        st.caption(next_step, width="content", text_alignment="center")


def nothing_matches() -> None:
    """The filters leave nothing."""
    empty(
        "Nothing matches these filters",
        "Clear a filter above, or choose another as-of date.",
        ":material/filter_alt_off:",
    )


def nothing_open(as_of: date) -> None:
    """Accounts, but no open bill and no unapplied money."""
    empty(
        "Nothing is open",
        f"Every bill in view was settled on {day(as_of)}, or none was there yet. Choose another as-of date or filter.",
        ":material/check_circle:",
    )


def no_ledger() -> None:
    """The database holds no site yet."""
    empty(
        "The ledger is empty",
        "Import your sites, vendors and bills on the Import page, or try a demo organisation: "
        "`python manage.py seed --size demo`, then reload.",
        ":material/database:",
    )


def no_site() -> None:
    """There may be sites, and the viewer has been granted none."""
    empty(
        "You see no site yet",
        "Ask an administrator to grant you a site or a region, then reload.",
        ":material/visibility_off:",
    )


def problem(title: str, next_step: str) -> None:
    """Something failed, and the viewer can do something about it."""
    st.error(next_step, title=title, icon=":material/error:")


@contextmanager
def told() -> Generator[None]:
    """Run a page; what it raises is told where it would have gone on. Streamlit's own rerun and stop are no Exception."""
    try:
        yield
    except Exception as error:
        failed(error)


def failed(error: Exception) -> bool:
    """A failure goes to the log with its traceback, and to the screen as a sentence with a reference and no detail.

    True tells Streamlit, which hands over what fails in callbacks, dialogs and the front door itself, not to show it.
    """
    if isinstance(error, SchemaError):
        problem("The database is not ready", f"{error}. Run `python manage.py init`, then reload.")
        return True
    look = f"{looked_up(error)} `python manage.py doctor` checks the database."
    if isinstance(error, DATABASE_FAILURES):
        problem("The database did not answer", f"For now, {kind_of(error)}. Try again; {look}")
    else:
        problem("This could not be shown", f"Reload the page; {look}")
    return True


def looked_up(error: BaseException) -> str:
    """Write a failure to the log with its traceback; the half sentence that says how to find it there."""
    reference = secrets.token_hex(4)
    log.error("failed, reference %s", reference, exc_info=error)
    return f"if it stays, look for reference {reference} in the server's log."
