"""The floor's front door: the menu and the pages of RECORDINGS, drawn from constants that follow the regions chosen."""

import os
from functools import partial
from pathlib import Path

import streamlit as st

from tests.speed.constants import nothing, recordings, replay
from tests.speed.states import state


@st.cache_resource
def declare(components: dict[str, str]) -> None:
    """The components that pages mount; a server knows those that were declared while it runs."""
    for name, script in components.items():
        st.components.v2.component(name, js=script)


found = recordings(Path(os.environ["RECORDINGS"]))
before, menu, _, components = next(iter(found.values()))
declare(components)
replay(before)
page = st.navigation(
    [
        st.Page(partial(nothing, path), title=title, icon=icon, url_path=path, visibility=shown, default=not path)
        for title, icon, path, shown in menu
    ],
    position="top",
)
replay(found[f"{page.url_path}-{'-'.join(state())}"][2])
