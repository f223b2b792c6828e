"""Late fees charged from day to day, by the rule of domain.late_fees.

An account is charged on each day from which a further bill of it is no longer free, on all that is past its free days then.
"""

from typing import NamedTuple

import numpy as np

from domain.policies import FeeBase, Policy
from domain.what_if.book import Book
from domain.what_if.spreading import summed
from domain.what_if.start import Start, Whole
from domain.what_if.timeline import Timeline, add, through

_WHOLE = 10_000  # basis points
_UNCAPPED = np.iinfo(np.int64).max


class Charged(NamedTuple):
    """One late fee a row."""

    account: Whole
    day: Whole
    amount: Whole


def fees(book: Book, timeline: Timeline) -> Charged:
    """All that is charged up to the horizon; nothing on the as-of day, whose fees are on bills or to come."""
    start, bills = book.start, book.bills
    base = _base(book, timeline)
    part = _parts(book, timeline)
    charged_on = bills.free_day + 1
    by_then = timeline.day <= charged_on[timeline.bill]
    owed = summed(np.where(by_then, timeline.changes(part), 0), timeline.bill, len(bills.ids))
    days = base.shape[1]
    late = (owed > 0) & (charged_on >= 1) & (charged_on < days)
    keys = np.sort(bills.account[late] * days + charged_on[late])
    account, day = np.divmod(keys[np.diff(keys, prepend=-1) > 0], days)
    return Charged(account, day, _charge(start, account, base[account, day]))


def _base(book: Book, timeline: Timeline) -> np.ndarray:
    """By account and day: what is past its free days, less the credits on the account."""
    start, bills, credits = book.start, book.bills, book.on_account
    base = timeline.table(len(start.accounts.ids))
    since = np.maximum(timeline.day, bills.free_day[timeline.bill] + 1)
    add(base, bills.account[timeline.bill], since, timeline.changes(_parts(book, timeline)))
    base[:, 0] -= start.accounts.on_account
    add(base, credits.account, credits.day, -credits.amount)
    return through(base)


def _parts(book: Book, timeline: Timeline) -> Whole:
    """By row, the share of a bill on which a fee counts."""
    start, bills = book.start, book.bills
    bases = [policy.late_fee.base is FeeBase.RECURRING for policy in start.policies]
    recurring = np.array([*bases, False])[start.accounts.policy[bills.account[timeline.bill]]]
    return np.where(recurring, np.minimum(timeline.owed, bills.recurring[timeline.bill]), timeline.owed)


def _charge(start: Start, account: Whole, base: Whole) -> Whole:
    """Rounded half up, without ever doubling the base, which may be near the end of 64 bits."""
    rows = [_terms(policy) for policy in start.policies]
    rate, flat, least, most = np.array([*rows, (0, 0, 0, 0)], np.int64)[start.accounts.policy[account]].T
    whole, rest = np.divmod(base, _WHOLE)
    share = whole * rate + (rest * rate * 2 + _WHOLE) // (2 * _WHOLE)
    return np.where(base > 0, np.minimum(np.maximum(least, flat + share), most), 0)


def _terms(policy: Policy) -> tuple[int, int, int, int]:
    terms = policy.late_fee
    return terms.basis_points, terms.flat, terms.minimum, _UNCAPPED if terms.cap is None else terms.cap
