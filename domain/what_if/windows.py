"""The suspension window of each bill under the notices that stand, as domain.suspension has it for one account."""

from functools import cached_property
from typing import Any, NamedTuple

import numpy as np

from domain.what_if.start import NEVER, Bills, Flags, Notices, Whole

PUT_OFF = "put_off_"
_SLOTS = 2  # a bill is announced by at most one notice of its own and one of its account


class Ruled(NamedTuple):
    """By announced bill: the notice that rules it, whether that stands, its window, and that once a part is paid."""

    notice: Whole
    stands: Flags
    earliest: Whole
    likely: Whole
    latest: Whole
    put_off_earliest: Whole
    put_off_likely: Whole
    put_off_latest: Whole


class Announced:
    """Bills that a notice announced a suspension for; the policy alone rules all others."""

    def __init__(self, notices: Notices, bills: Bills) -> None:
        self._notices, self._policy = notices, bills
        naming = notices.earliest[notices.covering] < NEVER
        covered, covering = notices.covered[naming], notices.covering[naming]
        order = np.lexsort((covering, covered))
        covered, covering = covered[order], covering[order]
        self.bills, first, counts = np.unique(covered, return_index=True, return_counts=True)
        self.slots = np.full((_SLOTS, len(self.bills)), -1, np.int64)
        for slot in range(_SLOTS):
            has = counts > slot
            self.slots[slot, has] = covering[first[has] + slot]

    def of_slots(self, by_notice: np.ndarray, none: Any) -> np.ndarray:
        """Values by notice as values by slot; `none` where a slot is empty."""
        return np.append(by_notice, none)[self.slots]

    @cached_property
    def _rank(self) -> Whole:
        """The order in which notices act."""
        notices = self._notices
        rank = np.zeros(len(notices.ids), np.int64)
        rank[np.lexsort((notices.ids, notices.earliest))] = np.arange(len(notices.ids))
        return rank

    def ruled(self, standing: Flags) -> Ruled:
        """Of the notices that stand the first to act, else the last one that was met. standing: by slot."""
        there = self.slots >= 0
        stands = there & standing
        rank = self.of_slots(self._rank, 0)
        first = np.argmin(np.where(stands, rank, NEVER), axis=0)
        last = np.argmax(np.where(there, rank, -1), axis=0)
        any_stands = np.logical_or.reduce(stands)
        places = np.arange(len(self.bills))
        notice = self.slots[np.where(any_stands, first, last), places]
        return Ruled(notice, any_stands, *(self._window(name, notice, any_stands) for name in Ruled._fields[2:]))

    def _window(self, name: str, notice: Whole, stands: Flags) -> Whole:
        announced = getattr(self._notices, name)[notice]
        if name.startswith(PUT_OFF):  # a part puts off a stop, it undoes none
            done = stands & self._notices.happened[notice]
            announced = np.where(done, getattr(self._notices, name.removeprefix(PUT_OFF))[notice], announced)
        by_policy = getattr(self._policy, name)[self.bills]
        return np.where(stands, announced, np.maximum(by_policy, announced))
