"""Garbage collection: full collections look through everything that is alive, and cost more than the run of a page.

Streamlit collects after each run; .streamlit/config.toml turns that off (runner.postScriptGC). Python's own collector stays on
and bounds what cycles hold, but need not look at what the programs themselves are made of, which never goes.
"""

import gc


def tame() -> None:
    """Set apart what is loaded now, once and before anybody is served: what a session made later must not be among it."""
    gc.collect()
    gc.freeze()
