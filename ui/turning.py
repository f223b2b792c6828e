"""A short table that can be shown whole: its first rows, then all of them, page by page where they are many."""

import streamlit as st

AT_ONCE = 50


def span_of(key: str, most: int, count: int | None = None) -> tuple[int, int]:
    """The rows of table `key` to be shown now, from which one on and how many: the first `most`, until somebody asks for all.

    count: of all rows, where it is known: a page that is no longer there is the last one.
    """
    if not st.session_state.get(_all(key)):
        return 0, most
    page = st.session_state.get(_page(key), 1)
    return ((page if count is None else min(page, _pages(count))) - 1) * AT_ONCE, AT_ONCE


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
