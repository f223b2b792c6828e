"""Rows of a moment ago, shown while those of now are read: when others changed the ledger and the read is slow.

Never another scope's, filter's or day's, since those are other questions; never after one's own change; never old ones. The page
says so, and draws itself anew once what it waits for has come.
"""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import streamlit as st

from data_access.database import Database
from data_access.own_changes import has_changed
from ui import run
from ui.answers import Kept
from ui.formats import moment
from ui.viewer import Viewer

SLOW_S = 0.5  # a read that took less is waited for
OLDEST = timedelta(minutes=10)
EVERY_S = 0.5  # so often a waiting page looks whether its rows have come
READERS = 2
# Session state: when the run was asked for, what is being read, from when the oldest rows shown are, whether the next run and this one
# were asked for by the page itself, and where it says so.
_CLICKED, _WAITING, _SINCE = "_clicked", "_stale_waiting", "_stale_since"
_BY_ITSELF, _AGAIN, _PLACE = "_stale_next", "_stale_again", "_stale_place"
HELP = "Others have changed the ledger since. The page shows what it had and draws itself anew when the new figures are there."


@st.cache_resource(show_spinner=False)
def _readers() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(READERS, thread_name_prefix="refresh")


def begin() -> None:
    """A new run of a whole page. One that the page asked for by itself still belongs to the click before."""
    state = st.session_state
    state[_AGAIN] = state.pop(_BY_ITSELF, False)
    if not state[_AGAIN] or _CLICKED not in state:
        state[_CLICKED] = datetime.now(UTC)
    state[_WAITING] = []
    state.pop(_SINCE, None)


def shown(database: Database, viewer: Viewer, kept: Kept, refresh: Callable[[], Kept]) -> bool:
    """Whether `kept` will do for this run though the data have moved; then `refresh` is under way."""
    state = st.session_state
    if run.memo() is None or kept.took_s < SLOW_S:
        return False  # a fragment or a callback gets the rows of now
    if kept.at >= state[_CLICKED]:
        return not has_changed(database, viewer.name, kept.last_event)  # as new as any page that one clicked for
    if state[_AGAIN] or datetime.now(UTC) - kept.at > OLDEST or has_changed(database, viewer.name, kept.last_event):
        return False
    waiting: list[Future[Any]] = state[_WAITING]
    waiting.append(_readers().submit(refresh))
    state[_SINCE] = min(kept.at, state.get(_SINCE, kept.at))
    return True


def place() -> None:
    """Where the page says so, in its head."""
    st.session_state[_PLACE] = st.empty()


def tell() -> None:
    """At the end of the page: say how old it is, and wait for what is being read."""
    state = st.session_state
    if _SINCE not in state or _PLACE not in state:
        return
    at = moment(state[_SINCE], st.context.timezone)
    with state[_PLACE]:
        _waiting(f":yellow-badge[:material/sync: As of {at}, refreshing]", list(state[_WAITING]))


@st.fragment(run_every=EVERY_S)
def _waiting(text: str, waiting: list[Future[Any]]) -> None:
    st.markdown(text, width="content", help=HELP)
    if all(each.done() for each in waiting):
        st.session_state[_BY_ITSELF] = True
        st.rerun()
