"""What-if: scenarios side by side with today, the best use of the cash, and what leaves the bank in the weeks to come."""

from collections.abc import Callable

import streamlit as st

from domain.filters import Filters
from ui import cash_forecast, filter_bar, plan, what_if
from ui.viewer import Viewer

VIEW = "view"  # address key


def render(viewer: Viewer) -> None:
    """One view at a time, as the address says."""
    chosen = next(iter(VIEWS))
    if len(VIEWS) > 1:
        chosen = (
            st.segmented_control(
                "View",
                list(VIEWS),
                default=chosen,
                required=True,
                key=VIEW,
                bind="query-params",
                label_visibility="collapsed",
            )
            or chosen
        )
    VIEWS[chosen](viewer, filter_bar.chosen(viewer))


VIEWS: dict[str, Callable[[Viewer, Filters], None]] = {
    "Scenarios": what_if.draw,
    "Cash plan": plan.draw,
    "Cash forecast": cash_forecast.draw,
}
