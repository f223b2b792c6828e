"""What we owe, what is late, what is at risk, what falls due next and what changed."""

import streamlit as st

from ui import (
    alerts_summary,
    calendar_link,
    currencies,
    filter_bar,
    lists,
    overview_sections,
    positions,
    quick_check,
    risk_summary,
    spending,
)
from ui.viewer import Viewer

WIDER = [1.4, 1]


def render(viewer: Viewer) -> None:
    """Tiles, then pairs: what stops next and aging, next due dates and ranking, trend and changes, billed against paid."""
    filters = filter_bar.chosen(viewer)
    shown = currencies.choose(viewer, filters)
    standings = positions.standings(viewer, shown)
    if not any(s.outstanding or s.overdue for s in standings):
        spending.draw(viewer, shown)
        return
    in_view = positions.months_shown(filters)
    billed = positions.billed_by_month(viewer, shown, in_view)
    paid = positions.paid_by_month(viewer, shown, in_view)
    overview_sections.tiles(viewer, shown, standings)
    alerts_summary.draw(viewer, filters)
    left, right = st.columns(WIDER, gap="medium")
    with left:
        risk_summary.draw(viewer, filters)
    with right:
        overview_sections.aging(viewer, shown)
    quick_check.draw(viewer, shown.filters, shown.currency)
    left, right = st.columns(WIDER, gap="medium")
    with left:
        lists.due_soon(viewer, shown)
        calendar_link.draw(viewer)
    with right:
        overview_sections.ranking(viewer, shown)
    left, right = st.columns(WIDER, gap="medium")
    with left:
        overview_sections.trend(shown, standings)
        lists.largest_overdue(viewer, shown)
    with right:
        overview_sections.billed_and_paid(shown, in_view, billed, paid)
        lists.changes(viewer, shown, standings)
