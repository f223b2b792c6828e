"""manage.py in a process of its own: how long it took, how long the processor worked for it, and the most memory it held."""

import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from tests.speed.servers import ROOT

# What runs the command, so that its memory is not that of whoever asked.
_CHILD = """import json, resource, sys
from terminal.front import main
code = main(sys.argv[2:])
used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
held = next(line for line in open("/proc/self/status") if line.startswith("VmHWM"))
with open(sys.argv[1], "w") as told:
    json.dump({"processor": sum(each.ru_utime + each.ru_stime for each in used), "mb": int(held.split()[1]) / 1024, "code": code}, told)
"""


@dataclass(frozen=True, slots=True)
class Took:
    """Seconds on the clock and of the processor (not a server's), and megabytes."""

    clock: float
    processor: float
    mb: float


class CommandFailedError(Exception):
    """A command ended with another exit code than 0."""


def took(address: str, *arguments: str) -> Took:
    """`manage.py ARGUMENTS` on the ledger at `address`."""
    with tempfile.TemporaryDirectory() as place:
        told = Path(place) / "told.json"
        began = time.perf_counter()
        done = subprocess.run(
            [sys.executable, "-c", _CHILD, str(told), *arguments],
            cwd=ROOT,
            env=os.environ | {"DATABASE_URL": address},
            capture_output=True,
            text=True,
            check=False,
        )
        clock = time.perf_counter() - began
        if not told.exists():
            raise CommandFailedError(f"manage.py {arguments[0]}: {done.stderr[-2000:]}")
        found = json.loads(told.read_text())
    if found["code"]:
        raise CommandFailedError(f"manage.py {arguments[0]} ended with {found['code']}: {done.stdout}{done.stderr}")
    return Took(clock, found["processor"], found["mb"])
