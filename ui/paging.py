"""Newer and older: one page of a keyset-paged table at a time."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

ROWS = 50


@dataclass(frozen=True, slots=True)
class Page:
    """The rows shown, where they start, and whether older ones follow."""

    key: str
    rows: Sequence[Any]
    start: int
    more: bool
    marks: list[Any]


def page(key: str, question: object, fetch: Callable[[Any, int], Sequence[Any]], rows: int = ROWS) -> Page:
    """The present page of table `key`; begun anew when `question` changes. `fetch(mark, limit)`, mark None for the first."""
    kept = st.session_state.get(f"{key}-marks")
    if kept is None or kept[0] != question:
        kept = st.session_state[f"{key}-marks"] = (question, [])
    marks = kept[1]
    found = fetch(marks[-1] if marks else None, rows + 1)
    return Page(key, found[:rows], len(marks) * rows, len(found) > rows, marks)


def turner(
    shown: Page, mark: Callable[[Any], Any], total: int | None = None, words: tuple[str, str] = ("Newer", "Older")
) -> None:
    """Buttons to the newer and older rows; nothing where all of them are shown. `mark(row)` says where a page ended."""
    if not shown.start and not shown.more:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            words[0],
            icon=":material/chevron_left:",
            disabled=not shown.start,
            key=f"{shown.key}-newer",
            on_click=shown.marks.pop,
        )
        st.button(
            words[1],
            icon=":material/chevron_right:",
            icon_position="right",
            disabled=not shown.more,
            key=f"{shown.key}-older",
            on_click=lambda: shown.marks.append(mark(shown.rows[-1])),
        )
        of = f" of {total:,}" if total is not None else ""
        st.caption(f"{shown.start + 1:,} to {shown.start + len(shown.rows):,}{of}", width="content")
