"""Garbage collection while many rows are under way: each full collection looks through all of them and finds nothing."""

import gc
from collections.abc import Generator
from contextlib import contextmanager
from threading import Lock

_RARELY = (50_000, 20, 50)
_lock = Lock()
_under_way: list[tuple[int, int, int]] = []  # for each user, how often it was collected before the first of them


@contextmanager
def collecting_rarely() -> Generator[None]:
    """Let the collector wait for more objects: that is a third of an import's time. Several may want it at once."""
    with _lock:
        _under_way.append(_under_way[0] if _under_way else gc.get_threshold())
        gc.set_threshold(*_RARELY)
    try:
        yield
    finally:
        with _lock:
            before = _under_way.pop()
            if not _under_way:
                gc.set_threshold(*before)
