"""What a scenario comes to: columns by day, by account and by bill."""

from dataclasses import dataclass

from domain.what_if.start import Whole


@dataclass(frozen=True, slots=True, eq=False)
class Measures:
    """Amounts and counts at the end of each day, minor units; each (days,) in total and (sites, days) by site.

    buckets: by age, (buckets, ...); with unapplied they add up to outstanding, as on Balances. overdue: past due and not in
    dispute. late_fees: charged since the as-of day, not part of outstanding. cash_out: paid on that day. billed: expected and new
    bills issued since. low, high: what outstanding would be if every expected bill came at that end of its range.
    """

    outstanding: Whole
    buckets: Whole
    unapplied: Whole
    disputed: Whole
    overdue: Whole
    late_fees: Whole
    cash_out: Whole
    billed: Whole
    low: Whole
    high: Whole
    accounts_at_risk: Whole  # in their suspension window, or off
    accounts_suspended: Whole  # the window has gone by, or a notice says so
    sites_at_risk: Whole  # with such an account; by site 0 or 1


@dataclass(frozen=True, slots=True, eq=False)
class Outcome:
    """By account, what it came to at the horizon. stops_on: the first day in the suspension window, NEVER if none."""

    outstanding: Whole
    overdue: Whole
    late_fees: Whole
    cash_out: Whole
    stops_on: Whole


@dataclass(frozen=True, slots=True, eq=False)
class BillOutcome:
    """By bill, those of the scenario's `new_bill` last. paid_on: the first day on which something is paid, NEVER if none."""

    account: Whole
    issued: Whole
    due: Whole
    open: Whole
    cash_out: Whole
    paid_on: Whole
