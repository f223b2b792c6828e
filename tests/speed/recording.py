"""The front door, of which each run is kept as constants: in the folder RECORDINGS, a file a page and choice of regions."""

import os
import runpy
from pathlib import Path

import streamlit as st

from tests.speed.constants import recorded, save
from tests.speed.states import state
from ui import links, reach, scrolling

FRONT_DOOR = Path(__file__).parents[2] / "pages" / "front_door.py"
COMPONENTS = {
    "duewatch_links": links._SCRIPT,
    "duewatch_reach": reach._SCRIPT,
    "duewatch_scroll": scrolling._SCRIPT,
}

now = state()
with recorded() as recorder:
    real = st.navigation

    def navigation(pages: list, **named: object) -> object:
        before, recorder.calls = recorder.calls, []
        page = real(pages, **named)
        menu = [(each.title, each.icon, each.url_path, each.visibility) for each in pages]
        recorder.page = page.url_path, before, menu
        recorder.begin()
        return page

    st.navigation = navigation
    try:
        runpy.run_path(str(FRONT_DOOR), run_name="__main__")
    finally:
        st.navigation = real
path, before, menu = recorder.page
name = f"{path}-{'-'.join(now)}.pickle"
save(Path(os.environ["RECORDINGS"]) / name, (before, menu, recorder.calls, COMPONENTS))
