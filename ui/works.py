"""Reads that take minutes, made in a thread of the server while the page tells how far they are.

One at a time, since each is work of this process; sessions that ask the same wait for the same one. It ends when no page has asked for
it for a while.
"""

import time
from collections.abc import Callable, Hashable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

import streamlit as st

LONELY_S = 60.0  # without a question, after which nobody is there to be told
PATIENCE_S = 0.3  # what is done by then is not told of
POLL_S = 0.5
MOST = 16  # that are over and still known

Told = Callable[[float], None]
Make = Callable[[Told], Any]


class GivenUpError(Exception):
    """Nobody waits for it any more."""


@dataclass(slots=True, eq=False)
class Work:
    """One on its way. share: how much of it is done; None before it begins."""

    share: float | None = None
    asked: float = field(default_factory=time.monotonic)
    future: Future[Any] = field(default_factory=Future)

    def run(self, make: Make) -> Any:
        """In its thread."""
        self.told(0.0)
        return make(self.told)

    def told(self, share: float) -> None:
        """How far it is; raises GivenUpError where nobody asks any more."""
        if time.monotonic() - self.asked > LONELY_S:
            raise GivenUpError
        self.share = share

    def ask(self) -> bool:
        """Is it over? Somebody is still there."""
        self.asked = time.monotonic()
        return self.future.done()

    def wait(self, seconds: float) -> bool:
        """The same, after a moment."""
        self.ask()
        try:
            self.future.exception(timeout=seconds)
        except TimeoutError:
            return False
        return True


class Works:
    """Those of all sessions, by what they make."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="work")
        self._known: dict[Hashable, Work] = {}
        self._lock = Lock()

    def begun(self, key: Hashable, make: Make) -> Work:
        """The one that makes it; it begins now unless it has, or was given up."""
        with self._lock:
            work = self._known.get(key)
            if work is None or (work.future.done() and isinstance(work.future.exception(), GivenUpError)):
                over = [each for each, known in self._known.items() if known.future.done()]
                for each in over[: max(0, len(self._known) - MOST)]:
                    del self._known[each]
                work = self._known[key] = Work()
                work.future = self._pool.submit(work.run, make)
            return work

    def forget(self, key: Hashable) -> None:
        """Begin it anew when it is asked for again."""
        with self._lock:
            self._known.pop(key, None)


@st.cache_resource(show_spinner=False)
def works() -> Works:
    """Of the server."""
    return Works()


@st.fragment(run_every=POLL_S)
def progress(work: Work, what: str) -> None:
    """How far it is; once it is over the page is drawn with what it made."""
    if work.ask():
        st.rerun()
    begun = work.share is not None
    st.progress(work.share or 0.0, f"{what} …" if begun else f"{what}: waits for another that is being worked out …")
