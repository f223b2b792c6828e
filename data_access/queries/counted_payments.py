"""Totals of payments added up from the payments themselves, those of chosen accounts along ix_payments_account (decision 0044)."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, case, literal, literal_column, select, true, union_all

from data_access.queries.dimensions import (
    Group,
    accounts_first,
    at_sites,
    bare_accounts,
    labels_of,
    ledger_accounts,
    narrowed,
)
from data_access.queries.expressions import month_text, total, unindexed
from data_access.queries.payments import payments_chosen, payments_found, status_on
from data_access.schema import payments
from data_access.scope import Scope
from domain.filters import Filters

_NAMED = ("site", "account_number")
Marks = tuple[ColumnElement[bool], ...]
KINDS = {"payment": "paid", "refund": "refunded", "reversal": "returned"}


@dataclass(frozen=True, slots=True)
class PaymentTotal:
    """A group's money out in one currency, minor units. paid - refunded - returned = net."""

    key: str
    name: str
    currency: str
    paid: int
    refunded: int
    returned: int
    count: int
    labels: dict[str, str]

    @property
    def net(self) -> int:
        """What left for good."""
        return self.paid - self.refunded - self.returned


def counted(
    connection: Connection,
    scope: Scope,
    filters: Filters,
    group: Group,
    *,
    marked: Marks = (),
    **kept: tuple[str, ...],
) -> list[PaymentTotal]:
    """Of each group and currency, from the payments themselves."""
    statement = counting(connection, scope, filters, group, marked=marked, **kept)
    return [total_of(row, group) for row in connection.execute(statement)]


def counting(
    connection: Connection,
    scope: Scope,
    filters: Filters,
    group: Group,
    *,
    marked: Marks = (),
    **kept: tuple[str, ...],
) -> Select[*tuple[Any, ...]]:
    """The columns of `group`, currency, KINDS and count. Those `marked` in one of some ways are found by that, whatever their day.

    `kept`: the statuses and channels wanted, as in `payments_chosen`; none is every one.
    """
    p, known = payments.c, replace(filters, search="")
    named = group.key in _NAMED or filters.search.strip()
    a = ledger_accounts(scope, known) if named else bare_accounts(scope, known, group.key)
    found = payments_found(connection, scope, filters, a)
    apart = found.apart if found else ()  # accounts are beside the sums of payments, not beside payments
    of_some = narrowed(filters) or bool(filters.methods)
    by_account = not marked and accounts_first(scope, filters, chosen=of_some)
    paid_on = unindexed(p.paid_on) if marked else p.paid_on
    own = {"month": month_text(p.paid_on), "status": status_on(filters.as_of), "method": p.method, "channel": p.channel}
    own = {name: own[name].label(name) for name in group.columns if name in own}
    sums = {kind: case((p.kind == kind, p.amount), else_=0).label(KINDS[kind]) for kind in KINDS}
    known_by = None if apart else found
    chosen = [*payments_chosen(filters, known_by, paid_on=paid_on, **kept), *at_sites(scope, filters, p.site_id)]
    rows: Select[*tuple[Any, ...]] = select(
        p.account_id, *own.values(), *sums.values(), literal(1).label("count")
    ).where(*chosen)
    if by_account:
        rows = rows.where(p.account_id.in_(select(bare_accounts(scope, known).c.account_id)))
        # Those of others are left out already: chosen twice, PostgreSQL would expect too few.
        everybody = Filters(as_of=filters.as_of)
        a = ledger_accounts(scope, everybody) if named else bare_accounts(scope, everybody, group.key)
        rows = rows if own else _each_account(rows)
    ways = [(mark, way) for mark in marked or (true(),) for way in apart or (true(),)]
    r = (union_all(*(rows.where(*way) for way in ways)) if len(ways) > 1 else rows.where(*ways[0])).subquery("chosen").c
    keys = [*(r[name] if name in own else a.c[name] for name in group.columns), a.c.currency]
    statement = select(*keys, *(total(r[name]).label(name) for name in (*KINDS.values(), "count")))
    return statement.join(a, a.c.account_id == r.account_id).group_by(*keys)


def _each_account(rows: Select[Any]) -> Select[*tuple[Any, ...]]:
    """The sums of each account: names are looked up once for it."""
    r = rows.subquery("of_accounts").c
    sums = (total(r[name]).label(name) for name in (*KINDS.values(), "count"))
    return select(r.account_id, *sums).group_by(r.account_id)


def not_posted(filters: Filters) -> Marks:
    """Of payments of the period that may be anything else than posted on the as-of day: each is in one of these and found by its index."""
    p, day = payments.c, filters.as_of
    since = filters.since or date.min  # nothing comes back before its day
    return (
        p.status == literal_column("'pending'"),
        p.reversed_on >= since,
        and_(p.posted_on > day, p.status == "posted"),
    )


def total_of(row: Any, group: Group) -> PaymentTotal:
    """One row of keys, sums and count."""
    return PaymentTotal(
        key=str(getattr(row, group.key)),
        name=str(getattr(row, group.name)),
        currency=row.currency,
        paid=row.paid,
        refunded=row.refunded,
        returned=row.returned,
        count=row._mapping["count"],
        labels=labels_of(row, group),
    )
