"""Garbage collection: full collections look through everything that is alive, and stop every session meanwhile.

Streamlit collects after each run; .streamlit/config.toml turns that off (runner.postScriptGC). Python's own collector stays on
and bounds what cycles hold. What it has found alive once it leaves alone for a while: what the programs are made of, and the rows
that are kept for all sessions, of which there are hundreds of thousands.
"""

import gc
import time
from collections.abc import Callable, Mapping

EVERYTHING_S = 600  # so long may what a session left behind wait, where it was alive at the last look
YOUNG = 10_000  # objects before a look at the new ones; a page makes some thousands that are gone at its end


def tame() -> None:
    """Set apart what is loaded now, once and before anybody is served, and from then on what each full collection leaves."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG)
    gc.callbacks.append(setting_apart(time.monotonic))


def setting_apart(clock: Callable[[], float]) -> Callable[[str, Mapping[str, int]], None]:
    """To be told of each collection: what a full one finds alive the next ones need not look at, until EVERYTHING_S have passed."""
    looked = clock()

    def told(phase: str, about: Mapping[str, int]) -> None:
        nonlocal looked
        if about["generation"] != 2:  # noqa: PLR2004
            return
        if phase == "start" and clock() - looked >= EVERYTHING_S:
            looked = clock()
            gc.unfreeze()
        elif phase == "stop":
            gc.freeze()

    return told
