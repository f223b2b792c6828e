"""What a page asks of the database: its run with nothing kept, and each read by itself, warm, of today and of a day in the past."""

import json
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from urllib.parse import urlencode

from sqlalchemy import select

from data_access.database import Database
from data_access.queries.dimensions import filter_options
from data_access.schema import sites
from data_access.scope import Scope
from domain.periods import add_months
from tests.loops import in_a_thread
from tests.speed.client import Session
from tests.speed.servers import Server, served

PAST_MONTHS = 7
FEW_SITES, MANY_SITES = 60, 400  # of viewers who see some; more than 200 are not looked up one by one
# What a page is asked for besides what it shows first.
VIEWS = {
    "balances": (
        ("by vendor", "by=Vendor"),
        ("by region", "by=Region"),
        ("by invoice date", "basis=Invoice+date"),
        ("a search", "q=Plant"),  # names a sixth of all sites
    ),
    "payments": (("a search", "q=Plant"),),
    "reconcile": (("a search", "q=Plant"),),
}


@dataclass(frozen=True, slots=True)
class Ask:
    """How a page is asked for: what is said of it, its address, and of whom; no sites: who sees all."""

    name: str
    query: str = ""
    site_ids: tuple[int, ...] = ()


EVERYTHING = Ask("everything")


@dataclass(frozen=True, slots=True)
class Asked:
    """Milliseconds of one page: the quickest of some runs, and of each of its reads; the server's processor time of a run."""

    path: str
    run: float
    reads: dict[str, float]
    processor: float
    ask: Ask = EVERYTHING

    @property
    def together(self) -> float:
        """All reads."""
        return sum(self.reads.values())

    @property
    def name(self) -> str:
        """The slowest read's."""
        return max(self.reads, key=self.reads.__getitem__, default="").partition("#")[0]

    @property
    def slowest(self) -> float:
        """What it took."""
        return max(self.reads.values(), default=0.0)


def ways_of_asking(database: Database) -> list[Ask]:
    """Unfiltered, one region, one vendor, one service type, and viewers of FEW_SITES and MANY_SITES, here and there among all."""
    everybody = Scope.all_sites()
    with database.reading(everybody) as connection:
        options = filter_options(connection, everybody)
        ids = connection.scalars(select(sites.c.id).order_by(sites.c.id)).all()
    chosen = (("region", options.regions), ("vendor", options.vendors), ("type", options.service_types))
    spread = {few: tuple(ids[:: max(1, len(ids) // few)][:few]) for few in (FEW_SITES, MANY_SITES)}
    return [
        EVERYTHING,
        *(Ask(f"one {key}", urlencode({key: values[0]})) for key, values in chosen if values),
        *(Ask(f"{few} sites", site_ids=of_few) for few, of_few in spread.items()),
    ]


def pages_asked(
    address: str,
    days: Sequence[date | None],
    repeats: int,
    paths: Sequence[str],
    ways: Sequence[Ask] = (EVERYTHING,),
) -> list[list[Asked]]:
    """For each of `ways` and pages, and then each view of a page, what it asked as of each of `days`; None is today."""
    found = []
    for site_ids in dict.fromkeys(way.site_ids for way in ways):
        own = [way for way in ways if way.site_ids == site_ids]
        with tempfile.TemporaryDirectory() as place:
            told = Path(place) / "reads.jsonl"
            told.touch()
            of_whom = {"SITES": ",".join(map(str, site_ids))}
            with served("tests/speed/cold.py", DATABASE_URL=address, READS=str(told), **of_whom) as server:
                found += [
                    [in_a_thread(_page(server, told, path, way, day, repeats)) for day in days]
                    for path, way in _each(paths, own)
                ]
    return found


def _each(paths: Sequence[str], ways: Sequence[Ask]) -> list[tuple[str, Ask]]:
    found = []
    for path in paths:
        found += [(path, way) for way in ways]
        if EVERYTHING in ways and len(ways) > 1:
            found += [(path, Ask(name, query)) for name, query in VIEWS.get(path, ())]
    return found


def in_the_past(today: date) -> date:
    """A day within a month, some months ago."""
    return add_months(today, -PAST_MONTHS)


async def _page(server: Server, told: Path, path: str, way: Ask, day: date | None, repeats: int) -> Asked:
    runs = []
    query = "&".join(filter(None, (way.query, f"as_of={day}" if day else "")))
    async with Session(server.url) as session:
        await session.open(path, query)
        told.write_text("")
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
    return Asked(path, min(runs), quickest, spent / repeats, way)


def _numbered(reads: Sequence[tuple[str, float]]) -> list[tuple[str, float]]:
    """The same read may be asked for with other arguments: told apart by their order."""
    seen: dict[str, int] = {}
    found = []
    for name, took in reads:
        seen[name] = seen.get(name, 0) + 1
        found.append((f"{name}#{seen[name]}", took))
    return found
