"""A plan in the making: the first one at once, the proof in a thread that ends with its time, or when nobody asks any more."""

import time
from collections.abc import Hashable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field

from domain.cash_plan.exact import Progress
from domain.cash_plan.payables import Choices
from domain.cash_plan.planner import Planned, plan_at_once, proven
from domain.cash_plan.problem import Problem

SECONDS = 10.0
LONELY = 4.0  # seconds without a question after which nobody is there to be told


@dataclass(slots=True)
class Making:
    """A plan of `problem`, which `key` names. first: what is known at once; future: the proven one."""

    key: Hashable
    problem: Problem
    choices: Choices
    first: Planned
    until: float = field(default_factory=lambda: time.monotonic() + SECONDS)
    asked: float = field(default_factory=time.monotonic)
    progress: Progress | None = None
    future: Future[Planned] = field(default_factory=Future)

    @property
    def planned(self) -> Planned:
        """The best that is known."""
        return self.future.result() if self.done else self.first

    @property
    def done(self) -> bool:
        """Is the search over?"""
        return self.future.done()

    @property
    def share(self) -> float:
        """How much of the time is over."""
        return min(1.0, max(0.0, 1.0 - (self.until - time.monotonic()) / SECONDS))

    def ask(self) -> None:
        """Somebody is still there."""
        self.asked = time.monotonic()

    def stop(self) -> None:
        """Nobody wants it any more."""
        self.until = 0.0

    def told(self, progress: Progress) -> float:
        """Take note of how far it is; the seconds that are left."""
        self.progress = progress
        now = time.monotonic()
        return 0.0 if now - self.asked > LONELY else self.until - now


def start(key: Hashable, problem: Problem, choices: Choices) -> Making:
    """The first plan, and the search for the proven one in a thread; raises MustPayError where the cash is too little."""
    making = Making(key, problem, choices, plan_at_once(problem))
    executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix="cash-plan")
    making.future = executor.submit(proven, problem, making.first, making.told)
    executor.shutdown(wait=False)
    return making
