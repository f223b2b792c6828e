"""Newer and older: one page of a keyset-paged table at a time."""

from collections.abc import Callable, Sequence
from typing import Any

import streamlit as st

ROWS = 50


def page(key: str, question: object, fetch: Callable[[Any], Sequence[Any]]) -> Sequence[Any]:
    """The rows of the present page of table `key`; begun anew when `question` changes.

    `fetch(mark)` brings ROWS rows after a mark, None for the first page.
    """
    marks = _marks(key, question)
    return fetch(marks[-1] if marks else None)


def turner(key: str, question: object, rows: Sequence[Any], total: int, mark: Callable[[Any], Any]) -> None:
    """Buttons to the newer and older rows; nothing where all of them are shown."""
    marks = _marks(key, question)
    start = len(marks) * ROWS
    if not marks and len(rows) >= total:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button("Newer", icon=":material/chevron_left:", disabled=not marks, key=f"{key}-newer", on_click=marks.pop)
        st.button(
            "Older",
            icon=":material/chevron_right:",
            icon_position="right",
            disabled=start + len(rows) >= total,
            key=f"{key}-older",
            on_click=lambda: marks.append(mark(rows[-1])),
        )
        st.caption(f"{start + 1:,} to {start + len(rows):,} of {total:,}", width="content")


def _marks(key: str, question: object) -> list[Any]:
    """Where each page shown so far ended."""
    kept = st.session_state.get(f"{key}-marks")
    if kept is None or kept[0] != question:
        kept = st.session_state[f"{key}-marks"] = (question, [])
    return kept[1]
