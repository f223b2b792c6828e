"""Projections as JSON and as text: the scenario, the baseline, and the difference."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import numpy as np

from domain.aging import bucket_names
from domain.periods import shifted
from domain.what_if.changes import AccountChange, BillChange, Change
from domain.what_if.measures import Measures
from domain.what_if.projection import Projection
from terminal.shapes import figure, money, table

_AMOUNTS = ("outstanding", "unapplied", "disputed", "overdue", "late_fees", "billed", "low", "high")
_COUNTS = ("accounts_at_risk", "accounts_suspended", "sites_at_risk")


def day_json(baseline: Projection, other: Projection, day: int) -> dict[str, Any]:
    """The totals at the end of a day; cash_out since the as-of day, that included."""
    return {
        "day": shifted(other.as_of, day).isoformat(),
        "days_ahead": day,
        **_beside(baseline, other, lambda projection: _told(projection, projection.total, (day,))),
    }


def site_json(baseline: Projection, other: Projection, index: int) -> dict[str, Any]:
    """One site at the horizon."""
    site, at = other.sites[index], (index, other.horizon_days)
    return {
        "site": site.code,
        "site_name": site.name,
        "region": site.region,
        **_beside(baseline, other, lambda projection: _told(projection, projection.by_site, at)),
    }


def account_json(change: AccountChange, currency: str) -> dict[str, Any]:
    """before and after of each figure at the horizon; stops: the first day in the suspension window."""
    return {
        "account_id": change.account_id,
        "account_number": change.account_number,
        "vendor": change.vendor,
        "site": change.site.code,
        "site_name": change.site.name,
        "service_type": change.service_type,
        **_changed(change, ("outstanding", "overdue", "late_fees", "cash_out"), currency),
        "stops": {"before": _iso(change.stops_before), "after": _iso(change.stops_after)},
    }


def bill_json(change: BillChange, currency: str) -> dict[str, Any]:
    """The same of a bill; bill_id is null for an expected or a new one."""
    return {
        "account_id": change.account_id,
        "bill_id": change.bill_id,
        "invoice_number": change.number,
        "issued_on": change.issued_on.isoformat(),
        "due_on": change.due_on.isoformat(),
        **_changed(change, ("open", "cash_out"), currency),
        "first_paid": {"before": _iso(change.paid_before), "after": _iso(change.paid_after)},
    }


def days_table(baseline: Projection, other: Projection, days: Sequence[int]) -> str:
    """One line a day: the scenario, and how far it is from the baseline."""
    columns = [
        "day",
        "",
        "outstanding",
        "change",
        "overdue",
        "change",
        "late fees",
        "change",
        "cash out",
        "at risk",
        "change",
    ]
    rows = []
    for day in days:
        row: list[Any] = [shifted(other.as_of, day), f"+{day}"]
        for name in ("outstanding", "overdue", "late_fees"):
            value, before = (int(getattr(p.total, name)[day]) for p in (other, baseline))
            row += [figure(value, other.currency), figure(value - before, other.currency)]
        row.append(figure(int(other.total.cash_out[: day + 1].sum()), other.currency))
        at_risk, before = (int(p.total.accounts_at_risk[day]) for p in (other, baseline))
        rows.append([*row, at_risk, f"{at_risk - before:+d}" if at_risk != before else "-"])
    return table(columns, rows, right=range(1, len(columns)))


def changes_table(changes: Sequence[AccountChange], currency: str) -> str:
    """One line an account that the scenario changes."""
    columns = ["site", "vendor", "account", "paid", "open", "change", "late fees", "change", "may stop", "else"]
    return table(
        columns,
        (
            [
                *(change.site.code, change.vendor, change.account_number),
                figure(change.cash_out.after, currency),
                *(figure(n, currency) for n in (change.outstanding.after, change.outstanding.by)),
                *(figure(n, currency) for n in (change.late_fees.after, change.late_fees.by)),
                change.stops_after or "-",
                change.stops_before or "-",
            ]
            for change in changes
        ),
        right=range(3, 8),
    )


def _beside(baseline: Projection, other: Projection, told: Callable[[Projection], dict[str, int]]) -> dict[str, Any]:
    before, after = told(baseline), told(other)
    by = {name: after[name] - before[name] for name in after}
    named = (("baseline", before), ("scenario", after), ("difference", by))
    return {name: _shaped(values, other.currency) for name, values in named}


def _told(projection: Projection, measures: Measures, at: tuple[int, ...]) -> dict[str, int]:
    names = bucket_names(projection.edges)
    buckets = {name: int(column[at]) for name, column in zip(names, measures.buckets, strict=True)}
    cash = int(np.sum(measures.cash_out[(*at[:-1], slice(0, at[-1] + 1))]))
    counts = {name: int(getattr(measures, name)[at]) for name in _COUNTS}
    return buckets | {name: int(getattr(measures, name)[at]) for name in _AMOUNTS} | {"cash_out": cash} | counts


def _shaped(values: dict[str, int], currency: str) -> dict[str, Any]:
    return {name: value if name in _COUNTS else money(value, currency) for name, value in values.items()}


def _changed(change: AccountChange | BillChange, names: Sequence[str], currency: str) -> dict[str, Any]:
    figures: dict[str, Change] = {name: getattr(change, name) for name in names}
    return {
        name: {"before": money(figure.before, currency), "after": money(figure.after, currency)}
        for name, figure in figures.items()
    }


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
