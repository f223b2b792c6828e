"""The front door with nothing kept: each run reads anew all that it shows, and tells what each read took, a line a run in READS.

SITES: the ids of the sites that the viewer sees, with commas between; none: everything.
"""

import json
import os
import runpy
import time
from pathlib import Path

from data_access.database import Database
from data_access.scope import Scope
from ui import reads, sign_in, what_if_results
from ui.viewer import Viewer

FRONT_DOOR = Path(__file__).parents[2] / "pages" / "front_door.py"
told = []
read, who = reads._read, sign_in.who
seen = Scope.of(map(int, filter(None, os.environ.get("SITES", "").split(","))))


def timed(database: Database, question: reads.Question) -> object:
    # SQLite computes in this thread, so that it counts what it works, whoever else is busy.
    clock = time.thread_time if database.dialect == "sqlite" else time.perf_counter
    began = clock()
    found = read(database, question)
    asked = ", ".join(str(value) for _, value in question.arguments if isinstance(value, str) and len(value) < 20)
    told.append((f"{question.name} {asked}".rstrip(), (clock() - began) * 1000))
    return found


reads.ANSWERS.clear()
what_if_results._basis.clear()
reads._read = timed
if seen.site_ids:
    sign_in.who = lambda now: Viewer("somebody", "finance", seen, now)
try:
    runpy.run_path(str(FRONT_DOOR), run_name="__main__")
finally:
    reads._read, sign_in.who = read, who
    with Path(os.environ["READS"]).open("a") as file:
        file.write(json.dumps(told) + "\n")
