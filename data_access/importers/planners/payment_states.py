"""Which rows of a file are which payments of the ledger, when only their state may have moved on since.

A payment goes from pending to posted, and from either to returned (or void). Equal rows are told apart by counting them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto

_RANK = {"pending": 0, "posted": 1, "returned": 2, "void": 2}


class Step(Enum):
    """What a row means for the ledger."""

    NEW = auto()
    SAME = auto()
    POST = auto()
    REVERSE = auto()


@dataclass(frozen=True, slots=True)
class Decision:
    """`index` is that of the ledger's payment; of a new one, its occurrence (from 0)."""

    step: Step
    index: int


def match_states(ledger: Sequence[str], rows: Sequence[str | None]) -> list[Decision]:
    """Decide each row (its status, None when the file gives none), all of them alike but for their state.

    Equal states belong together first; then a row moves on what it can reach; a row that the ledger is ahead of is old
    news; only what is left over is new.
    """
    free = list(range(len(ledger)))
    decisions: dict[int, Decision] = {}

    def take(row: int, index: int, step: Step) -> None:
        free.remove(index)
        decisions[row] = Decision(step, index)

    for row, state in enumerate(rows):
        same = [index for index in free if _RANK[ledger[index]] == _RANK[state or "posted"]]
        if same:
            take(row, same[0], Step.SAME)
    for row, state in enumerate(rows):
        behind = [index for index in free if state and _RANK[ledger[index]] < _RANK[state]]
        if row not in decisions and state and behind:
            nearest = max(behind, key=lambda index: (_RANK[ledger[index]], -index))
            take(row, nearest, Step.POST if state == "posted" else Step.REVERSE)
    for row, state in enumerate(rows):
        ahead = [index for index in free if not state or _RANK[ledger[index]] > _RANK[state]]
        if row not in decisions and ahead:
            take(row, ahead[0], Step.SAME)
    occurrence = len(ledger)
    for row in range(len(rows)):
        if row not in decisions:
            decisions[row] = Decision(Step.NEW, occurrence)
            occurrence += 1
    return [decisions[row] for row in range(len(rows))]
