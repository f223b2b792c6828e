"""A page's rerun at the websocket, its reads cached, beside its floor's: the same filters chosen in turn in both."""

import asyncio
import statistics
from dataclasses import dataclass

from tests.loops import in_a_thread
from tests.speed.client import Run, Session
from tests.speed.servers import PATHS, Server


@dataclass(frozen=True, slots=True)
class Rerun:
    """Medians of one page at one server, in milliseconds on the clock and of the processor; and what was sent."""

    path: str
    clock: float
    processor: float
    messages: int
    size: int


def reruns(
    servers: list[Server], regions: list[str], repeats: int, paths: tuple[str, ...] = PATHS
) -> list[list[Rerun]]:
    """For each page what each of `servers` took. They are asked in turn, so that all meet the same load."""
    return [in_a_thread(_page(servers, path, regions, repeats)) for path in paths]


async def _page(servers: list[Server], path: str, regions: list[str], repeats: int) -> list[Rerun]:
    sessions = [Session(server.url) for server in servers]
    try:
        for session in sessions:
            await session.__aenter__()
            await session.open(path)
            for region in [*regions, *regions]:
                await session.choose("region", [region])
        took: list[list[tuple[float, Run]]] = [[] for _ in servers]
        for number in range(repeats):
            for server, session, kept in zip(servers, sessions, took, strict=True):
                before = server.processor_ms()
                run = await session.choose("region", [regions[number % len(regions)]])
                await asyncio.sleep(0.02)  # what a server does after its last message is part of its cost
                kept.append((server.processor_ms() - before, run))
    finally:
        for session in sessions:
            await session.__aexit__(None, None, None)
    return [_medians(path, kept) for kept in took]


def _medians(path: str, kept: list[tuple[float, Run]]) -> Rerun:
    middle = statistics.median
    return Rerun(
        path,
        middle(run.ms for _, run in kept),
        statistics.fmean(processor for processor, _ in kept),  # its clock ticks every 10 ms
        int(middle(run.messages for _, run in kept)),
        int(middle(run.size for _, run in kept)),
    )
