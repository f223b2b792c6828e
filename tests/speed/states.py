"""What is chosen in the filter bar while pages are compared: regions, which every page follows."""

import streamlit as st

KEY = "region"


def state() -> tuple[str, ...]:
    """The regions chosen now, in a session or by its first address."""
    return tuple(st.session_state.get(KEY) or st.query_params.get_all(KEY))
