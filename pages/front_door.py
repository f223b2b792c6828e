"""The front door: who is here, the menu for that role, run the page. Every session and every address comes through it."""

from datetime import datetime
from zoneinfo import ZoneInfo

import streamlit as st

from pages import MENU
from ui import head, notices, sign_in
from ui.menu import pages_for
from ui.viewer import Viewer

head.prepare()
here = None
with notices.told():
    here = sign_in.who(datetime.now(ZoneInfo(st.context.timezone or "UTC")))
page = st.navigation(pages_for(here, MENU), position="top" if isinstance(here, Viewer) else "hidden")
with notices.told():
    if isinstance(here, Viewer):
        head.draw(here, page.title)
    page.run()
