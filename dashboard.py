"""Start here: `make run`, or `streamlit run dashboard.py`. The page itself begins in pages/front_door.py.

The script is not this file on purpose: beside a pages/ folder Streamlit runs that folder's files by themselves, without
the front door, until some session has come through it. They are loaded here, so that the first visitor need not wait for them
and the collector leaves them alone.
"""

from importlib import import_module
from pathlib import Path

import streamlit as st
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from data_access.logs import guard_logs
from ui import calendar_feed, collection, gate, notices, start
from ui.healthz import Healthz

guard_logs()
start.check()
_HERE = Path(__file__).parent

app = st.App(
    _HERE / "pages" / "front_door.py",
    routes=[
        Route("/healthz", Healthz().answer),
        Route(calendar_feed.PATH, calendar_feed.CalendarFeed().answer),
        Mount("/fonts", StaticFiles(directory=_HERE / "ui" / "assets" / "fonts")),
    ],
    middleware=gate.middleware(),
    on_script_error=notices.failed,
)
import_module("pages")
import_module("ui.charts.warm").load()
collection.tame()
