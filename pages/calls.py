"""Calls with vendors: the log and what waits in it, one call with all that belongs to it, and logging one."""

import streamlit as st

from ui import call_detail, call_form, call_links, call_log, call_waiting
from ui.viewer import Viewer


def render(viewer: Viewer) -> None:
    """The address says which: ?log=new or an account's id, ?fix=a call's id, ?call=a call's id, else the log."""
    asked = st.query_params
    if call_links.FIX in asked:
        call_form.correct(viewer, asked[call_links.FIX])
    elif call_links.LOG in asked:
        call_form.draw(viewer, asked[call_links.LOG])
    elif call_links.CALL in asked:
        call_detail.draw(viewer, asked[call_links.CALL])
    else:
        filters, wanted = call_log.controls(viewer)
        left, right = st.columns([1.5, 1], gap="medium")
        with left:
            call_waiting.draw(viewer, filters)
        with right:
            call_log.by_month(viewer, filters, wanted)
        call_log.log(viewer, filters, wanted)
