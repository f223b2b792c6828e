"""The play of a scenario as columns by site and day, and what it came to for each account and bill."""

import numpy as np

from domain.what_if.book import Book
from domain.what_if.fees import Charged
from domain.what_if.measures import BillOutcome, Measures, Outcome
from domain.what_if.risk_days import RiskDays
from domain.what_if.spreading import summed
from domain.what_if.start import NEVER, Whole
from domain.what_if.timeline import Timeline, add, through


def by_site(book: Book, timeline: Timeline, charged: Charged, risk: RiskDays) -> Measures:
    """Every measure by site and day."""
    start, bills, credits = book.start, book.bills, book.on_account
    sites, of_account = len(start.sites), start.accounts.site
    site = of_account[bills.account[timeline.bill]]

    def daily(change: Whole, day: Whole | None = None) -> np.ndarray:
        table = timeline.table(sites)
        add(table, site, timeline.day if day is None else day, change)
        return through(table)

    def by_day(group: Whole, day: Whole, amount: Whole) -> np.ndarray:
        table = timeline.table(sites)
        add(table, group, day, amount)
        return table

    opened = timeline.changes(timeline.open)
    base = bills.base[timeline.bill]
    older = [daily(opened)]  # first all, then what is more than 0 days old, and more than each edge
    older += [daily(opened, np.maximum(timeline.day, base + edge + 1)) for edge in (0, *start.edges)]
    unapplied = by_day(of_account[credits.account], credits.day, -credits.amount)
    unapplied[:, 0] += summed(start.accounts.unapplied, of_account, sites)
    unapplied = through(unapplied)
    outstanding = older[0] + unapplied
    undisputed = timeline.changes(timeline.open - timeline.disputed)
    coming = bills.ids == 0
    applied = book.applied

    def counted(flags: np.ndarray) -> np.ndarray:
        account, day = np.nonzero(np.diff(flags, axis=1, prepend=False))
        return through(by_day(of_account[account], day, np.where(flags[account, day], 1, -1)))

    at_risk = counted(risk.in_window)
    is_open = timeline.open > 0
    below = np.minimum(timeline.open, np.where(is_open, (bills.amount - bills.low)[timeline.bill], 0))
    above = np.where(is_open, (bills.high - bills.amount)[timeline.bill], 0)
    return Measures(
        outstanding=outstanding,
        buckets=np.stack([more - most for more, most in zip(older, [*older[1:], 0], strict=True)]),
        unapplied=unapplied,
        disputed=daily(timeline.changes(timeline.disputed)),
        overdue=daily(undisputed, np.maximum(timeline.day, base + 1)),
        late_fees=through(by_day(of_account[charged.account], charged.day, charged.amount)),
        cash_out=by_day(of_account[bills.account[applied.bill]], applied.day, applied.cash),
        billed=through(by_day(of_account[bills.account[coming]], bills.issued[coming], bills.amount[coming])),
        low=outstanding - daily(timeline.changes(below)),
        high=outstanding + daily(timeline.changes(above)),
        accounts_at_risk=at_risk,
        accounts_suspended=counted(risk.suspended),
        sites_at_risk=(at_risk > 0).astype(np.int64),
    )


def by_account(book: Book, timeline: Timeline, charged: Charged, risk: RiskDays) -> Outcome:
    """What each account comes to at the horizon."""
    start, bills, applied, credits = book.start, book.bills, book.applied, book.on_account
    count, horizon = risk.in_window.shape[0], risk.in_window.shape[1] - 1
    account = bills.account[timeline.bill]
    undisputed = timeline.changes(timeline.open - timeline.disputed)
    late = bills.base[timeline.bill] < horizon
    within = credits.day <= horizon
    return Outcome(
        outstanding=summed(timeline.changes(timeline.open), account, count)
        + start.accounts.unapplied
        - summed(credits.amount[within], credits.account[within], count),
        overdue=summed(undisputed[late], account[late], count),
        late_fees=summed(charged.amount, charged.account, count),
        cash_out=summed(applied.cash, bills.account[applied.bill], count),
        stops_on=np.where(risk.in_window.any(axis=1), risk.in_window.argmax(axis=1), NEVER),
    )


def by_bill(book: Book, horizon: int) -> BillOutcome:
    """What each bill comes to at the horizon."""
    bills, applied = book.bills, book.applied
    paid_on = np.full(len(bills.ids), NEVER, np.int64)
    paid = applied.cash > 0
    np.minimum.at(paid_on, applied.bill[paid], applied.day[paid])
    return BillOutcome(
        account=bills.account,
        issued=bills.issued,
        due=bills.due,
        open=np.where(bills.issued <= horizon, book.left, 0),
        cash_out=summed(applied.cash, applied.bill, len(bills.ids)),
        paid_on=paid_on,
    )
