"""What was billed to sites, and the groups to which most was: by site from the sums of sites and the few lines charged back, by vendor from those of months."""

from typing import Any

from sqlalchemy import Connection, Select, and_, select, union_all

from data_access.queries import month_totals, site_totals
from data_access.queries.dimensions import ledger_accounts
from data_access.queries.expressions import Weights, total, unindexed
from data_access.queries.rankings import Ranking, months_by_site, names_of_sites, ranked, ranked_sites, sums_by_site
from data_access.queries.spend import billed_at, in_period, spend
from data_access.schema import charges, invoices, sites
from data_access.scope import Scope, within
from domain.filters import Filters


def spend_ranking(
    connection: Connection, scope: Scope, filters: Filters, *, by: str, limit: int = 10, weights: Weights = ()
) -> Ranking:
    """Groups by what was billed less credit notes, as `spend` has it, the largest first."""
    if (months := months_by_site(connection, scope, filters, by)) is not None:
        rows = _of_sites(connection, scope, filters, months)
        return ranked_sites(connection, scope, rows, limit=limit, weights=weights)
    of_months = by == "vendor" and month_totals.kept_by_month(scope, filters) and not filters.regions
    months = month_totals.months_of(connection, scope, filters) if of_months else None
    if months is not None:
        m = month_totals.bills(scope, filters, months, "vendor").c
        sums = select(m.vendor, m.currency, total(m.billed - m.credited)).group_by(m.vendor, m.currency)
        rows = connection.execute(sums.having(total(m.billed + m.credited) != 0)).all()
        return ranked(rows, lambda names: {name: (name, name) for name in names}, limit=limit, weights=weights)
    groups = spend(connection, scope, filters, by)
    names = {row.key: (row.key, row.name) for row in groups}
    return ranked(
        ((row.key, row.currency, row.amount) for row in groups), lambda _: names, limit=limit, weights=weights
    )


def billed_by_site(connection: Connection, scope: Scope, filters: Filters) -> list[tuple[str, str, int]]:
    """(site, currency, amount) as `spend` by site has them, without counting bills; in no order."""
    if (months := months_by_site(connection, scope, filters, "site")) is None:
        billed = billed_at(connection, scope, filters)
        names = names_of_sites(connection, scope, {site_id for site_id, _, _ in billed})
        return [(names[site_id][0], currency, amount) for site_id, currency, amount in billed]
    rows = _of_sites(connection, scope, filters, months).subquery("rows").c
    statement = select(sites.c.code, rows.currency, rows.amount).join(sites, sites.c.id == rows.site_id)
    return [(site, currency, amount) for site, currency, amount in connection.execute(statement)]


def _of_sites(
    connection: Connection, scope: Scope, filters: Filters, months: month_totals.Months
) -> Select[*tuple[Any, ...]]:
    """site_id, currency, amount."""
    b = site_totals.bills(connection, scope, filters, months)
    billed = sums_by_site(b, b.c.billed - b.c.credited, b.c.billed + b.c.credited)
    rows = union_all(billed, *_charged_back(scope, filters)).subquery("billed").c
    return select(rows.site_id, rows.currency, total(rows.amount).label("amount")).group_by(rows.site_id, rows.currency)


def _charged_back(scope: Scope, filters: Filters) -> list[Select[*tuple[Any, ...]]]:
    """site_id, currency, amount of lines that another site bears: out of the home site, and into the one that does."""
    everywhere = Filters(as_of=filters.as_of, currencies=filters.currencies)
    a, moved = ledger_accounts(scope, everywhere), charges.c.chargeback_site_id
    of_bill = and_(charges.c.account_id == invoices.c.account_id, charges.c.invoice_id == invoices.c.id)
    days, parts = in_period(filters, unindexed(invoices.c.issued_on)), []
    for place, sign in ((invoices.c.site_id, -1), (moved, 1)):
        rows = (
            select(place.label("site_id"), a.c.currency, (charges.c.amount * sign).label("amount"))
            .select_from(charges)
            .join(invoices, of_bill)
            .join(a, a.c.account_id == charges.c.account_id)
            .join(sites, sites.c.id == place)
            .where(moved.is_not(None), moved != invoices.c.site_id, *days, within(scope, place))
        )
        for column, wanted in ((sites.c.region, filters.regions), (sites.c.code, filters.sites)):
            if wanted:
                rows = rows.where(column.in_(wanted))
        parts.append(rows)
    return parts
