"""Payments: what was paid by method, channel, site and vendor, on time or late, and where each payment went."""

import streamlit as st

from ui import currencies, details, filter_bar, paging, payment_log, payment_pictures, payment_tiles, reads
from ui import window as windows
from ui.currencies import SWITCH
from ui.page_address import Here
from ui.payment_narrowing import ANY, AT, FIND, PAID, PART, ROWS, STATUS, STEP
from ui.payment_story import Story
from ui.viewer import Viewer

SPLIT, RANK = "split", "rank"  # address keys: what the bars are split by, and what is ranked
SPLITS = {"Method": "method", "Channel": "channel"}
RANKS = {"Site": "site", "Vendor": "vendor"}
HERE = Here(
    "payments",
    {
        SPLIT: "Method",
        RANK: "Site",
        ROWS: PAID,
        STATUS: ANY,
        **dict.fromkeys((FIND, STEP, PART, AT, SWITCH), ""),
        **paging.OWN,
    },
)


def render(viewer: Viewer) -> None:
    """Tiles, paid over time and where, on time and late, then the rows; a drawer shows one of them."""
    filters = windows.lively(viewer, filter_bar.chosen(viewer))
    shown = currencies.choose(viewer, filters)
    if not reads.payment_totals(viewer, shown.filters, "currency"):
        windows.quiet(viewer, shown.filters, "payments", "payments")
        details.open_if_asked(viewer, HERE, filters.as_of)
        return
    span = reads.filtered("activity", viewer, shown.filters)
    story = Story(viewer, shown, HERE, windows.steps(shown.filters, span), span)
    payment_tiles.draw(story)
    left, right = st.columns([1.4, 1], gap="medium")
    with left:
        payment_pictures.over_time(story, SPLITS[_choice(SPLIT, "Split by", list(SPLITS))])
    with right:
        by = RANKS[_choice(RANK, "Rank by", list(RANKS))]
        payment_pictures.ranked(story, by)
    groups = story.late_ranking(by, payment_pictures.LATE_ROWS)
    left, right = st.columns([1.4, 1], gap="medium")
    with left:
        payment_pictures.on_time(story, groups)
    with right:
        payment_pictures.latest(story, by, groups)
    payment_log.draw(viewer, shown, HERE)
    details.open_if_asked(viewer, HERE, filters.as_of)


def _choice(key: str, name: str, options: list[str]) -> str:
    picked = st.segmented_control(
        name,
        options,
        default=options[0],
        required=True,
        key=key,
        bind="query-params",
        label_visibility="collapsed",
    )
    return picked or options[0]
