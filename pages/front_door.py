"""The front door: who is here, the menu for that role, run the page. Every session and every address comes through it."""

from datetime import datetime
from zoneinfo import ZoneInfo

import streamlit as st

from pages import MENU
from ui import head, notices
from ui.menu import pages_for
from ui.viewer import local_operator

head.prepare()
viewer = local_operator(datetime.now(ZoneInfo(st.context.timezone or "UTC")))
page = st.navigation(pages_for(viewer, MENU), position="top")
with notices.told():
    head.draw(viewer, page.title)
    page.run()
