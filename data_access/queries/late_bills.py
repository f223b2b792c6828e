"""The bills that were late, a page at a time: no more is looked at than goes before the page's end.

Bills that name a due day are looked at in the order of their index, of a few accounts by account; those without one, which are few,
are put in order by themselves.
"""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache, partial
from typing import Any

from sqlalchemy import Connection, Select, and_, bindparam, func, literal, literal_column, select

from data_access.queries.dimensions import ledger_accounts, narrowed
from data_access.queries.due_days import days_within
from data_access.queries.expressions import total, unindexed
from data_access.queries.keyset import Mark, Order, page_of, turned
from data_access.queries.positions import effective_due
from data_access.schema import accounts, allocations, invoices
from data_access.scope import Scope, require, within
from domain.filters import Filters

_LOOKED_AT, _MOST = 3, 2_000  # due bills for each late one; at once
FEW = 500  # accounts whose bills are looked up by account
_IDS = "ids"  # a parameter


@dataclass(frozen=True, slots=True)
class LateBill:
    """A bill that was not settled by its due day; minor units. settled_on None: still open on the as-of day."""

    id: int
    account_id: int
    account_number: str
    vendor: str
    site: str
    site_name: str
    currency: str
    number: str
    issued_on: date
    due_on: date
    settled_on: date | None
    days_late: int
    amount: int
    open_amount: int


def late_bills(
    connection: Connection,
    scope: Scope,
    filters: Filters,
    *,
    after: Mark | None = None,
    before: Mark | None = None,
    limit: int = 200,
) -> list[LateBill]:
    """The late bills that `punctuality` counts, the newest due day first; `after` is (due_on, id) of the last one shown.

    before: of the first one.
    """
    alone = _few(connection, scope, filters)
    found: list[Any] = []
    for named_day in (True, False):
        found += _page(connection, scope, filters, alone, named_day=named_day, after=after, before=before, limit=limit)
    found.sort(key=lambda row: (row.due_on, row.id), reverse=before is None)
    return turned(_told(connection, scope, filters, [row.id for row in found[:limit]]), before)


def _page(
    connection: Connection,
    scope: Scope,
    filters: Filters,
    alone: list[int] | None,
    *,
    named_day: bool,
    after: Mark | None,
    before: Mark | None,
    limit: int,
) -> list[Any]:
    """The first late bills from the mark on, out of as many due ones as that takes: some are looked at, then more at once."""
    found: list[Any] = []
    some = _LOOKED_AT * limit
    while len(found) < limit:
        due = _due_of_all if alone is None else partial(_due, alone=alone)
        rows = connection.execute(
            due(scope, filters, named_day=named_day, after=after, before=before, limit=some)
        ).all()
        paid = _in_time(connection, scope, filters, [row.id for row in rows])
        found += [row for row in rows if paid.get(row.id, 0) < row.amount]
        if len(rows) < some:
            break
        mark = (rows[-1].due_on, rows[-1].id)
        after, before = (mark, None) if before is None else (None, mark)
        some = min(2 * some, _MOST)
    return found[:limit]


def _in_time(connection: Connection, scope: Scope, filters: Filters, ids: list[int]) -> dict[int, int]:
    """Of these bills, what had been applied by their due day and was not taken back by the as-of day."""
    return dict(connection.execute(_applied_in_time(scope, filters.as_of), {_IDS: ids}).all()) if ids else {}


@lru_cache(maxsize=64)  # putting it together costs more than its answer, as for the others
def _applied_in_time(scope: Scope, as_of: date) -> Select[int, int]:
    i, a, x, back = invoices.c, accounts.c, allocations.alias("x"), allocations.alias("back")
    gone = and_(back.c.account_id == x.c.account_id, back.c.reverses_id == x.c.id, back.c.applied_on <= as_of)
    of_bill = and_(x.c.account_id == i.account_id, x.c.invoice_id == i.id, unindexed(x.c.reverses_id).is_(None))
    return (
        select(i.id, total(x.c.amount))
        .select_from(invoices)
        .join(accounts, a.id == unindexed(i.account_id))  # the bills are the way in, not the accounts of a vendor
        .join(x, of_bill)
        .outerjoin(back, gone)
        .where(
            within(scope, unindexed(a.site_id)),
            i.id.in_(bindparam(_IDS, expanding=True)),
            x.c.applied_on <= effective_due(a.terms_days),
            back.c.id.is_(None),
        )
        .group_by(i.id)
    )


