"""What is known for the length of one run of a page: asked once, however many rows need it.

Outside of one (a callback before it, a fragment after it) nothing is, since there the answer may have changed.
"""

from collections.abc import Callable, Generator, Hashable
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

T = TypeVar("T")
_known: ContextVar[dict[Hashable, Any] | None] = ContextVar("known", default=None)  # of the thread that runs the page


@contextmanager
def of_a_page() -> Generator[None]:
    """The run, from its beginning to its end, however it ends."""
    before = _known.set({})
    try:
        yield
    finally:
        _known.reset(before)


def memo() -> dict[Hashable, Any] | None:
    """What this run knows; None outside of one."""
    return _known.get()


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
