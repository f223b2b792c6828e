"""The menu as data: which pages there are, who may open them, and how they become Streamlit pages."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import streamlit as st
from streamlit.navigation.page import Page

from ui import denials, notices, reads, strangers
from ui.sign_in import Stranger
from ui.viewer import Viewer

EVERYONE = frozenset({"viewer", "finance", "admin"})
WRITERS = frozenset({"finance", "admin"})
ADMINS = frozenset({"admin"})


@dataclass(frozen=True, slots=True)
class Entry:
    """One menu entry. `path` is its address; the first entry is the home page."""

    title: str
    icon: str
    path: str
    render: Callable[[Viewer], None]
    roles: frozenset[str] = EVERYONE
    needs_ledger: bool = True  # shown as an empty box while there is no site


def allowed(viewer: Viewer, entries: Sequence[Entry]) -> list[Entry]:
    """The entries that `viewer` may open, in order."""
    return [entry for entry in entries if viewer.role in entry.roles]


def pages_for(here: Viewer | Stranger | None, entries: Sequence[Entry]) -> list[Page]:
    """The pages behind them. An address that is not for the viewer is a page that says so, and not in the menu.

    A stranger is met by the same page at every address; None is somebody whom the database could not be asked about.
    """
    visible = allowed(here, entries) if isinstance(here, Viewer) else []
    return [
        st.Page(
            partial(_run, entry, here),
            title=entry.title,
            icon=entry.icon,
            url_path=entry.path,
            visibility="visible" if entry in visible else "hidden",
        )
        for entry in entries
    ]


def _run(entry: Entry, here: Viewer | Stranger | None) -> None:
    if isinstance(here, Stranger):
        strangers.draw(here)
    elif here is not None and here.role not in entry.roles:
        whom = denials.READS_ONLY if "finance" in entry.roles else denials.NOT_AN_ADMIN
        denials.refused(here, f"page {entry.path}", whom)
    elif here is not None and entry.needs_ledger and not reads.options(here).site_count:
        if here.scope.everything:
            notices.no_ledger()
        else:
            notices.no_site()
    elif here is not None:
        entry.render(here)
