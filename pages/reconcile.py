"""Reconcile: the three legs of each payment, what is to be matched, the bank's and the vendors' statements, disputes."""

from collections.abc import Callable

import streamlit as st

from ui import (
    dispute_list,
    filter_bar,
    reconcile_acts,
    reconcile_legs,
    reconcile_statements,
    reconcile_to_match,
    vendor_statement_list,
)
from ui.viewer import Viewer

VIEW = "view"  # address key


def render(viewer: Viewer) -> None:
    """One view at a time, as the address says."""
    chosen = st.segmented_control(
        "View",
        list(VIEWS),
        default=next(iter(VIEWS)),
        required=True,
        key=VIEW,
        bind="query-params",
        label_visibility="collapsed",
    )
    reconcile_acts.told(viewer)
    VIEWS[chosen or next(iter(VIEWS))](viewer)


VIEWS: dict[str, Callable[[Viewer], None]] = {
    "Three legs": reconcile_legs.draw,
    "To match": reconcile_to_match.draw,
    "Bank statements": reconcile_statements.draw,
    "Vendor statements": lambda viewer: vendor_statement_list.draw(viewer, filter_bar.chosen(viewer)),
    "Disputes": lambda viewer: dispute_list.draw(viewer, filter_bar.chosen(viewer)),
}
