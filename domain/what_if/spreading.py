"""Money over bills in their order, and sums by group."""

import numpy as np

from domain.what_if.start import Whole


def spread(wanted: Whole, purses: Whole, purse: Whole) -> Whole:
    """To each entry what is left of its purse, at most what it wants; entries of one purse are served in their order.

    purse: by entry the index into `purses`.
    """
    order = np.argsort(purse, kind="stable")
    wants, mine = wanted[order], purse[order]
    through = np.cumsum(wants)
    first = np.searchsorted(mine, mine)
    before = through - wants - (through[first] - wants[first])
    given = np.empty_like(wanted)
    given[order] = np.clip(purses[mine] - before, 0, wants)
    return given


def summed(values: Whole, group: Whole, groups: int) -> Whole:
    """The sum of each group, exact."""
    sums = np.zeros(groups, np.int64)
    np.add.at(sums, group, values)
    return sums
