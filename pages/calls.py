"""Calls with vendors: preparing and logging one, the log, what waits, and the numbers that may be rung to pay."""

from collections.abc import Callable

import streamlit as st

from ui import (
    call_detail,
    call_follow_ups,
    call_form,
    call_links,
    call_log,
    call_prepare,
    call_waiting,
    contacts_list,
)
from ui.viewer import Viewer


def render(viewer: Viewer) -> None:
    """The address says which: ?prepare or ?log with an account's id, ?fix or ?call with a call's, else a section."""
    asked = st.query_params
    if call_links.FIX in asked:
        call_form.correct(viewer, asked[call_links.FIX])
    elif call_links.LOG in asked:
        call_form.draw(viewer, asked[call_links.LOG])
    elif call_links.CALL in asked:
        call_detail.draw(viewer, asked[call_links.CALL])
    elif call_links.PREPARE in asked:
        call_prepare.draw(viewer)
    else:
        _sections(viewer)


def _sections(viewer: Viewer) -> None:
    chosen = st.segmented_control(
        "Section",
        list(SECTIONS),
        default=next(iter(SECTIONS)),
        required=True,
        key=call_links.SECTION,
        bind="query-params",
        label_visibility="collapsed",
    )
    SECTIONS[chosen or next(iter(SECTIONS))](viewer)


def _log(viewer: Viewer) -> None:
    filters, wanted = call_log.controls(viewer)
    left, right = st.columns([1.5, 1], gap="medium")
    with left:
        call_waiting.draw(viewer, filters)
    with right:
        call_log.by_month(viewer, filters, wanted)
    call_log.log(viewer, filters, wanted)


SECTIONS: dict[str, Callable[[Viewer], None]] = {
    "Log": _log,
    "Follow-ups": call_follow_ups.draw,
    "Contacts": contacts_list.draw,
}
