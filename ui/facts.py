"""Particulars: names in small above their values, side by side."""

from collections.abc import Callable, Sequence

import streamlit as st


def draw(pairs: Sequence[tuple[str, str | Callable[[], None]]], columns: int = 3) -> None:
    """Names with their values (Markdown, or what draws one); empty values are left out."""
    with st.grid(columns, min_column_width=130, gap="small"):
        for name, value in pairs:
            if value:
                with st.container(gap=None):
                    st.caption(name)
                    if callable(value):
                        value()
                    else:
                        st.markdown(value)
