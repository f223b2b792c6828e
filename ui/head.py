"""The head of every page: logo and style once, then the title, how current the data is, and the filter bar."""

from pathlib import Path

import streamlit as st

from ui import filter_chips, formats, links, reach, reads, sources, stale
from ui.viewer import Viewer

_ASSETS = Path(__file__).parent / "assets"
ABOUT = "**Duewatch** shows what is owed for the services of your sites."
LOCAL = "This machine only: without sign-in it serves one operator, who sees and does everything, on localhost."


def prepare() -> None:
    """Page settings, the logo and the small style sheet; before anything else is drawn."""
    st.set_page_config(
        page_title="Duewatch",
        page_icon=str(_ASSETS / "icon.png"),
        layout="wide",
        menu_items={"About": ABOUT},
    )
    st.logo(str(_ASSETS / "logo.svg"), size="medium")
    st.html(_ASSETS / "style.css")


def draw(viewer: Viewer, title: str) -> None:
    """Title, how current the data is, and the filters once there is something to filter."""
    links.listen()
    reach.mount()
    with st.container(horizontal=True, vertical_alignment="center", key="head"):
        st.title(title, anchor=False, width="content")
        fresh = reads.plain("freshness", viewer)
        if fresh.changed_at:
            when = formats.escape(formats.moment(fresh.changed_at, st.context.timezone))
            st.markdown(f":green-badge[:material/check_circle: Data to {when}]", width="content")
        sources.tell()
        stale.place()
        _whose(viewer)
        if fresh.sites:
            st.space("stretch")
            filter_chips.draw(viewer)
    filter_chips.tell_unknown()


def _whose(viewer: Viewer) -> None:
    """Who is looking, and the way out; without sign-in, that there is none."""
    if viewer.person is None:
        st.markdown(":gray-badge[:material/computer: Local operator, no sign-in]", width="content", help=LOCAL)
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall", width="content", key="whose"):
        st.text(viewer.person.called, width="content")
        known_as = f"Signed in as {viewer.person.email}, role {viewer.role}"
        if st.button("Sign out", type="tertiary", icon=":material/logout:", key="sign-out", help=known_as):
            st.logout()
