"""Which accounts are in their suspension window on each day, and which are past it: the stages of domain.risk."""

from typing import NamedTuple

import numpy as np

from domain.what_if.book import Book
from domain.what_if.parts import resting
from domain.what_if.start import NEVER, Bills, Flags, Whole
from domain.what_if.timeline import Timeline, add, through
from domain.what_if.windows import PUT_OFF, Announced


class RiskDays(NamedTuple):
    """By account and day."""

    in_window: np.ndarray
    suspended: np.ndarray


def risk_days(book: Book, timeline: Timeline) -> RiskDays:
    """An account is at risk once it is late, or a notice stands, and the first day on which it may stop has come."""
    bills, notices = book.bills, book.start.notices
    count = len(book.start.accounts.ids)
    late, begun, over = (timeline.table(count, np.int32) for _ in range(3))
    owed = timeline.changes(timeline.is_owed.astype(np.int64))
    account = bills.account[timeline.bill]
    add(late, account, np.maximum(timeline.day, bills.due_day[timeline.bill] + 1), owed)
    stands = _standing(book, timeline)
    announced = Announced(notices, bills)
    alone = np.ones(len(bills.ids), bool)
    alone[announced.bills] = False
    short = timeline.changes(_is_short(bills, timeline).astype(np.int64))
    of_parts = (short != 0) & (bills.put_off_earliest > bills.earliest)[timeline.bill]
    own = alone[timeline.bill]
    for table, name, more in ((begun, "earliest", 0), (over, "latest", 1)):
        starts, later = (getattr(bills, f"{when}{name}")[timeline.bill] + more for when in ("", PUT_OFF))
        add(table, account, np.maximum(timeline.day, later), np.where(own, owed, 0))
        part = np.flatnonzero(own & of_parts)
        _add_between(table, account[part], timeline.day[part], short[part], (starts[part], later[part]))
    which, row = timeline.rows_of(announced.bills)
    # Up to two notices rule a bill; once one of them is met, the other does, or the policy.
    met = announced.of_slots(stands.sum(axis=1), 0)
    first, second = met.min(axis=0), met.max(axis=0)
    for since, until in ((np.zeros_like(first), first), (first, second), (second, np.full_like(first, NEVER))):
        ruled = announced.ruled(met > since)
        for table, name, more in ((begun, "earliest", 0), (over, "latest", 1)):
            starts, later = (np.maximum(since, getattr(ruled, f"{when}{name}") + more) for when in ("", PUT_OFF))
            later = np.minimum(later, until)
            for change, span in ((short, (starts, later)), (owed, (later, until))):
                of_row = span[0][which], span[1][which]
                _add_between(table, account[row], timeline.day[row], change[row], of_row)
    warned, happened = timeline.table(count, np.int32), timeline.table(count, np.int32)
    np.add.at(warned, notices.account, stands.astype(np.int32))
    np.add.at(happened, notices.account, (stands & notices.happened[:, None]).astype(np.int32))
    threatened = (through(late) > 0) | (warned > 0)
    return RiskDays(threatened & (through(begun) > 0), threatened & ((happened > 0) | (through(over) > 0)))


def _is_short(bills: Bills, timeline: Timeline) -> Flags:
    """By row: is more owed than may rest once a part is paid?"""
    return timeline.owed > resting(bills, timeline.bill, timeline.shown, timeline.disputed)


def _standing(book: Book, timeline: Timeline) -> np.ndarray:
    """By notice and day: is what it asks still owed? Once met, a notice never stands again."""
    notices = book.start.notices
    owed, paid = timeline.table(len(notices.ids)), timeline.table(len(notices.ids))
    which, row = timeline.rows_of(notices.covered)
    notice = notices.covering[which]
    add(owed, notice, timeline.day[row], timeline.changes(timeline.owed)[row])
    billed = book.bills.amount + book.bills.pending
    add(paid, notice, timeline.day[row], timeline.changes(billed[timeline.bill] - timeline.shown)[row])
    paid[:, 0] += notices.paid_since
    asks = (notices.amount < 0)[:, None] | (through(paid) < notices.amount[:, None])
    return (through(owed) > 0) & asks


def _add_between(table: np.ndarray, group: Whole, day: Whole, change: Whole, span: tuple[Whole, Whole]) -> None:
    """Count changes on the days of `span`, its end not included."""
    some = span[0] < span[1]
    group, day, change, since, until = (column[some] for column in (group, day, change, *span))
    add(table, group, np.maximum(day, since), change)
    add(table, group, np.maximum(day, until), -change)
