"""An account's number on the screen: masked, and whole for a minute for somebody who may see it and asks to."""

from datetime import UTC, datetime, timedelta

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from data_access.commands.reveals import reveal_numbers
from data_access.queries.accounts import AccountRow
from domain.masking import masked
from ui.formats import escape
from ui.viewer import Viewer
from ui.writes import RefusedError, write

SHOWN_FOR = timedelta(seconds=60)
REVEALED = "revealed"  # session state: until when the number of each account (by id) is shown


def draw(viewer: Viewer, account: AccountRow, where: str) -> None:
    """The number with the button that shows it; `where` is told in the audit trail. One made up from the site has none."""
    until = st.session_state.get(REVEALED, {}).get(account.id)
    left = until - _now() if until else timedelta()
    if left > timedelta():
        # It hides itself: this part runs again when the time is up.
        st.fragment(_whole, run_every=left + timedelta(milliseconds=100))(account, until)
        return
    with _line(account):
        st.markdown(f"**{masked(account.account_number)}**", width="content")
        if viewer.may_reveal():
            st.button(
                "Show number",
                type="tertiary",
                icon=":material/visibility:",
                key=f"reveal-{account.id}",
                help="Shows the whole number for a minute. The audit trail keeps who asked for it, and when.",
                on_click=_reveal,
                args=(viewer, account.id, where),
            )


def _whole(account: AccountRow, until: datetime) -> None:
    if _now() >= until:
        st.rerun()
    with _line(account):
        st.markdown(f"**{escape(account.account_number)}**", width="content")
        if st.button("Hide", type="tertiary", icon=":material/visibility_off:", key=f"hide-{account.id}"):
            st.session_state[REVEALED].pop(account.id, None)
            st.rerun()


def _line(account: AccountRow) -> DeltaGenerator:
    return st.container(horizontal=True, gap="xsmall", vertical_alignment="center", key=f"account-number-{account.id}")


def _reveal(viewer: Viewer, account_id: int, where: str) -> None:
    try:
        write(viewer, lambda writing: reveal_numbers(writing, viewer.scope, [account_id], where))
    except RefusedError as error:
        st.toast(escape(str(error)), icon=":material/error:")
    else:
        st.session_state.setdefault(REVEALED, {})[account_id] = _now() + SHOWN_FOR


def _now() -> datetime:
    """The clock, and not the viewer's: a fragment runs long after the page was drawn for them."""
    return datetime.now(UTC)
