"""The head of every page: logo and style once, then the title, how current the data is, and the filter bar."""

from pathlib import Path

import streamlit as st

from ui import filter_chips, formats, links, reach, reads
from ui.viewer import Viewer

_ASSETS = Path(__file__).parent / "assets"
ABOUT = (
    "**Duewatch** shows what is owed for the services of your sites. It runs on this machine for one operator: "
    "it listens on localhost only, without sign-in."
)


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
        if fresh.sites:
            st.space("stretch")
            filter_chips.draw(viewer)
    filter_chips.tell_unknown()
