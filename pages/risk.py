"""Service risk: which service goes off next, when, and what keeps it on."""

import streamlit as st

from ui import alerts_list, filter_bar, judging, notices, risk_sections, risk_table, risk_words
from ui.viewer import Viewer


def render(viewer: Viewer) -> None:
    """The alerts; how many of each severity; the suspension calendar beside what keeps each site on; every account with its reasons."""
    filters = filter_bar.chosen(viewer)
    alerts_list.draw(viewer, filters)
    if (risks := judging.at_risk(viewer, filters)) is None:
        return
    if not risks.counts:
        notices.nothing_open(filters.as_of)
        return
    st.markdown(risk_words.badges(risks.counts))
    left, right = st.columns([1.5, 1], gap="medium")
    with left:
        risk_sections.calendar(viewer, risks, filters)
    with right:
        risk_sections.keeps_on(viewer, risks, filters)
    risk_table.draw(viewer, risks, filters)
