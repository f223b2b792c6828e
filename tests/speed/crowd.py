"""Many sessions at once, each with somebody who looks for one to five seconds and then acts; the same acts for each server."""

import asyncio
import random
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import quantiles

from tests.loops import in_a_thread
from tests.speed.client import Session
from tests.speed.servers import Server

PAGES = ("", "sites", "balances", "payments", "calls", "risk")
PAUSE_S = (1.0, 5.0)


@dataclass(frozen=True, slots=True)
class Crowd:
    """What so many sessions met: milliseconds of half of the acts and of 95 in 100, and the server's memory at the end."""

    sessions: int
    acts: int
    p50: float
    p95: float
    processor: float  # milliseconds of the processor an act
    memory_mb: float


def crowd(
    server: Server, sessions: int, seconds: float, regions: list[str], pages: Sequence[str] = PAGES, seed: int = 1
) -> Crowd:
    """Let `sessions` work for so many seconds. All have opened their page and met each choice before."""
    return in_a_thread(_crowd(server, sessions, seconds, regions, pages, seed))


async def _crowd(
    server: Server, count: int, seconds: float, regions: list[str], pages: Sequence[str], seed: int
) -> Crowd:
    sessions = [Session(server.url) for _ in range(count)]
    for number, session in enumerate(sessions):
        await session.__aenter__()
        await session.open(pages[number % len(pages)])
    before, took = server.processor_ms(), []
    until = asyncio.get_running_loop().time() + seconds
    await asyncio.gather(
        *(_work(s, random.Random(seed + i), until, regions, pages, took) for i, s in enumerate(sessions))
    )
    spent, held = server.processor_ms() - before, server.memory_mb()
    for session in sessions:
        await session.__aexit__(None, None, None)
    cuts = quantiles(took, n=20, method="inclusive")
    return Crowd(count, len(took), cuts[9], cuts[18], spent / len(took), held)


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
