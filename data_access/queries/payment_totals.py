"""Totals of payments by method, channel, status, site, vendor, account, currency and month.

Totals are money that moved: a payment counts on its day, a refund and a returned payment count against it on theirs.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Select, Subquery, select

from data_access.queries import month_totals, site_totals
from data_access.queries.counted_payments import KINDS, PaymentTotal, counted, not_posted, total_of
from data_access.queries.dimensions import GROUPS, Group, group_named
from data_access.queries.expressions import total
from data_access.schema import sites
from data_access.scope import Scope, within
from domain.filters import Filters

_OWN_GROUPS = ("method", "channel", "status", "month")
PAYMENT_GROUPS = ("site", "vendor", "account", "region", "currency", "service_type", *_OWN_GROUPS)
_WAYS = ("method", "channel", "month", "currency", "region")
_EVERY = ("posted", "pending", "returned", "void")


def payment_totals(
    connection: Connection,
    scope: Scope,
    filters: Filters,
    by: str,
    *,
    statuses: tuple[str, ...] = (),
    channels: tuple[str, ...] = (),
) -> list[PaymentTotal]:
    """One row a group and currency; months in order, other groups by net, the largest first.

    filters.search looks into site, vendor, account number and confirmation number, as in `payment_rows`.
    """
    if by not in PAYMENT_GROUPS:
        group_named(by, PAYMENT_GROUPS)
    group = GROUPS.get(by) or Group((by,), by, by)
    if by == "site" and not statuses and not channels:
        of_sites = _of_sites(connection, scope, filters, group)
        if of_sites is not None:
            return _sorted(of_sites, by)
    of_currency = "currency" if by == "status" else by
    if (ways := _months_of(connection, scope, filters, of_currency, channels)) is not None:
        if by == "status" or statuses:
            return _sorted(
                _of_states(connection, scope, filters, ways, group, statuses=statuses, channels=channels), by
            )
        return _sorted(_rows(connection, ways, group), by)
    return _sorted(counted(connection, scope, filters, group, statuses=statuses, channels=channels), by)


def _of_states(
    connection: Connection,
    scope: Scope,
    filters: Filters,
    ways: Subquery,
    group: Group,
    *,
    statuses: tuple[str, ...],
    channels: tuple[str, ...],
) -> list[PaymentTotal]:
    """From the totals of months and the few payments that are not posted: nearly all are."""
    of_status = group.key == "status"
    wanted = _EVERY if of_status and not statuses else statuses
    others = tuple(
        status for status in _EVERY if status != "posted" and (of_status or (status in wanted) != ("posted" in wanted))
    )
    told = []
    if others:
        marked = not_posted(filters)
        told = counted(connection, scope, filters, group, marked=marked, statuses=others, channels=channels)
    if "posted" not in wanted:
        return [row for row in told if not of_status or row.key in wanted]
    whole = Group((), "currency", "currency") if of_status else group
    left = {(row.key, row.currency): row for row in _rows(connection, ways, whole)}
    for row in told:
        key = (row.currency if of_status else row.key, row.currency)
        left[key] = _less(left[key], row)
    posted = [row for row in left.values() if row.count]
    if not of_status:
        return posted
    named = [replace(row, key="posted", name="posted", labels={"status": "posted"}) for row in posted]
    return [*named, *(row for row in told if row.key in wanted)]


def _less(row: PaymentTotal, other: PaymentTotal) -> PaymentTotal:
    names = (*KINDS.values(), "count")
    return replace(row, **{name: getattr(row, name) - getattr(other, name) for name in names})


def _sorted(rows: list[PaymentTotal], by: str) -> list[PaymentTotal]:
    if by == "month":
        return sorted(rows, key=lambda row: (row.key, row.currency))
    return sorted(rows, key=lambda row: (-row.net, row.currency, row.key))


def _months_of(
    connection: Connection, scope: Scope, filters: Filters, by: str, channels: tuple[str, ...] = ()
) -> Subquery | None:
    """The totals of months that answer this, if they do: month, dimensions, paid, refunded, returned, payments."""
    if (
        not month_totals.kept_by_month(scope, filters)
        or (months := month_totals.months_of(connection, scope, filters)) is None
    ):
        return None
    return _of_months(scope, filters, by, channels, months)


@lru_cache(maxsize=256)  # putting it together costs more than its answer
def _of_months(
    scope: Scope, filters: Filters, by: str, channels: tuple[str, ...], months: month_totals.Months
) -> Subquery | None:
    if by in _WAYS and not filters.vendors and not filters.service_types:
        ways = month_totals.money_by_way(scope, filters, months, by)
        return select(ways).where(ways.c.channel.in_(channels)).subquery("months") if channels else ways
    if by in month_totals.BY and not filters.methods and not channels:
        rows = month_totals.money(scope, filters, months, by)
        returned = (rows.c.returned + rows.c.bounced).label("returned")
        return select(*(c for c in rows.c if c.name not in ("returned", "bounced")), returned).subquery("months")
    return None


def _of_sites(connection: Connection, scope: Scope, filters: Filters, group: Group) -> list[PaymentTotal] | None:
    """From the totals of sites; None where they do not tell."""
    if filters.methods or not site_totals.kept_by_site(scope, filters):
        return None
    months = month_totals.months_of(connection, scope, filters)
    if months is None:
        return None
    m = site_totals.money(connection, scope, filters, months).c
    sums = [total(m[name]).label(name) for name in ("paid", "refunded", "payments")]
    returned = total(m.returned + m.bounced).label("returned")
    by_site = select(m.site_id, m.currency, *sums, returned).group_by(m.site_id, m.currency)
    rows = connection.execute(by_site.having(total(m.payments) != 0)).all()
    named = {site.id: site for site in connection.execute(select(sites).where(within(scope, sites.c.id)))}
    found = []
    for row in rows:
        site = named[row.site_id]
        labels = dict(zip(group.columns, (site.code, site.name, site.region), strict=True))
        moved = (row.paid, row.refunded, row.returned, row.payments)
        found.append(PaymentTotal(site.code, site.name, row.currency, *moved, labels))
    return found


def _rows(connection: Connection, ways: Subquery, group: Group) -> list[PaymentTotal]:
    return [total_of(row, group) for row in connection.execute(_added_up(ways, group))]


@lru_cache(maxsize=256)
def _added_up(ways: Subquery, group: Group) -> Select[*tuple[Any, ...]]:
    keys = [ways.c[name] for name in dict.fromkeys((*group.columns, "currency"))]
    count = total(ways.c.payments)
    sums = [total(ways.c[name]).label(name) for name in KINDS.values()]
    return select(*keys, *sums, count.label("count")).group_by(*keys).having(count != 0)


@dataclass(frozen=True, slots=True)
class MonthPart:
    """Payments of one month by one method (or channel), minor units, net of refunds and returns."""

    month: str
    key: str
    currency: str
    net: int
    count: int


def payments_by_month(connection: Connection, scope: Scope, filters: Filters, split: str = "method") -> list[MonthPart]:
    """Net money out for each month, currency and `split` (method or channel), in order of month."""
    if split in _WAYS and (ways := _months_of(connection, scope, filters, split)) is not None:
        parts = [ways.c.month, ways.c[split].label("key"), ways.c.currency]
        count, net = total(ways.c.payments), total(ways.c.paid - ways.c.refunded - ways.c.returned)
        statement = select(*parts, net.label("net"), count.label("number")).group_by(*parts).having(count != 0)
        found = connection.execute(statement)
        return _in_order(MonthPart(r.month, r.key, r.currency, r.net, r.number) for r in found)
    by_month = counted(connection, scope, filters, Group(("month", split), "month", split))
    return _in_order(MonthPart(row.key, row.name, row.currency, row.net, row.count) for row in by_month)


def _in_order(parts: Iterable[MonthPart]) -> list[MonthPart]:
    return sorted(parts, key=lambda row: (row.month, row.key, row.currency))
