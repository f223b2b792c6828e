"""A plan in the making: the first one soon, the proof after it, in a thread that ends with its time, or when nobody asks any more."""

import time
from collections.abc import Callable, Hashable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field

from data_access.cash_plan_run import PlanRun, plan_run
from data_access.queries.cash_plan import PlanFacts
from domain.cash_plan.exact import Progress
from domain.cash_plan.payables import Choices
from domain.cash_plan.planner import plan_at_once, proven
from domain.cash_plan.problem import Problem

SECONDS = 10.0
LONELY = 4.0  # seconds without a question after which nobody is there to be told
PATIENCE = 2.0  # for the first plan, which few accounts have at once

Pose = Callable[[], tuple[Problem, Choices]]


@dataclass(slots=True)
class Making:
    """A plan that `key` names. first: what is known soon; future: the proven one."""

    key: Hashable
    first: Future[PlanRun] = field(default_factory=Future)
    future: Future[PlanRun] = field(default_factory=Future)
    until: float = float("inf")
    stopped: bool = False
    asked: float = field(default_factory=time.monotonic)
    progress: Progress | None = None

    @property
    def run(self) -> PlanRun:
        """The best that is known; raises what is wrong with the problem."""
        return self.future.result() if self.done and self.first.exception() is None else self.first.result()

    @property
    def begun(self) -> bool:
        """Is something known, waiting for it a moment?"""
        try:
            self.first.exception(timeout=PATIENCE)
        except TimeoutError:
            return False
        return True

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
        self.stopped = True

    def told(self, progress: Progress) -> float:
        """Take note of how far it is; the seconds that are left."""
        self.progress = progress
        now = time.monotonic()
        return 0.0 if self.stopped or now - self.asked > LONELY else self.until - now


def start(key: Hashable, facts: PlanFacts, pose: Pose) -> Making:
    """The first plan of what `pose` makes of `facts`, and the search for the proven one, in a thread."""
    making = Making(key)
    executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix="cash-plan")
    making.future = executor.submit(_make, making, facts, pose)
    executor.shutdown(wait=False)
    return making


def _make(making: Making, facts: PlanFacts, pose: Pose) -> PlanRun:
    try:
        problem, choices = pose()
        planned = plan_at_once(problem)
        making.first.set_result(plan_run(facts, choices, problem, planned))
    except BaseException as error:
        making.first.set_exception(error)
        raise
    making.until = time.monotonic() + SECONDS
    return plan_run(facts, choices, problem, proven(problem, planned, making.told))
