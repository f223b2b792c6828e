"""A month's end: what was owed, how it came about, what the bank does not show, what is disputed and what to accrue."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from sqlalchemy import Connection

from data_access.alert_settings import alert_watch
from data_access.queries.accruals import AccrualRow, accrual_rows
from data_access.queries.aging_groups import aging_sums
from data_access.queries.balances import aging, ledger_totals
from data_access.queries.bills import DisputeRow, dispute_rows
from data_access.queries.dimensions import currencies_in
from data_access.queries.leg_states import LegState
from data_access.queries.movements import Movements, movements, movements_by
from data_access.queries.reconciliation import LegRow, every_leg
from data_access.queries.unmatched import UnmatchedLine, unmatched_in_all, unmatched_lines
from data_access.scope import Scope
from domain.aging import AgingRow
from domain.alerts.thresholds import Thresholds
from domain.filters import Filters
from domain.periods import Period, add_months, month_of, shifted

_LACKING = tuple(state for state in LegState if state is not LegState.COMPLETE)
BANK_MONTHS = 6  # in which a payment or a bank line without its partner is looked for


@dataclass(frozen=True, slots=True)
class Moved:
    """What one vendor's balance did in the month, minor units. closing is read from the bills, not added up."""

    vendor: str
    opening: int
    movements: Movements
    closing: int

    @property
    def difference(self) -> int:
        """What opening and movements do not explain: nothing, or something is wrong."""
        return self.opening + self.movements.change - self.closing


@dataclass(frozen=True, slots=True)
class MonthEnd:
    """One month in a scope and filters. as_of: its last day, or today while it runs.

    lines: None for a scope that does not see every site. all_moved: movements by currency, read apart from those by vendor.
    payments: those that the bank ought to show and does not, or not whole; uncovered: those whose day no statement covers;
    unmatched: what is open of both by currency, read apart from them. shown, ledger: outstanding by currency as the Balances page reads it, within the filters and of the whole scope.
    """

    month: Period
    filters: Filters
    everything: bool
    currencies: Sequence[str]
    by_site: Sequence[AgingRow]
    by_vendor: Sequence[AgingRow]
    moved: Sequence[Moved]
    all_moved: Sequence[Movements]
    bank_since: date
    payments: Sequence[LegRow]
    uncovered: Sequence[LegRow]
    unmatched: dict[str, int]
    lines: Sequence[UnmatchedLine] | None
    disputes: Sequence[DisputeRow]
    thresholds: Thresholds
    accruals: Sequence[AccrualRow]
    shown: dict[str, int]
    ledger: dict[str, int]

    @property
    def as_of(self) -> date:
        """The day of every figure."""
        return self.filters.as_of


def month_end(connection: Connection, scope: Scope, filters: Filters, *, month: date, today: date) -> MonthEnd:
    """`month`: any day of it, not after `today`; filters.as_of and the filters' period are not looked at.

    Raises ValueError for a month that has not begun.
    """
    period = month_of(month)
    if period.start > today:
        raise ValueError(f"{month:%Y-%m} has not begun; a pack is made of a month that has")
    last = min(shifted(period.end, -1), today)
    now = replace(filters, as_of=last, since=None, until=None)
    inside = replace(now, since=period.start)
    by_vendor = aging(connection, scope, now, "vendor")
    before = aging(connection, scope, replace(now, as_of=period.start - timedelta(days=1)), "vendor")
    moved = movements_by(connection, scope, inside, "vendor")
    bank_since = add_months(period.start, 1 - BANK_MONTHS)
    lately = replace(now, since=bank_since)
    lacking = sorted(every_leg(connection, scope, lately, _LACKING), key=lambda row: (row.paid_on, row.id))
    return MonthEnd(
        month=period,
        filters=now,
        everything=scope.everything,
        currencies=currencies_in(connection, scope, now),
        by_site=aging(connection, scope, now, "site"),
        by_vendor=by_vendor,
        moved=_by_vendor(before, moved, by_vendor),
        all_moved=movements(connection, scope, inside),
        bank_since=bank_since,
        payments=[row for row in lacking if row.state is not LegState.NO_STATEMENT],
        uncovered=[row for row in lacking if row.state is LegState.NO_STATEMENT],
        unmatched=unmatched_in_all(connection, scope, lately),
        lines=unmatched_lines(connection, scope, lately) if scope.everything else None,
        disputes=[row for row in dispute_rows(connection, scope, now) if row.closed_on is None],
        thresholds=alert_watch().thresholds,
        accruals=accrual_rows(connection, scope, now),
        shown=dict(aging_sums(connection, scope, now, by="account").outstanding),
        ledger=ledger_totals(connection, scope, last),
    )


def _by_vendor(before: list[AgingRow], moved: list[tuple[str, Movements]], after: list[AgingRow]) -> list[Moved]:
    opening = {(row.key, row.currency): row.outstanding for row in before}
    closing = {(row.key, row.currency): row.outstanding for row in after}
    changes = {(vendor, change.currency): change for vendor, change in moved}
    keys = sorted(opening.keys() | closing.keys() | changes.keys(), key=lambda key: (key[1], key[0]))
    return [
        Moved(
            key[0],
            opening.get(key, 0),
            changes.get(key) or Movements(key[1], 0, 0, 0, 0, 0),
            closing.get(key, 0),
        )
        for key in keys
    ]
