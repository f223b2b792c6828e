"""What each site or account owes, so that they can be put in order: what is overdue of it, and what is outstanding.

Sites are read from the sums of all time (decision 0039) where these know the filters; else what stands open of each account is added up
(decisions 0033 and 0040).
"""

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, Subquery, case, literal, or_, select, union_all

from data_access.queries import month_totals, site_totals
from data_access.queries.expressions import Weights, total, weighed
from data_access.queries.positions import nothing_since
from data_access.queries.standing import newer_bills_apart, open_bills_since, standing
from data_access.scope import Scope
from domain.filters import Basis, Filters

IDS = {"site": "site_id", "account": "account_id"}


def owing(
    connection: Connection, scope: Scope, filters: Filters, by: str, weights: Weights, *, late: bool = True
) -> Subquery:
    """id, overdue and outstanding of each site or account at which something is open or owed; weighed where several currencies are.

    late: False where what is overdue is not looked at.
    """
    if by == "site" and site_totals.kept_by_site(scope, filters) and nothing_since(connection, scope, filters.as_of):
        return _of_sites(scope, filters, weights, late=late, moved=site_totals.any_moved(connection, scope))
    newer_apart = newer_bills_apart(connection, scope, filters)
    sources = standing(connection, scope, replace(filters, basis=Basis.DUE) if newer_apart else filters)
    parts = [_sums(table, chosen, by, filters, all_late=newer_apart) for table, chosen in sources]
    if newer_apart:
        parts.append(_not_late(open_bills_since(scope, filters, filters.as_of), by))
    return _together(parts, filters, weights)


@lru_cache(maxsize=64)  # putting it together costs half as much as reading it
def _of_sites(scope: Scope, filters: Filters, weights: Weights, *, late: bool, moved: bool) -> Subquery:
    """From the sums of all time, which take all that is open for late."""
    t = site_totals.standing(filters, moved=moved).c
    measures = {"open": t.open_amount, "overdue": t.open_amount, "outstanding": t.owed}
    sums = [(amount if late else total(amount)).label(name) for name, amount in measures.items()]
    owed = select(t.currency, t.site_id.label("id"), *sums)
    parts = [owed if late else owed.group_by(t.site_id, t.currency)]  # with another part they are added up below
    if late and filters.basis is Basis.DUE:
        parts.append(_not_late(site_totals.open_from(filters, filters.as_of), "site"))
    elif late:
        parts.append(_not_late(open_bills_since(scope, filters, filters.as_of), "site"))
    return _together(parts, filters, weights)


def _together(parts: Sequence[Select[*tuple[Any, ...]]], filters: Filters, weights: Weights) -> Subquery:
    g = parts[0].subquery("g").c
    if len(parts) > 1:
        p = union_all(*parts).subquery("parts").c
        measures = (total(p[name]).label(name) for name in ("open", "overdue", "outstanding"))
        g = select(p.currency, p.id, *measures).group_by(p.currency, p.id).subquery("g").c
    return _weighed(g, or_(g.open != 0, g.outstanding != 0), filters, weights, "overdue", "outstanding")


def owed_alone(connection: Connection, scope: Scope, filters: Filters, weights: Weights) -> Subquery | None:
    """id and outstanding of the sites at which something was ever billed or paid; None where it has to be found with what is open.

    Which of those that owe nothing have something open is not told.
    """
    if nothing_since(connection, scope, filters.as_of):
        t = site_totals.standing(filters, moved=site_totals.any_moved(connection, scope)).c
    else:
        months = month_totals.months_of(connection, scope, replace(filters, since=None, until=None))
        if months is None:
            return None
        t = site_totals.owed(connection, scope, filters, months).c
    counted = weighed(t.owed, t.currency, weights)
    sums = select(t.site_id.label("id"), total(counted).label("outstanding"))
    return sums.group_by(t.site_id).subquery("weighed")


def _weighed(g: Any, some: ColumnElement[bool], filters: Filters, weights: Weights, *measures: str) -> Subquery:
    """id and measures of `some` of the groups, across currencies."""
    if len(filters.currencies) == 1:
        return select(g.id, *(g[name] for name in measures)).where(some).subquery("weighed")
    sums = (total(weighed(g[name], g.currency, weights)).label(name) for name in measures)
    return select(g.id, *sums).where(some).group_by(g.id).subquery("weighed")


def _sums(
    table: Any, chosen: Sequence[ColumnElement[bool]], by: str, filters: Filters, *, all_late: bool
) -> Select[*tuple[Any, ...]]:
    """all_late: what is not will be taken off."""
    t = table.c
    id_ = t[IDS[by]]
    # In the order of the index, so that nothing is sorted.
    keys = (t.currency, t.site_id) if by == "site" else (t.currency, t.site_id, t.account_id)
    late = t.open_amount if all_late else case((t.due_on < filters.as_of, t.open_amount), else_=0)
    return (
        select(
            t.currency,
            id_.label("id"),
            total(t.open_amount).label("open"),
            total(late).label("overdue"),
            total(t.owed).label("outstanding"),
        )
        .where(*chosen)
        .group_by(*keys)
    )


def _not_late(bills: Subquery, by: str) -> Select[*tuple[Any, ...]]:
    """What these take off the overdue of their groups."""
    b = bills.c
    keys = (b.currency, b[IDS[by]])
    none = literal(0)
    late = total(-b.open_amount).label("overdue")
    return select(b.currency, keys[1].label("id"), none.label("open"), late, none.label("outstanding")).group_by(*keys)
