"""The floor's front door: the menu and the pages of RECORDINGS, drawn from constants that follow the regions chosen."""

import os
from functools import partial
from pathlib import Path
from typing import Any

import streamlit as st

from tests.speed.constants import load, nothing, replay
from tests.speed.states import state


@st.cache_resource
def recordings() -> dict[str, tuple[Any, ...]]:
    """By page and regions; the components that pages mount are declared along with them."""
    found = {path.stem: load(path) for path in sorted(Path(os.environ["RECORDINGS"]).glob("*.pickle"))}
    for name, script in next(iter(found.values()))[3].items():
        st.components.v2.component(name, js=script)
    return found


found = recordings()
before, menu, _, _ = next(iter(found.values()))
replay(before)
page = st.navigation(
    [
        st.Page(partial(nothing, path), title=title, icon=icon, url_path=path, visibility=shown, default=not path)
        for title, icon, path, shown in menu
    ],
    position="top",
)
replay(found[f"{page.url_path}-{'-'.join(state())}"][2])
