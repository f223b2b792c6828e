"""Deciding on the Reconcile page: one transaction a click, what it did in a sentence, and the way back from it."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from data_access.commands.bank_line_decisions import take_back_explanation
from data_access.commands.matches import undo_match
from data_access.database import Writing
from ui import notices
from ui.formats import escape
from ui.viewer import Viewer
from ui.writes import RefusedError, write

DONE, REFUSED, LAST = "reconcile-done", "reconcile-refused", "reconcile-last"  # session state
WHO_SEES = "Statements of the bank belong to no site: people who see every site see them, and match."


def matched(viewer: Viewer, work: Callable[[Writing], list[int]], done: str) -> bool:
    """Make matches and say so; True when they are made."""
    ids = act(viewer, work, done)
    if ids is not None:
        scope = viewer.scope
        st.session_state[LAST] = lambda writing: [undo_match(writing, scope, each) for each in reversed(ids)]
    return ids is not None


def explained(viewer: Viewer, line_id: int, work: Callable[[Writing], int], done: str) -> bool:
    """Explain a line and say so; True when it is done."""
    new_id = act(viewer, work, done)
    if new_id is not None:
        scope = viewer.scope
        st.session_state[LAST] = lambda writing: take_back_explanation(writing, scope, line_id)
    return new_id is not None


def act(viewer: Viewer, work: Callable[[Writing], Any], done: str) -> Any | None:
    """Do it; what `work` returned, None when it was refused. The next run tells which; the last decision is another now."""
    try:
        result = write(viewer, work)
    except RefusedError as error:
        st.session_state[REFUSED] = str(error)
        return None
    st.session_state[DONE] = done
    st.session_state.pop(LAST, None)
    return result if result is not None else ()


def told(viewer: Viewer) -> None:
    """What the last click did, once, and a way back while nothing else was decided."""
    if refused := st.session_state.pop(REFUSED, None):
        st.error(escape(refused), icon=":material/error:")
    done, back = st.session_state.pop(DONE, None), st.session_state.get(LAST)
    if not done and not back:
        return
    with st.container(horizontal=True, vertical_alignment="center", key="reconcile-told"):
        if done:
            st.success(done, icon=":material/check_circle:", width="stretch")
        if back:
            st.button(
                "Undo the last decision", icon=":material/undo:", key="reconcile-undo", on_click=_undo, args=(viewer,)
            )


def _undo(viewer: Viewer) -> None:
    act(viewer, st.session_state[LAST], "Taken back: the payment and the bank line are open again.")


def may_see(viewer: Viewer) -> bool:
    """Does this viewer see the bank? If not, say who does."""
    if not viewer.scope.everything:
        notices.empty("The bank is not shown here", WHO_SEES, ":material/visibility_off:")
    return viewer.scope.everything
