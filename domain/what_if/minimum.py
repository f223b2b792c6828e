"""The least that keeps accounts on: what domain.risk asks for, once the money under way has arrived."""

from typing import NamedTuple

import numpy as np

from domain.what_if.actions import Scenario
from domain.what_if.billing import billed
from domain.what_if.book import Book
from domain.what_if.spreading import spread, summed
from domain.what_if.start import NEVER, Start, Whole
from domain.what_if.windows import Announced


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

    Where a notice names an amount, no more of its bills than that; once an account is off, all that is past due where the
    vendor wants that.
    """
    start, bills, notices = book.start, book.bills, book.start.notices
    count = len(start.accounts.ids)
    owed = book.owed_on(day)
    asked = _still_asked(book, owed)
    standing = asked > 0
    announced = Announced(notices, bills)
    ruled = announced.ruled(announced.of_slots(standing, none=False))
    windows = {name: getattr(bills, name).copy() for name in ("earliest", "likely", "latest")}
    for name, window in windows.items():
        window[announced.bills] = getattr(ruled, name)
    late = _any((owed > 0) & (bills.due_day < day), bills.account, count)
    warned = _any(standing, notices.account, count)
    latest = _soonest(windows["latest"], owed, bills.account, count)
    threatened = (late | warned) & (latest < NEVER)
    due = (owed > 0) & threatened[bills.account] & (windows["earliest"] <= latest[bills.account])
    of_bill = np.where(due, owed, 0)
    under = np.flatnonzero(ruled.stands & due[announced.bills])
    covered, notice = announced.bills[under], ruled.notice[under]
    own = np.where(bills.earliest[covered] <= latest[bills.account[covered]], owed[covered], 0)
    purses = _purses(asked, notice, owed[covered], own)
    order = np.lexsort((covered, bills.issued[covered], bills.due[covered], bills.earliest[covered]))
    of_bill[covered[order]] = spread(owed[covered][order], purses, notice[order])
    off = _any(standing & notices.happened, notices.account, count) | (latest < day)
    in_full = np.array([policy.restoral.past_due_in_full for policy in start.policies] + [False])
    restored = threatened & off & in_full[start.accounts.policy]
    past_due = np.where(restored[bills.account] & (bills.due_day < day), owed, 0)
    likely = _soonest(windows["likely"], owed, bills.account, count)
    return Minimum(np.maximum(of_bill, past_due), np.where(threatened, likely, NEVER))


def _still_asked(book: Book, owed: Whole) -> Whole:
    """By notice, what it asks of what is owed on its bills; payments under way count as made."""
    notices, bills = book.start.notices, book.bills
    settled = bills.pending + bills.amount - book.left
    paid = notices.paid_since + summed(settled[notices.covered], notices.covering, len(notices.ids))
    owed_of = summed(owed[notices.covered], notices.covering, len(notices.ids))
    return np.where(notices.amount < 0, owed_of, np.clip(notices.amount - paid, 0, owed_of))


def _purses(asked: Whole, notice: Whole, owed: Whole, own: Whole) -> Whole:
    """By notice what it asks of its bills, and no less than its policy alone would stop for."""
    due, by_policy = (summed(amounts, notice, len(asked)) for amounts in (owed, own))
    return np.maximum(np.minimum(asked, due), by_policy)


def _any(flags: np.ndarray, group: Whole, groups: int) -> np.ndarray:
    found = np.zeros(groups, bool)
    found[group[flags]] = True
    return found


def _soonest(days: Whole, owed: Whole, account: Whole, accounts: int) -> Whole:
    soonest = np.full(accounts, NEVER, np.int64)
    there = owed > 0
    np.minimum.at(soonest, account[there], days[there])
    return soonest
