"""The front door: who is here, the menu for that role, run the page. Every session and every address comes through it."""

from datetime import datetime

import streamlit as st

from data_access.queries.local_days import zone_named
from pages import MENU
from ui import head, notices, run, sign_in, sources, stale
from ui.menu import pages_for
from ui.viewer import Viewer

head.prepare()
with run.of_a_page():
    sources.begin()
    stale.begin()
    here = None
    with notices.told():
        here = sign_in.who(datetime.now(zone_named(st.context.timezone or "UTC")))
    page = st.navigation(pages_for(here, MENU), position="top" if isinstance(here, Viewer) else "hidden")
    with notices.told():
        if isinstance(here, Viewer):
            head.draw(here, page.title)
        page.run()
        stale.tell()
