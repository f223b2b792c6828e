"""Rows of a moment ago, shown while those of now are read: when others changed the ledger and the read is slow.

Never another scope's, filter's or day's, since those are other questions; never after one's own change; never old ones. The page
says so, and draws itself anew once what it waits for has come.
"""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

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
_RUN, _BY_ITSELF = (
    "_stale_run",
    "_stale_next",
)  # session state: the newest run, and whether the page itself asks for the next one
HELP = "Others have changed the ledger since. The page shows what it had and draws itself anew when the new figures are there."


@dataclass(slots=True)
class _Run:
    """A run of a page: when it was asked for, and whether by the page itself; what is being read, and where it says so.

    since: from when the oldest rows shown are, None for those of now.
    """

    clicked: datetime
    again: bool
    waiting: list[Future[Any]] = field(default_factory=list)
    since: datetime | None = None
    place: DeltaGenerator | None = None


@st.cache_resource(show_spinner=False)
def _readers() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(READERS, thread_name_prefix="refresh")


def begin() -> None:
    """A new run of a whole page. One that the page asked for by itself still belongs to the click before."""
    state = st.session_state
    before: _Run | None = state.get(_RUN)
    again = state.pop(_BY_ITSELF, False)
    state[_RUN] = _Run(before.clicked if again and before else datetime.now(UTC), again)


def shown(database: Database, viewer: Viewer, kept: Kept, refresh: Callable[[], Kept]) -> bool:
    """Whether `kept` will do for this run though the data have moved; then `refresh` is under way."""
    if run.memo() is None or kept.took_s < SLOW_S:
        return False  # a fragment or a callback gets the rows of now
    now: _Run = st.session_state[_RUN]
    if kept.at >= now.clicked:
        return not has_changed(database, viewer.name, kept.last_event)  # as new as any page that one clicked for
    if now.again or datetime.now(UTC) - kept.at > OLDEST or has_changed(database, viewer.name, kept.last_event):
        return False
    now.waiting.append(_readers().submit(refresh))
    now.since = min(kept.at, now.since or kept.at)
    return True


def place() -> None:
    """Where the page says so, in its head."""
    now: _Run | None = st.session_state.get(_RUN)
    if now is not None:  # a page that is drawn by itself has no beginning
        now.place = st.empty()


def tell() -> None:
    """At the end of the page: say how old it is, and wait for what is being read."""
    now: _Run = st.session_state[_RUN]
    if now.since is None or now.place is None:
        return
    at = moment(now.since, st.context.timezone)
    with now.place:
        _waiting(f":yellow-badge[:material/sync: As of {at}, refreshing]", list(now.waiting))


@st.fragment(run_every=EVERY_S)
def _waiting(text: str, waiting: list[Future[Any]]) -> None:
    st.markdown(text, width="content", help=HELP)
    if all(each.done() for each in waiting):
        st.session_state[_BY_ITSELF] = True
        st.rerun()
