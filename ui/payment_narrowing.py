"""What the charts and controls of the Payments page keep of its rows, as it stands in the address."""

from dataclasses import dataclass, replace
from functools import partial

import streamlit as st

from domain.filters import Filters
from ui import details, filter_bar, payment_words, reads
from ui import window as windows
from ui.charts.months import MOST_KINDS
from ui.currencies import Shown
from ui.formats import escape
from ui.page_address import Here
from ui.viewer import Viewer

# Address keys: which rows; the month or year, the method or channel, the site or vendor that a chart chose; controls.
ROWS, STEP, PART, AT, STATUS, FIND = "rows", "step", "part", "at", "status", "q"
PAID, LATE, UNAPPLIED = "Payments", "Late bills", "Unapplied"
ANY = "Any status"
TURN = "payments-turn"  # how often what a chart chose was cleared beside it: part of the charts' keys
EVERYTHING = {STEP: None, PART: None, AT: None, STATUS: None, FIND: None, **details.CLOSED}


def to_rows(rows: str, status: str | None = None) -> dict[str, str | None]:
    """Address changes that lead to a table, without what a chart chose."""
    return {**EVERYTHING, ROWS: rows, STATUS: status}


@dataclass(frozen=True, slots=True)
class Narrowed:
    """The filters of a table, what payments alone are narrowed by, and each chart's choice: (words, its address key)."""

    filters: Filters
    statuses: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    said: tuple[tuple[str, str], ...] = ()


def narrowed(viewer: Viewer, shown: Shown, rows: str, search: str, status: str) -> Narrowed:
    """The page's filters, narrowed by what suits `rows`: late bills have no method, money on account no period."""
    filters = replace(shown.filters, search=search)
    statuses: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    said = []
    step = st.query_params.get(STEP)
    if rows == UNAPPLIED:
        filters = replace(filters, since=None, until=None)
    elif step and windows.is_step(step):
        filters = windows.narrowed(filters, step)
        said.append((windows.step_name(step), STEP))
    split, _, value = st.query_params.get(PART, "").partition(":")
    if rows == PAID:
        statuses = payment_words.STATUS_CHOICES.get(status, ())
    if rows == PAID and split in ("method", "channel"):
        kept = _parts(viewer, shown, split, value)
        filters, channels = (replace(filters, methods=kept), ()) if split == "method" else (filters, kept)
        said.append((escape(payment_words.named(split, value)), PART))
    by, _, key = st.query_params.get(AT, "").partition(":")
    if by == "site" and key:
        filters = replace(filters, sites=(key,))
        said.append((escape(filter_bar.site_name(viewer, key)), AT))
    elif by == "vendor" and key:
        filters = replace(filters, vendors=(key,))
        said.append((escape(key), AT))
    return Narrowed(filters, statuses, channels, tuple(said))


def _parts(viewer: Viewer, shown: Shown, split: str, value: str) -> tuple[str, ...]:
    """The methods or channels that a part of a bar stands for: itself, or for Other those beside the largest."""
    if value != payment_words.OTHER:
        return (value,)
    sums: dict[str, int] = {}
    for row in reads.filtered("payments_by_month", viewer, shown.filters, split=split):
        sums[row.key] = sums.get(row.key, 0) + shown.minor(row.net, row.currency)
    order = sorted(sums, key=lambda key: (-sums[key], payment_words.named(split, key)))
    return tuple(order[MOST_KINDS:])


def chips(here: Here, choice: Narrowed) -> None:
    """What the charts narrowed a table to, each with a way back."""
    if not choice.said:
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        st.caption("Only", width="content")
        for words, key in choice.said:
            st.button(
                words,
                icon=":material/close:",
                icon_position="right",
                key=f"clear-{key}",
                help="Show all again",
                on_click=partial(_clear, here, key),
            )


def _clear(here: Here, key: str) -> None:
    here.put({key: None})
    st.session_state[TURN] = st.session_state.get(TURN, 0) + 1