def _few(connection: Connection, scope: Scope, filters: Filters) -> list[int] | None:
    """The accounts in scope and filters; None for more than FEW."""
    if require(scope).everything and not narrowed(filters):
        return None
    a = ledger_accounts(scope, filters)
    ids = list(connection.scalars(select(a.c.account_id).limit(FEW + 1)))
    return ids if len(ids) <= FEW else None


@lru_cache(maxsize=256)
def _due_of_all(
    scope: Scope, filters: Filters, *, named_day: bool, after: Mark | None, before: Mark | None, limit: int
) -> Select[*tuple[Any, ...]]:
    return _due(scope, filters, None, named_day=named_day, after=after, before=before, limit=limit)


def _due(
    scope: Scope,
    filters: Filters,
    alone: list[int] | None,
    *,
    named_day: bool,
    after: Mark | None,
    before: Mark | None,
    limit: int,
) -> Select[*tuple[Any, ...]]:
    """id, due_on and amount of a page of the due bills that name their due day, or of those that name none."""
    i, a = invoices.c, ledger_accounts(scope, filters)
    since, end = filters.since, min(filters.as_of, filters.until) if filters.until else filters.as_of
    due_on = i.due_on if named_day else effective_due(a.c.terms_days)
    # The marks' own condition is a bound of the walk as well; of a few accounts, these are the way in.
    first, last = (
        due_on if not named_day or (mark is None and alone is None) else unindexed(due_on) for mark in (before, after)
    )
    if named_day:
        chosen = unindexed(i.due_on).is_not(None)
    else:
        chosen = and_(i.due_on.is_(None), i.kind == literal_column("'invoice'"), i.issued_on >= date.min)
    account_id = unindexed(i.account_id) if alone is None else i.account_id
    statement = (
        select(i.id, due_on.label("due_on"), i.amount)
        .select_from(invoices)
        .join(a, a.c.account_id == account_id)
        .where(chosen, unindexed(i.kind) == "invoice", unindexed(i.issued_on) <= filters.as_of)
        .where(*days_within(first, since, None), *days_within(last, None, end))
    )
    if alone is not None:
        statement = statement.where(i.account_id.in_(alone))
    order = Order((due_on if alone is None else unindexed(due_on), i.id), descending=True)
    return page_of(statement, order, after=after, before=before, limit=limit)


def _told(connection: Connection, scope: Scope, filters: Filters, ids: list[int]) -> list[LateBill]:
    """These bills, in this order, with what had been applied to them by the as-of day and stayed."""
    rows = connection.execute(_bills(scope, filters), {_IDS: ids}) if ids else ()
    told = {row.id: _late_bill(row, filters.as_of) for row in rows}
    return [told[id_] for id_ in ids]


@lru_cache(maxsize=64)
def _bills(scope: Scope, filters: Filters) -> Select[*tuple[Any, ...]]:
    i, a, x, back = invoices.c, ledger_accounts(scope, filters), allocations.alias("x"), allocations.alias("back")
    gone = and_(back.c.account_id == x.c.account_id, back.c.reverses_id == x.c.id, back.c.applied_on <= filters.as_of)
    stays = and_(
        x.c.account_id == i.account_id,
        x.c.invoice_id == i.id,
        unindexed(x.c.reverses_id).is_(None),
        x.c.applied_on <= filters.as_of,
        ~select(literal(1)).where(gone).correlate(x).exists(),
    )
    bill = (i.id, i.number, i.part, i.issued_on, i.amount, effective_due(a.c.terms_days).label("due_on"))
    return (
        select(*a.c, *bill, total(x.c.amount).label("paid"), func.max(x.c.applied_on).label("last"))
        .select_from(invoices)
        .join(a, a.c.account_id == i.account_id)
        .outerjoin(x, stays)
        .where(i.id.in_(bindparam(_IDS, expanding=True)))
        .group_by(*a.c, i.id, i.number, i.part, i.issued_on, i.due_on, i.amount)
    )


def _late_bill(row: Any, as_of: date) -> LateBill:
    settled_on = row.last if row.paid >= row.amount else None
    return LateBill(
        id=row.id,
        account_id=row.account_id,
        account_number=row.account_number,
        vendor=row.vendor,
        site=row.site,
        site_name=row.site_name,
        currency=row.currency,
        number=row.number if row.part == 1 else f"{row.number} ({row.part})",
        issued_on=row.issued_on,
        due_on=row.due_on,
        settled_on=settled_on,
        days_late=((settled_on or as_of) - row.due_on).days,
        amount=row.amount,
        open_amount=row.amount - row.paid,
    )
