"""The crowd of the bench: the same acts at every server, and figures that are those of what was met."""

import asyncio
import random
from types import SimpleNamespace

from tests.speed import crowd
from tests.speed.client import Run


class Visitor:
    """A session that only remembers what was done in it."""

    def __init__(self):
        self.widgets = {"region": "chosen"}
        self.done = []

    async def open(self, path):
        assert not self.widgets  # another page forgets what was chosen on the last one
        return self._did(path)

    async def choose(self, key, values):
        self.widgets[key] = values
        return self._did((key, *values))

    def _did(self, what):
        self.done.append(what)
        return Run(float(len(self.done)), 1, 1)


def visited(seed, monkeypatch, acts=40):
    monkeypatch.setattr(crowd, "PAUSE_S", (0.0, 0.0))
    visitor, took = Visitor(), []

    class Clock:
        def time(self):
            return len(took)

    monkeypatch.setattr(crowd.asyncio, "get_running_loop", Clock)
    asyncio.run(crowd._work(visitor, random.Random(seed), acts, ["North", "South"], crowd.PAGES, took))
    assert took == [float(n + 1) for n in range(len(visitor.done))]
    return visitor.done


def test_every_server_meets_the_same_acts(monkeypatch):
    first = visited(1, monkeypatch)
    assert first == visited(1, monkeypatch)
    assert first != visited(2, monkeypatch)
    assert len(first) == 41
    assert {("region",), ("region", "North"), ("region", "South")} < set(first)
    assert any(isinstance(act, str) for act in first)


def test_the_figures_are_of_what_was_met():
    server = SimpleNamespace(memory_mb=lambda: 7.0)
    met = crowd._Met(server, [Visitor()] * 2, took=[float(n) for n in range(1, 102)], spent=202.0)
    assert met.crowd() == crowd.Crowd(2, 101, 51.0, 96.0, 2.0, 7.0)
