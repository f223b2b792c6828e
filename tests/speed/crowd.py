"""Many sessions at once, each with somebody who looks for one to five seconds and then acts; the same acts for each server."""

import asyncio
import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import quantiles

from tests.loops import in_a_thread
from tests.speed.client import Session
from tests.speed.servers import Server

PAGES = ("", "sites", "balances", "payments", "calls", "risk")
PAUSE_S = (1.0, 5.0)
TURNS = 4  # stretches of each server, one after the other


@dataclass(frozen=True, slots=True)
class Crowd:
    """What so many sessions met: milliseconds of half of the acts and of 95 in 100, and the server's memory at the end."""

    sessions: int
    acts: int
    p50: float
    p95: float
    processor: float  # milliseconds of the processor an act
    memory_mb: float


def crowds(
    servers: Sequence[Server],
    sessions: int,
    seconds: float,
    regions: list[str],
    pages: Sequence[str] = PAGES,
    seed: int = 1,
) -> list[Crowd]:
    """Let `sessions` work for so many seconds at each of `servers`, in turn, so that all meet the same load.

    All have opened their page and met each choice before.
    """
    return in_a_thread(_crowds(servers, sessions, seconds, regions, pages, seed))


async def _crowds(
    servers: Sequence[Server], count: int, seconds: float, regions: list[str], pages: Sequence[str], seed: int
) -> list[Crowd]:
    met = [_Met(server, [Session(server.url) for _ in range(count)]) for server in servers]
    for each in met:
        for number, session in enumerate(each.sessions):
            await session.__aenter__()
            await session.open(pages[number % len(pages)])
    dice = [[random.Random(seed + number) for number in range(count)] for _ in met]
    for turn in range(TURNS):
        for each, thrown in list(zip(met, dice, strict=True))[:: 1 if turn % 2 else -1]:
            await each.work(thrown, seconds / TURNS, regions, pages)
    found = [each.crowd() for each in met]
    for each in met:
        for session in each.sessions:
            await session.__aexit__(None, None, None)
    return found


@dataclass
class _Met:
    """What one server did so far."""

    server: Server
    sessions: list[Session]
    took: list[float] = field(default_factory=list)
    spent: float = 0.0

    async def work(self, dice: list[random.Random], seconds: float, regions: list[str], pages: Sequence[str]) -> None:
        before = self.server.processor_ms()
        until = asyncio.get_running_loop().time() + seconds
        both = zip(self.sessions, dice, strict=True)
        await asyncio.gather(*(_work(session, own, until, regions, pages, self.took) for session, own in both))
        self.spent += self.server.processor_ms() - before

    def crowd(self) -> Crowd:
        cuts = quantiles(self.took, n=20, method="inclusive")
        acts = len(self.took)
        return Crowd(len(self.sessions), acts, cuts[9], cuts[18], self.spent / acts, self.server.memory_mb())


async def _work(
    session: Session,
    dice: random.Random,
    until: float,
    regions: list[str],
    pages: Sequence[str],
    took: list[float],
) -> None:
    now = asyncio.get_running_loop().time
    while True:
        await asyncio.sleep(dice.uniform(*PAUSE_S))
        if now() > until and len(took) > 1:
            return
        if dice.random() < 0.25:
            session.widgets.clear()
            run = await session.open(dice.choice(pages))
        else:
            run = await session.choose("region", dice.choice([[], *([name] for name in regions)]))
        took.append(run.ms)
