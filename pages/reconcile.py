"""Reconcile: where a vendor and we agree, and where not."""

import streamlit as st

from ui import dispute_list, filter_bar, vendor_statement_list
from ui.viewer import Viewer

VIEWS = {"Vendor statements": vendor_statement_list.draw, "Disputes": dispute_list.draw}


def render(viewer: Viewer) -> None:
    """One view at a time."""
    chosen = st.segmented_control(
        "Section",
        list(VIEWS),
        default="Vendor statements",
        required=True,
        key="section",
        bind="query-params",
        label_visibility="collapsed",
    )
    VIEWS[chosen or "Vendor statements"](viewer, filter_bar.chosen(viewer))
