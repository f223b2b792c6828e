"""A short table that can be shown whole: its first rows, then all of them, page by page where they are many."""

from collections.abc import Sequence
from typing import TypeVar

import streamlit as st

T = TypeVar("T")
AT_ONCE = 50


def rows_of(key: str, rows: Sequence[T], most: int) -> Sequence[T]:
    """The rows of table `key` to be shown now: the first `most`, until somebody asks for all."""
    if not st.session_state.get(_all(key)):
        return rows[:most]
    page = min(st.session_state.get(_page(key), 1), _pages(len(rows)))
    return rows[(page - 1) * AT_ONCE : page * AT_ONCE]


def turn(key: str, count: int, most: int) -> None:
    """Below the table: the choice to see all `count` rows, and the way from page to page."""
    if count <= most:
        return
    if st.checkbox(f"Show all {count:,}", key=_all(key)) and count > AT_ONCE:
        st.pagination(_pages(count), key=_page(key))


def _pages(count: int) -> int:
    return -(-count // AT_ONCE)


def _all(key: str) -> str:
    return f"{key}-all"


def _page(key: str) -> str:
    return f"{key}-page"
