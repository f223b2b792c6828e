"""How much of a long test runs: all of it under `make soak`, a share of the same code under `make test`."""

import os

SOAKING = bool(os.environ.get("SOAK"))


def share(whole: int, part: int) -> int:
    """How many cases to try: `whole` under `make soak`, `part` otherwise."""
    assert 0 < part < whole
    return whole if SOAKING else part
