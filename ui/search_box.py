"""The box that finds rows of a page by words, kept in the address."""

import streamlit as st


def search_box(what: str, key: str, width: int = 300, label: str = "Find") -> str:
    """What is typed, empty for nothing; `what` is told in the box while it is empty, `label` to screen readers."""
    typed = st.text_input(
        label,
        placeholder=f"Find {what}",
        type="search",
        icon=":material/search:",
        key=key,
        bind="query-params",
        label_visibility="collapsed",
        width=width,
    )
    return typed or ""
