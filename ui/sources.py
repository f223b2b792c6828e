"""Where a page's reads go: to the replica where it will do, and the page says so; else to the primary, until its next run."""

import math
from collections.abc import Hashable

import streamlit as st

from data_access.address import read_address
from data_access.database import Database
from data_access.replica import Standing
from ui import run
from ui.viewer import Viewer

_LAG, _LEFT = "_replica_lag_s", "_replica_left"
HELP = (
    "Read from a replica of the database. What others changed in the last moments may be missing; "
    "what you changed yourself is there."
)


def begin() -> None:
    """A new run asks the replica again."""
    if read_address() is not None:
        for key in (_LAG, _LEFT):
            st.session_state.pop(key, None)


def version(database: Database) -> Hashable:
    """The version of the data, asked for once a run, and again after a write of this process. Rows read later may be newer."""
    return run.once((id(database), database.writes), database.version)


def chosen(database: Database, viewer: Viewer) -> Standing | None:
    """The standing of the replica when the next read may go there. Once it may not, the rest of the page stays away."""
    if database.replica is None or _LEFT in st.session_state:
        return None
    standing = database.replica.serves(database.reader, viewer.name)
    if standing is None:
        leave()
    else:
        st.session_state[_LAG] = max(standing.lag_s or 0.0, st.session_state.get(_LAG, 0.0))
    return standing


def leave() -> None:
    """The rest of this run reads the primary."""
    st.session_state[_LEFT] = True


def tell() -> None:
    """A badge with how far the replica was behind; nothing when the page is read from the primary."""
    if read_address() is None or _LAG not in st.session_state or _LEFT in st.session_state:
        return
    lag_s = math.ceil(st.session_state[_LAG])
    if lag_s:
        text = f":yellow-badge[:material/history: Replica, up to {lag_s:,} s behind]"
    else:
        text = ":gray-badge[:material/content_copy: Replica, nothing missing]"
    st.markdown(text, width="content", help=HELP)
