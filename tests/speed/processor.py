"""Processor seconds of this process and of a server's, whoever else keeps the machine busy."""

import time
from pathlib import Path


def own() -> float:
    """Of this process so far."""
    return time.process_time()


def of_server(pid: int) -> float:
    """Of a server's process on this machine, which has one thread, so far."""
    return int(Path(f"/proc/{pid}/schedstat").read_text().split()[0]) / 1e9
