"""A scenario played on the accounts that its actions select, and no others: what nothing touches comes to what it comes to by itself.

What an organisation of 50,000 accounts comes to, where a hundred of them are paid, is known from the play of a hundred.
"""

from dataclasses import fields, replace
from typing import Any

import numpy as np

from domain.what_if.actions import Scenario
from domain.what_if.chosen import chosen_accounts
from domain.what_if.measures import Measures
from domain.what_if.projection import Projection, project
from domain.what_if.start import Accounts, Arrivals, Bills, Coded, Flags, Notices, Start, Whole


def total_beside(start: Start, scenario: Scenario, baseline: Projection) -> Measures:
    """The total of the scenario. baseline: the play of `start` over the same days without actions."""
    touched = np.zeros(len(start.accounts.ids), bool)
    for action in scenario.actions:
        touched |= chosen_accounts(start, action.selection)
    if not touched.any():
        return baseline.total
    if 2 * touched.sum() > len(touched):  # two plays of a part would take longer
        return project(start, scenario).total
    some, places = _part(start, touched)
    before, after = project(some, Scenario("", scenario.horizon_days)), project(some, scenario)
    added = {
        name: getattr(baseline.total, name) + getattr(after.total, name) - getattr(before.total, name) for name in _SUMS
    }
    # Sites with an account at risk do not add up: another account of the same site may be.
    others = baseline.by_site.accounts_at_risk[places] - before.by_site.accounts_at_risk
    at_risk = (others + after.by_site.accounts_at_risk > 0).sum(axis=0)
    untouched = baseline.total.sites_at_risk - baseline.by_site.sites_at_risk[places].sum(axis=0)
    return Measures(**added, sites_at_risk=untouched + at_risk)


_SUMS = [field.name for field in fields(Measures) if field.name != "sites_at_risk"]


def _part(start: Start, kept: Flags) -> tuple[Start, Whole]:
    """The start of these accounts alone, and where its sites are among those of `start`."""
    accounts, bills, notices = start.accounts, start.bills, start.notices
    owners, its_bills = np.flatnonzero(kept), np.flatnonzero(kept[bills.account])
    its_notices = np.flatnonzero(kept[notices.account])
    arriving = np.flatnonzero(kept[bills.account[start.arrivals.bill]])
    places, of_site = np.unique(accounts.site[owners], return_inverse=True)
    numbered = int((its_bills < len(bills.numbers)).sum())
    pairs = np.flatnonzero(kept[notices.account[notices.covering]])
    part = replace(
        start,
        sites=tuple(start.sites[place] for place in places),
        accounts=Accounts(**_rows(accounts, owners, site=of_site)),
        bills=Bills(
            **_rows(
                bills,
                its_bills,
                account=_placed(owners, bills.account[its_bills]),
                numbers=tuple(bills.numbers[row] for row in its_bills[:numbered]),
            )
        ),
        arrivals=Arrivals(**_rows(start.arrivals, arriving, bill=_placed(its_bills, start.arrivals.bill[arriving]))),
        notices=Notices(
            **_rows(
                notices,
                its_notices,
                account=_placed(owners, notices.account[its_notices]),
                covering=_placed(its_notices, notices.covering[pairs]),
                covered=_placed(its_bills, notices.covered[pairs]),
            )
        ),
    )
    return part, places


def _rows(columns: Any, rows: Whole, **given: Any) -> dict[str, Any]:
    """The columns at `rows`, but for those given."""
    return given | {
        field.name: _at(getattr(columns, field.name), rows) for field in fields(columns) if field.name not in given
    }


def _at(column: Any, rows: Whole) -> Any:
    if isinstance(column, Coded):
        return Coded(column.names, column.index[rows])
    return column[rows] if isinstance(column, np.ndarray) else tuple(column[row] for row in rows)


def _placed(among: Whole, values: Whole) -> Whole:
    """Where each of `values` is in `among`, which is in order."""
    return np.searchsorted(among, values)
