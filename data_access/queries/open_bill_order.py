"""Which open bills a page of them shows: when nothing is dated after the day, read in the order of the indexes of open bills."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache, partial
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, Subquery, and_, func, select, true

from data_access.queries.dimensions import bare_accounts, ledger_accounts
from data_access.queries.expressions import contains, total, unindexed
from data_access.queries.keyset import Mark, order_named, page_of
from data_access.queries.narrowed_bills import NarrowedBills
from data_access.queries.past_documents import Accounts, of_these, open_documents_on
from data_access.queries.positions import effective_due
from data_access.schema import invoices
from data_access.scope import Scope, require
from domain.filters import Basis, Filters

_WITHOUT_DUE_DAY = (
    select(invoices.c.id)
    .where(invoices.c.due_on.is_(None), invoices.c.kind == "invoice", invoices.c.issued_on >= date.min)
    .limit(1)
)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page lies: in which order, behind or before which mark, how many rows."""

    sort: str
    after: Mark | None
    before: Mark | None
    limit: int


def bills_in_order(
    connection: Connection, scope: Scope, filters: Filters, which: NarrowedBills, place: Place, *, alone: Accounts
) -> Sequence[tuple[int, int]]:
    """(account_id, invoice_id) of each bill on the page, in no order."""
    # Bills that name no due day have no place in the index of due days: they are few, and put in order by themselves.
    by_due_day = place.sort.removeprefix("-") == "due_on"
    named_days = (True, *((False,) if _some_without(connection, scope, alone) else ())) if by_due_day else (None,)
    page = _page_of_all if alone is None else partial(_page, alone=alone)
    parts = [page(scope, filters, which, place, named_day=named) for named in named_days]
    rows = [row for part in parts for row in connection.execute(part, which.parameters)]
    down = place.sort.startswith("-") != (place.before is not None)
    rows.sort(key=lambda row: (row.value, row.id), reverse=down)
    return [(row.account_id, row.id) for row in rows[: place.limit]]


def _some_without(connection: Connection, scope: Scope, alone: Accounts) -> bool:
    """May any bill name no due day? Everybody's have an index of their own, which tells that there is none."""
    if alone is not None or not require(scope).everything:
        return True
    return connection.scalar(_WITHOUT_DUE_DAY) is not None


def past_bills_in_order(
    connection: Connection, scope: Scope, filters: Filters, which: NarrowedBills, place: Place, *, alone: Accounts
) -> Sequence[tuple[int, int]]:
    """The same of a day after which something moved: found among all that stood open then."""
    items, chosen = _standing(scope, filters, which, alone)
    i = items.c
    order = order_named(place.sort, {"due_on": i.due_on, "open_amount": i.open_amount}, i.id)
    statement = select(i.account_id, i.id).where(*chosen)
    page = page_of(statement, order, after=place.after, before=place.before, limit=place.limit)
    return [(row.account_id, row.id) for row in connection.execute(page, which.parameters)]


def past_sums_of_bills(
    connection: Connection, scope: Scope, filters: Filters, which: NarrowedBills, *, alone: Accounts
) -> Sequence[Any]:
    """By currency, on such a day: how many bills, and what was open of them."""
    items, chosen = _standing(scope, filters, which, alone)
    counted = select(items.c.currency, func.count(), total(items.c.open_amount)).group_by(items.c.currency)
    return connection.execute(counted.where(*chosen), which.parameters).all()


def _standing(
    scope: Scope, filters: Filters, which: NarrowedBills, alone: Accounts
) -> tuple[Subquery, list[ColumnElement[bool]]]:
    """account_id, id, due_on, currency and open_amount of the bills that stood open, and the conditions that choose among them."""
    c = invoices.c
    named = [c.number] if which.find.strip() else []  # which is not in the index
    fields = (c.account_id, c.id, c.issued_on, c.due_on, *named)
    b, a = (
        open_documents_on(("invoice",), filters.as_of, *fields, accounts_alone=alone).subquery("b"),
        bare_accounts(scope, filters),
    )
    due_on = effective_due(a.c.terms_days, b.c).label("due_on")
    columns = (
        b.c.account_id,
        b.c.id,
        b.c.issued_on,
        due_on,
        b.c.open_amount,
        a.c.currency,
        *(b.c[n.name] for n in named),
    )
    items = select(*columns).join(a, a.c.account_id == b.c.account_id).where(b.c.open_amount > 0).subquery("items")
    base = items.c.issued_on if filters.basis is Basis.INVOICE else items.c.due_on
    found = [contains([items.c.number], which.find)] if named else []
    return items, [*which.conditions(filters, base, items.c.due_on), *found]


def sums_of_bills(
    connection: Connection, scope: Scope, filters: Filters, which: NarrowedBills, *, alone: Accounts
) -> Sequence[tuple[str, int, int]]:
    """By currency: how many bills, and what is open of them."""
    i, a = invoices.c, ledger_accounts(scope, filters)
    counted = select(a.c.currency, func.count(), total(i.amount - i.settled)).group_by(a.c.currency)
    statement = _open(counted, a, filters, which, alone=alone)
    # A number is found in the index of due days, which SQLite takes for bounds of its column alone.
    parts = (i.due_on >= date.min, i.due_on.is_(None)) if which.find.strip() and alone is None else (true(),)
    found: defaultdict[str, list[int]] = defaultdict(lambda: [0, 0])
    for part in parts:
        for currency, bills, amount in connection.execute(statement.where(part), which.parameters):
            found[currency][0] += bills
            found[currency][1] += amount
    return [(currency, bills, amount) for currency, (bills, amount) in found.items()]


@lru_cache(maxsize=256)  # putting it together costs more than reading it
def _page_of_all(
    scope: Scope, filters: Filters, which: NarrowedBills, place: Place, *, named_day: bool | None
) -> Select[*tuple[Any, ...]]:
    return _page(scope, filters, which, place, alone=None, named_day=named_day)


def _page(
    scope: Scope, filters: Filters, which: NarrowedBills, place: Place, *, alone: Accounts, named_day: bool | None
) -> Select[*tuple[Any, ...]]:
    i, a = invoices.c, ledger_accounts(scope, filters)
    given = true() if named_day is None else unindexed(i.due_on).is_not(None) if named_day else i.due_on.is_(None)
    columns = {"due_on": i.due_on if named_day else effective_due(a.c.terms_days), "open_amount": i.amount - i.settled}
    order = order_named(place.sort, columns, i.id)
    statement = select(i.account_id, i.id, order.keys[0].label("value")).where(given)
    statement = _open(statement, a, filters, which, alone=alone, named_day=named_day is True)
    return page_of(statement, order, after=place.after, before=place.before, limit=place.limit)


def _open(
    statement: Select[*tuple[Any, ...]],
    a: Subquery,
    filters: Filters,
    which: NarrowedBills,
    *,
    alone: Accounts,
    named_day: bool = False,
) -> Select[*tuple[Any, ...]]:
    """Of the bills that are open now; named_day: each names its due day."""
    i = invoices.c
    due_on: ColumnElement[Any] = i.due_on if named_day else effective_due(a.c.terms_days)
    # Where the accounts are few they are the way in.
    kind = i.kind if alone is None else unindexed(i.kind)
    return (
        statement.select_from(invoices)
        .join(a, a.c.account_id == i.account_id)
        .where(
            and_(i.settled < i.amount, kind == "invoice"),
            of_these(alone, i.account_id),
            *which.conditions(filters, i.issued_on if filters.basis is Basis.INVOICE else due_on, due_on),
            contains([i.number], which.find) if which.find.strip() else true(),
        )
    )
