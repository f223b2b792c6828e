"""Part payments that put a stop off: how much of a bill may stay unpaid, as domain.policies.PartTerms has it."""

import numpy as np

from domain.what_if.start import Bills, Whole

WHOLE = 10_000  # basis points


def resting(bills: Bills, which: Whole, left: Whole, disputed: Whole) -> Whole:
    """Of the bills `which`, what may stay unpaid once their part is paid, 0 where no part is accepted.

    left: what is open of each; disputed is part of it. Exact for the largest amount.
    """
    counted = np.maximum(bills.billed[which], left) - np.minimum(disputed, left)
    whole, over = np.divmod(counted, WHOLE)
    share = bills.may_rest[which]
    return whole * share + over * share // WHOLE
