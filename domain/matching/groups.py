"""One line for several payments of a vendor, and one payment in several lines: sums of few, told apart from chance."""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import chain, combinations

import numpy as np

MOST = 12  # of one vendor, looked at for one sum
LARGEST = 6  # that make one sum
# How many sums that hit by chance are too many: above it the sum alone convinces nobody.
CHANCE = 0.0005


def sums_to(amounts: Sequence[int], target: int, largest: int = LARGEST) -> Iterator[tuple[int, ...]]:
    """The places of every two or more amounts that sum to `target`."""
    if sum(amounts) < target:
        return
    choices, taken = _choices_of(len(amounts), largest)
    for at in np.flatnonzero(taken @ np.array(amounts, dtype=np.int64) == target):
        yield choices[at]


@lru_cache(maxsize=64)
def _choices_of(of: int, largest: int) -> tuple[list[tuple[int, ...]], np.ndarray]:
    """Every two or more of so many places, and a row of ones and zeros for each. Of MOST there are 2,498."""
    counts = range(2, min(largest, of) + 1)
    choices = list(chain.from_iterable(combinations(range(of), count) for count in counts))
    taken = np.zeros((len(choices), of), dtype=np.int64)
    for row, places in zip(taken, choices, strict=True):
        row[list(places)] = 1
    return choices, taken


def completes(amounts: Sequence[int], rest: int) -> bool:
    """Whether one of the amounts, two where they are few, or all of them are the rest of a sum."""
    if rest in amounts or sum(amounts) == rest:
        return True
    return len(amounts) <= MOST and any(one + other == rest for one, other in combinations(amounts, 2))


def chance(amounts: Sequence[int], largest: int = LARGEST) -> float:
    """About how many sums of these amounts meet a given one by chance."""
    tried = sum(_choices(len(amounts), count) for count in range(2, min(largest, len(amounts)) + 1))
    return tried / max(1, sum(amounts))


def _choices(of: int, count: int) -> int:
    result = 1
    for i in range(count):
        result = result * (of - i) // (i + 1)
    return result
