"""The sites in the filters in order, by code alone: what stands beside them is read of those that a page shows."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import Connection, case, func, select

from data_access.queries.due_dates import first_days
from data_access.queries.keyset import UnknownOrderError
from data_access.queries.owing import Weights, owing
from data_access.queries.site_standings import site_standings
from data_access.queries.sites import chosen_sites, held_accounts
from data_access.queries.spend_ranking import billed_by_site
from data_access.schema import accounts, sites
from data_access.scope import Scope, within
from domain.filters import Filters

ORDERS = ("overdue", "risk", "outstanding", "billed", "due", "name")


@dataclass(frozen=True, slots=True)
class SiteList:
    """Every site in the filters by code, in order. elsewhere: those among them that have accounts, but none in a currency shown.

    overdue: what is past due of each of the others at which something is open or owed, in no order; outstanding: is anything owed?
    """

    codes: tuple[str, ...]
    elsewhere: frozenset[str]
    overdue: tuple[int, ...]
    outstanding: bool

    @property
    def in_view(self) -> int:
        """How many the figures are of."""
        return len(self.codes) - len(self.elsewhere)


def site_list(
    connection: Connection,
    scope: Scope,
    filters: Filters,
    *,
    order: str,
    currencies: tuple[str, ...] = (),
    billed: Filters | None = None,
    weights: Weights = (),
) -> SiteList:
    """Sites also where nothing is owed, in one of ORDERS and of equals by name. Those elsewhere come last, but by risk: it is told in every currency.

    currencies: those in which sites are looked for, `filters` having the ones shown; billed: the filters of what was billed. `weights` as by site.
    """
    if order not in ORDERS:
        raise UnknownOrderError(f"cannot order sites by {order!r}; choose one of {', '.join(ORDERS)}")
    everywhere, shown = replace(filters, currencies=currencies), replace(filters, search="")
    named = chosen_sites(scope, everywhere, sites.c.id, sites.c.code).order_by(sites.c.name, sites.c.code)
    codes = dict(connection.execute(named).all())  # at once, and rows taken apart: of ten thousand sites it tells
    elsewhere = {codes[id_] for id_ in _elsewhere(connection, scope, shown, currencies) if id_ in codes}
    found = connection.execute(select(owing(connection, scope, shown, "site", weights))).all()
    owed = {codes[id_]: (overdue, outstanding) for id_, overdue, outstanding in found if id_ in codes}
    places: Mapping[str, Any] = {}
    other: Any = 0
    if order == "overdue":
        places, other = {code: (-overdue, -left) for code, (overdue, left) in owed.items()}, (0, 0)
    elif order == "outstanding":
        places = {code: -outstanding for code, (_, outstanding) in owed.items()}
    elif order == "billed":
        places = _by_billed(connection, scope, billed or shown, weights)
    elif order == "due":
        places, other = first_days(connection, scope, shown), date.max
    elif order == "risk":
        at_risk = site_standings(connection, scope, replace(everywhere, search=""))
        places, other = {site.site: number for number, site in enumerate(at_risk)}, len(at_risk)
    last = elsewhere if order != "risk" else ()
    return SiteList(
        tuple(sorted(codes.values(), key=lambda code: (code in last, places.get(code, other)))),
        frozenset(elsewhere),
        tuple(overdue for overdue, _ in owed.values()),
        any(outstanding for _, outstanding in owed.values()),
    )


def _elsewhere(connection: Connection, scope: Scope, filters: Filters, currencies: tuple[str, ...]) -> frozenset[int]:
    """Ids of sites that have accounts in `currencies`, but none in those of the filters."""
    if not filters.currencies or set(currencies) == set(filters.currencies):
        return frozenset()
    held = held_accounts(replace(filters, currencies=currencies))
    shown = case((accounts.c.currency.in_(filters.currencies), 1), else_=0)
    there = select(accounts.c.site_id).where(within(scope, accounts.c.site_id), *held)
    return frozenset(connection.scalars(there.group_by(accounts.c.site_id).having(func.max(shown) == 0)).all())


def _by_billed(connection: Connection, scope: Scope, filters: Filters, weights: Weights) -> Mapping[str, int]:
    counted = dict(weights)
    sums: defaultdict[str, int] = defaultdict(int)
    for site, currency, amount in billed_by_site(connection, scope, filters):
        sums[site] -= amount * (counted.get(currency, 0) if counted else 1)
    return sums
