"""What is known for the length of one run of a page: asked once, however many rows need it.

Outside of one (a callback before it, a fragment after it) nothing is, since there the answer may have changed.
"""

from collections.abc import Callable, Generator, Hashable
from contextlib import contextmanager
from typing import Any, TypeVar

import streamlit as st

T = TypeVar("T")
_RUN = "_run"


@contextmanager
def of_a_page() -> Generator[None]:
    """The run, from its beginning to its end, however it ends."""
    st.session_state[_RUN] = {}
    try:
        yield
    finally:
        st.session_state.pop(_RUN, None)


def memo() -> dict[Hashable, Any] | None:
    """What this run knows; None outside of one."""
    return st.session_state.get(_RUN)


def once(key: Hashable, ask: Callable[[], T]) -> T:
    """What `ask` answers, asked once a run."""
    known = memo()
    if known is None:
        return ask()
    if key not in known:
        known[key] = ask()
    return known[key]


def forget(key: Hashable) -> None:
    """It has changed in this run."""
    known = memo()
    if known is not None:
        known.pop(key, None)
