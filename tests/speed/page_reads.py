"""What a page asks of the database: its run with nothing kept, and each read by itself, warm, of today and of a day in the past."""

import json
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from domain.periods import add_months
from tests.loops import in_a_thread
from tests.speed.client import Session
from tests.speed.servers import Server, served

PAST_MONTHS = 7


@dataclass(frozen=True, slots=True)
class Asked:
    """Milliseconds of one page: the quickest of some runs, its reads together, and the slowest of them; the processor's a run."""

    path: str
    run: float
    together: float
    slowest: float
    name: str  # of the slowest
    processor: float  # of the server's process alone


def pages_asked(address: str, days: Sequence[date | None], repeats: int, paths: Sequence[str]) -> list[list[Asked]]:
    """For each page what it asked as of each of `days`; None is today."""
    with tempfile.TemporaryDirectory() as place:
        told = Path(place) / "reads.jsonl"
        with served("tests/speed/cold.py", DATABASE_URL=address, READS=str(told)) as server:
            return [[in_a_thread(_page(server, told, path, day, repeats)) for day in days] for path in paths]


def in_the_past(today: date) -> date:
    """A day within a month, some months ago."""
    return add_months(today, -PAST_MONTHS)


async def _page(server: Server, told: Path, path: str, day: date | None, repeats: int) -> Asked:
    runs = []
    async with Session(server.url) as session:
        await session.open(path, f"as_of={day}" if day else "")
        told.unlink()
        spent = server.processor_ms()
        for _ in range(repeats):
            runs.append((await session.rerun()).ms)
        spent = server.processor_ms() - spent
    # A run may end early for another one, which goes on with the address; they belong together.
    each = [json.loads(line) for line in told.read_text().splitlines()]
    quickest: dict[str, float] = {}
    for reads in each:
        for name, took in _numbered(reads):
            quickest[name] = min(took, quickest.get(name, took))
    slowest = max(quickest, key=quickest.__getitem__, default="")
    name = slowest.partition("#")[0]
    return Asked(path, min(runs), sum(quickest.values()), quickest.get(slowest, 0.0), name, spent / repeats)


def _numbered(reads: Sequence[tuple[str, float]]) -> list[tuple[str, float]]:
    """The same read may be asked for with other arguments: told apart by their order."""
    seen: dict[str, int] = {}
    found = []
    for name, took in reads:
        seen[name] = seen.get(name, 0) + 1
        found.append((f"{name}#{seen[name]}", took))
    return found
