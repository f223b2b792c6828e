"""The sites in the filters in order, by code alone: what stands beside them is read of those that a page shows."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import Connection, Select, case, false, func, select

from data_access.queries.dimensions import held_accounts
from data_access.queries.due_dates import first_days
from data_access.queries.expressions import Weights, every, told_by
from data_access.queries.keyset import UnknownOrderError
from data_access.queries.owing import owing
from data_access.queries.site_standings import sites_by_effect
from data_access.queries.sites import chosen_sites
from data_access.queries.spend_ranking import billed_by_site
from data_access.schema import accounts, sites
from data_access.scope import Scope, within
from domain.filters import Filters

ORDERS = ("overdue", "risk", "outstanding", "billed", "due", "name")
_OWED = {"overdue": ("overdue", "outstanding"), "outstanding": ("outstanding",)}


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
    owed = owing(connection, scope, shown, "site", weights)
    last = case((sites.c.id.in_(_elsewhere(scope, shown, currencies)), 1), else_=0)
    of_site = chosen_sites(scope, everywhere, sites.c.name, sites.c.code, last.label("last"), *owed.c)
    # Found once: PostgreSQL would look for those elsewhere at each use.
    of_site = of_site.select_from(sites.outerjoin(owed, owed.c.id == sites.c.id))
    s = of_site.cte("s").prefix_with("MATERIALIZED", dialect="postgresql").c
    by = (*(func.coalesce(s[name], 0).desc() for name in _OWED.get(order, ())), s.name, s.code)
    told = connection.execute(
        select(
            every(s.code).aggregate_order_by(*(by if order == "risk" else (s.last, *by))),
            every(s.code).filter(s.last == 1),
            every(s.overdue).filter(s.id.is_not(None)),
            func.coalesce(func.max(case((s.outstanding != 0, 1), else_=0)), 0),
        )
    ).one()
    codes, elsewhere, overdue = (told_by(each) for each in told[:3])
    places: Mapping[str, Any] = {}
    other: Any = 0
    if order == "billed":
        places = _by_billed(connection, scope, billed or shown, weights)
    elif order == "due":
        places, other = first_days(connection, scope, shown), date.max
    elif order == "risk":
        at_risk = sites_by_effect(connection, scope, replace(everywhere, search=""))
        places, other = {code: number for number, code in enumerate(at_risk)}, len(at_risk)
    if places:
        others = frozenset(elsewhere if order != "risk" else ())
        codes.sort(key=lambda code: (code in others, places.get(code, other)))
    return SiteList(tuple(codes), frozenset(elsewhere), tuple(overdue), bool(told[3]))


def _elsewhere(scope: Scope, filters: Filters, currencies: tuple[str, ...]) -> Select[int]:
    """Ids of sites that have accounts in `currencies`, but none in those of the filters."""
    if not filters.currencies or set(currencies) == set(filters.currencies):
        return select(sites.c.id).where(false())
    held = held_accounts(replace(filters, currencies=currencies))
    shown = case((accounts.c.currency.in_(filters.currencies), 1), else_=0)
    there = select(accounts.c.site_id).where(within(scope, accounts.c.site_id), *held)
    return there.group_by(accounts.c.site_id).having(func.max(shown) == 0)


def _by_billed(connection: Connection, scope: Scope, filters: Filters, weights: Weights) -> Mapping[str, int]:
    counted = dict(weights)
    sums: defaultdict[str, int] = defaultdict(int)
    for site, currency, amount in billed_by_site(connection, scope, filters):
        sums[site] -= amount * (counted.get(currency, 0) if counted else 1)
    return sums
