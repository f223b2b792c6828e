"""The largest groups and what all come to: by site from the sums of sites, for who sees every site, else from the rows of all groups."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, Subquery, func, null, select, union_all

from data_access.queries import month_totals, site_totals
from data_access.queries.counted_payments import counting
from data_access.queries.dimensions import Group
from data_access.queries.expressions import Weights, total, weighed
from data_access.queries.payment_totals import payment_totals
from data_access.schema import sites
from data_access.scope import Scope, within
from domain.filters import Filters

_BY_SITE = Group(("site_id",), "site_id", "site_id")
Amounts = tuple[tuple[str, int], ...]  # by currency, minor units
Names = Mapping[Any, tuple[str, str]]  # key and name by what a group is found by


@dataclass(frozen=True, slots=True)
class Ranked:
    """One group."""

    key: str
    name: str
    amounts: Amounts


@dataclass(frozen=True, slots=True)
class Ranking:
    """The first groups in order, how many there are, and what all of them come to."""

    first: tuple[Ranked, ...]
    number: int
    sums: Amounts


def payment_ranking(
    connection: Connection, scope: Scope, filters: Filters, *, by: str, limit: int = 10, weights: Weights = ()
) -> Ranking:
    """Groups by payments net of refunds and returns, the largest first."""
    if not filters.methods and (months := months_by_site(connection, scope, filters, by)) is not None:
        m = site_totals.money(connection, scope, filters, months)
        net = m.c.paid - m.c.refunded - m.c.returned - m.c.bounced
        return ranked_sites(connection, scope, sums_by_site(m, net, m.c.payments), limit=limit, weights=weights)
    if by == "site":
        c = counting(connection, scope, filters, _BY_SITE).subquery("counted").c
        sums = select(c.site_id, c.currency, (c.paid - c.refunded - c.returned).label("amount"))
        return ranked_sites(connection, scope, sums, limit=limit, weights=weights)
    groups = payment_totals(connection, scope, filters, by)
    names = {row.key: (row.key, row.name) for row in groups}
    sums = ((row.key, row.currency, row.net) for row in groups)
    return ranked(sums, lambda _: names, limit=limit, weights=weights)


def months_by_site(connection: Connection, scope: Scope, filters: Filters, by: str) -> month_totals.Months | None:
    """The months of the period, where the sums of sites tell what is grouped `by`."""
    if by != "site" or not site_totals.kept_by_site(scope, filters):
        return None
    return month_totals.months_of(connection, scope, filters)


def sums_by_site(rows: Subquery, amount: ColumnElement[int], counted: ColumnElement[int]) -> Select[*tuple[Any, ...]]:
    """site_id, currency and the amount of the sites at which something is counted."""
    sums = select(rows.c.site_id, rows.c.currency, total(amount).label("amount"))
    return sums.group_by(rows.c.site_id, rows.c.currency).having(total(counted) != 0)


def names_of_sites(
    connection: Connection, scope: Scope, ids: Collection[Any], found_by: ColumnElement[Any] = sites.c.id
) -> Names:
    """Code and name by id, or by what they are `found_by`."""
    statement = select(found_by.label("id"), sites.c.code, sites.c.name).where(within(scope, sites.c.id))
    return {row.id: (row.code, row.name) for row in connection.execute(statement.where(found_by.in_(ids)))}


def ranked_sites(
    connection: Connection,
    scope: Scope,
    rows: Select[*tuple[Any, ...]],
    *,
    limit: int,
    weights: Weights,
    either_way: bool = False,
) -> Ranking:
    """The ranking of sites by `rows` of site_id, currency and amount, one of each; of those that may be among the first alone one is read.

    either_way: an amount counts for as much below nothing as above it.
    """
    # Else SQLite adds them up at each of their uses.
    r = rows.cte("amounts").prefix_with("MATERIALIZED", dialect="sqlite").c
    size: ColumnElement[int] = total(weighed(r.amount, r.currency, weights))
    place = func.rank().over(order_by=(func.abs(size) if either_way else size).desc()).label("place")
    places = select(r.site_id, place).group_by(r.site_id).subquery("places").c
    statement = union_all(
        select(r.site_id, r.currency, r.amount).where(
            r.site_id.in_(select(places.site_id).where(places.place <= limit))
        ),
        select(null(), r.currency, total(r.amount)).group_by(r.currency),
        select(null(), null(), func.count(r.site_id.distinct())),
    )
    first, sums, number = [], [], 0
    for site_id, currency, amount in connection.execute(statement):
        if site_id is not None:
            first.append((site_id, currency, amount))
        elif currency is not None:
            sums.append((currency, amount))
        else:
            number = amount
    names = partial(names_of_sites, connection, scope)
    found = ranked(first, names, limit=limit, weights=weights, size=abs if either_way else int)
    return Ranking(found.first, number, tuple(sorted(sums)))


def ranked(
    rows: Iterable[Any],
    named: Callable[[Collection[Any]], Names],
    *,
    limit: int,
    weights: Weights,
    size: Callable[[int], int] = int,
) -> Ranking:
    """The ranking of rows of group, currency and amount; of equals by name. `size`: what of an amount counts.

    Names are asked for of the groups that may be among the first.
    """
    counts = dict(weights)
    places: defaultdict[Any, int] = defaultdict(int)
    amounts: defaultdict[Any, list[tuple[str, int]]] = defaultdict(list)
    sums: defaultdict[str, int] = defaultdict(int)
    for group, currency, amount in rows:
        places[group] += amount * (counts.get(currency, 0) if counts else 1)
        amounts[group].append((currency, amount))
        sums[currency] += amount
    sizes = {group: size(place) for group, place in places.items()}
    edge = sorted(sizes.values(), reverse=True)[limit - 1 : limit]
    may_be = [group for group, each in sizes.items() if not edge or each >= edge[0]]
    names = named(may_be)
    first = sorted(may_be, key=lambda group: (-sizes[group], names[group][1], names[group][0]))[:limit]
    return Ranking(
        tuple(Ranked(*names[group], tuple(sorted(amounts[group]))) for group in first),
        len(places),
        tuple(sorted(sums.items())),
    )
