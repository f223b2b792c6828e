"""Late fees under a vendor's policy, to the minor unit.

The last free day is the counted date and the grace days after it; the fee is due from the day after. A bill's share of the
base is what is unpaid and not in dispute; where only recurring charges count, what was paid is taken to have paid the
rest of the bill first, so that a fee is never told too low. Rounded half up to the minor unit, as bills are. Flat parts,
minimum and cap count once for the account, not for each bill.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from domain.periods import shifted
from domain.policies import FeeBase, LateFeeTerms, Policy

_WHOLE = 10_000  # basis points


@dataclass(frozen=True, slots=True)
class FeeItem:
    """An unpaid bill as a late fee sees it, on the day asked about: minor units, `recurring` as billed."""

    issued_on: date
    due_on: date
    open_amount: int
    disputed: int = 0
    recurring: int = 0


@dataclass(frozen=True, slots=True)
class LateFee:
    """What is charged: `amount` on `base`, for `bills` bills, the first of which was free until the day before `since`."""

    amount: int
    base: int
    bills: int
    since: date | None


NO_FEE = LateFee(0, 0, 0, None)


def last_free_day(item: FeeItem, policy: Policy, country: str) -> date:
    """The last day on which the bill can be paid without a fee."""
    terms = policy.late_fee
    counted = policy.counted_day(terms.counted_from, item.issued_on, item.due_on, country)
    return shifted(counted, terms.grace_days)


def late_fee(items: Iterable[FeeItem], policy: Policy, day: date, country: str, *, on_account: int = 0) -> LateFee:
    """The fee that an account's unpaid bills cost on `day`; `on_account`: credits not yet applied, which lower the base."""
    terms = policy.late_fee
    if terms.base is FeeBase.NONE:
        return NO_FEE
    charged = [
        (free, part)
        for item in items
        if (free := last_free_day(item, policy, country)) < day and (part := _part(item, terms.base)) > 0
    ]
    base = sum(part for _, part in charged) - on_account
    if base <= 0:
        return NO_FEE
    return LateFee(fee_on(base, terms), base, len(charged), shifted(min(free for free, _ in charged), 1))


def fee_on(base: int, terms: LateFeeTerms) -> int:
    """What an account is charged on a base above zero."""
    amount = max(terms.minimum, terms.flat + (base * terms.basis_points * 2 + _WHOLE) // (2 * _WHOLE))
    return amount if terms.cap is None else min(amount, terms.cap)


def _part(item: FeeItem, base: FeeBase) -> int:
    owed = item.open_amount - item.disputed
    return min(owed, item.recurring) if base is FeeBase.RECURRING else owed
