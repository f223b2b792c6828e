"""The menu as data: which pages there are, who may open them, and how they become Streamlit pages."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import streamlit as st
from streamlit.navigation.page import Page

from ui import notices, reads
from ui.viewer import Viewer

EVERYONE = frozenset({"viewer", "finance", "admin"})


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


def pages_for(viewer: Viewer, entries: Sequence[Entry]) -> list[Page]:
    """The pages behind them."""
    return [
        st.Page(partial(_run, entry, viewer), title=entry.title, icon=entry.icon, url_path=entry.path)
        for entry in allowed(viewer, entries)
    ]


def _run(entry: Entry, viewer: Viewer) -> None:
    if entry.needs_ledger and not reads.options(viewer).sites:
        notices.no_ledger()
    else:
        entry.render(viewer)
