"""The least that keeps accounts on: what domain.risk asks for, once the money under way has arrived."""

from typing import NamedTuple

import numpy as np

from domain.what_if.actions import Scenario
from domain.what_if.billing import billed
from domain.what_if.book import Book
from domain.what_if.parts import resting
from domain.what_if.spreading import spread, summed
from domain.what_if.start import NEVER, Bills, Start, Whole
from domain.what_if.windows import PUT_OFF, Announced, Ruled


class Minimum(NamedTuple):
    """By bill what must be paid of it; by account the likely day on which it stops, NEVER where nothing threatens."""

    of_bill: Whole
    stops_on: Whole


class Keeping(NamedTuple):
    """By account on the as-of day: the least that keeps it on, 0 where nothing threatens, and the likely day it stops."""

    keep_on: Whole
    stops_on: Whole


def keeping(start: Start) -> Keeping:
    """What keeps each account on, as of the start."""
    book = Book(start, billed(start, Scenario("")))
    asked = minimum(book, 0)
    return Keeping(summed(asked.of_bill, book.bills.account, len(start.accounts.ids)), asked.stops_on)


def minimum(book: Book, day: int) -> Minimum:
    """Of accounts that are late or warned and whose vendor suspends: every bill that may stop them within the window.

    Where a notice names an amount, no more of its bills than that, and where a part puts the stop off, no more than the part;
    once an account is off, all that is past due where the vendor wants that.
    """
    start, bills, notices = book.start, book.bills, book.start.notices
    count = len(start.accounts.ids)
    owed = book.owed_on(day)
    asked = _still_asked(book, owed)
    standing = asked > 0
    announced = Announced(notices, bills)
    ruled = announced.ruled(announced.of_slots(standing, none=False))
    off_by_notice = np.zeros(len(owed), bool)
    off_by_notice[announced.bills] = ruled.stands & np.append(notices.happened, False)[ruled.notice]
    left = np.where(bills.issued <= day, book.left, 0)
    rests = np.where(off_by_notice, 0, resting(bills, np.arange(len(owed)), left, book.disputed))
    windows = _windows(bills, announced, ruled)
    own = _Days(owed, rests, bills.earliest, bills.put_off_earliest)
    days = _Days(owed, rests, windows["earliest"], windows[f"{PUT_OFF}earliest"])
    latest_day, likely_day = (
        np.where(days.is_met, windows[f"{PUT_OFF}{name}"], windows[name]) for name in ("latest", "likely")
    )
    late = _any((owed > 0) & (bills.due_day < day), bills.account, count)
    warned = _any(standing, notices.account, count)
    latest = _soonest(latest_day, owed, bills.account, count)
    threatened = (late | warned) & (latest < NEVER)
    until = latest[bills.account]
    due = (owed > 0) & threatened[bills.account] & (days.earliest <= until)
    of_bill = np.where(due, days.least(until), 0)
    under = np.flatnonzero(ruled.stands & due[announced.bills])
    covered, notice = announced.bills[under], ruled.notice[under]
    parts, of_policy = of_bill[covered], own.least(until)[covered]
    asks = np.minimum(asked, summed(owed[covered], notice, len(asked))) - summed(of_policy, notice, len(asked))
    order = np.lexsort((covered, bills.issued[covered], bills.due[covered], own.earliest[covered]))
    by_notice = of_policy.copy()
    by_notice[order] += spread((owed[covered] - of_policy)[order], np.maximum(asks, 0), notice[order])
    less = summed(parts, notice, len(asked)) < summed(by_notice, notice, len(asked))
    of_bill[covered] = np.where(less[notice], parts, by_notice)
    off = _any(standing & notices.happened, notices.account, count) | (latest < day)
    in_full = np.array([policy.restoral.past_due_in_full for policy in start.policies] + [False])
    restored = threatened & off & in_full[start.accounts.policy]
    past_due = np.where(restored[bills.account] & (bills.due_day < day), owed, 0)
    likely = _soonest(likely_day, owed, bills.account, count)
    return Minimum(np.maximum(of_bill, past_due), np.where(threatened, likely, NEVER))


class _Days:
    """By bill, the first day on which it may stop, before and after its part is paid."""

    def __init__(self, owed: Whole, rests: Whole, first: Whole, put_off: Whole) -> None:
        self.is_met = owed <= rests
        self.earliest = np.where(self.is_met, put_off, first)
        self._owed, self._missing, self._put_off = owed, owed - rests, put_off

    def least(self, until: Whole) -> Whole:
        """What must be paid of it so that it stops nothing up to a day; 0 where it does not by itself."""
        part = ~self.is_met & (self._put_off > until)
        return np.where(self.earliest <= until, np.where(part, self._missing, self._owed), 0)


def _windows(bills: Bills, announced: Announced, ruled: Ruled) -> dict[str, Whole]:
    """By bill, its windows under the notices, as columns by name."""
    names = [f"{when}{name}" for when in ("", PUT_OFF) for name in ("earliest", "likely", "latest")]
    windows = {name: getattr(bills, name).copy() for name in names}
    for name, window in windows.items():
        window[announced.bills] = getattr(ruled, name)
    return windows


def _still_asked(book: Book, owed: Whole) -> Whole:
    """By notice, what it asks of what is owed on its bills; payments under way count as made."""
    notices, bills = book.start.notices, book.bills
    settled = bills.pending + bills.amount - book.left
    paid = notices.paid_since + summed(settled[notices.covered], notices.covering, len(notices.ids))
    owed_of = summed(owed[notices.covered], notices.covering, len(notices.ids))
    return np.where(notices.amount < 0, owed_of, np.clip(notices.amount - paid, 0, owed_of))


def _any(flags: np.ndarray, group: Whole, groups: int) -> np.ndarray:
    found = np.zeros(groups, bool)
    found[group[flags]] = True
    return found


def _soonest(days: Whole, owed: Whole, account: Whole, accounts: int) -> Whole:
    soonest = np.full(accounts, NEVER, np.int64)
    there = owed > 0
    np.minimum.at(soonest, account[there], days[there])
    return soonest
