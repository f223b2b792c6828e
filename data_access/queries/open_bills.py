"""Open bills of any day, one by one."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Select, Subquery, bindparam, select, true

from data_access.importers.existing import batches
from data_access.queries import open_totals
from data_access.queries.dimensions import AMONG, few_accounts, ledger_accounts
from data_access.queries.expressions import contains, total
from data_access.queries.keyset import Mark, Statement, order_named, page_of, turned
from data_access.queries.narrowed_bills import NarrowedBills
from data_access.queries.open_bill_order import (
    Place,
    bills_in_order,
    past_bills_in_order,
    past_sums_of_bills,
    sums_of_bills,
)
from data_access.queries.positions import nothing_since, open_items
from data_access.scope import Scope
from domain.filters import Filters

_BILLS = "bills"  # a parameter: their ids
_A_PAGE = 1_000  # bills: more of them are read at once, not one by one
_LOOKED_UP = {"sqlite": 50, "postgresql": _A_PAGE}  # bills at once: SQLite looks for each in each of their accounts
SORTS = ("due_on", "open_amount")


@dataclass(frozen=True, slots=True)
class OpenBill:
    """An open bill as of the day asked for; amounts in minor units of `currency`."""

    invoice_id: int
    account_id: int
    account_number: str
    vendor: str
    site: str
    site_name: str
    region: str
    service_type: str
    currency: str
    number: str
    issued_on: date
    due_on: date
    due_missing: bool
    period_start: date | None
    period_end: date | None
    days_late: int
    amount: int
    open_amount: int
    disputed: int

    @property
    def billing_period(self) -> str:
        """YYYY-MM: the month in which its period starts, or of its issue where it names none."""
        return f"{self.period_start or self.issued_on:%Y-%m}"


def open_bills(
    connection: Connection,
    scope: Scope,
    filters: Filters,
    *,
    sort: str = "due_on",
    after: Mark | None = None,
    before: Mark | None = None,
    limit: int = 200,
    **narrowed: Any,
) -> list[OpenBill]:
    """Open bills, the oldest due first, `limit` at a time; `sort`: one of SORTS, - for the largest first; `narrowed` as NarrowedBills."""
    which = NarrowedBills(**narrowed)
    alone = few_accounts(scope, filters, "account", named=which.account_id is not None)
    if limit > _A_PAGE:
        a, items = ledger_accounts(scope, filters), open_items(filters.as_of, filters.basis, alone)
        order = order_named(sort, {name: items.c[name] for name in SORTS}, items.c.invoice_id)
        every = _chosen(_with_names(items, a), filters, which, items)
        page = page_of(every, order, after=after, before=before, limit=limit)
        rows = turned(connection.execute(page, which.parameters).all(), before)
    else:
        in_order = bills_in_order if nothing_since(connection, scope, filters.as_of) else past_bills_in_order
        found = in_order(connection, scope, filters, which, Place(sort, after, before, limit), alone=alone)
        rows = []
        for some in batches(turned(list(found), before), _LOOKED_UP[connection.dialect.name]):
            named = {AMONG: [account_id for account_id, _ in some], _BILLS: [invoice_id for _, invoice_id in some]}
            rows += connection.execute(_of_these(scope, filters, which, sort), named).all()
    return [_open_bill(row, filters.as_of) for row in rows]


@lru_cache(maxsize=128)  # put together anew it costs a third of a page
def _of_these(scope: Scope, filters: Filters, which: NarrowedBills, sort: str) -> Select[*tuple[Any, ...]]:
    """The bills that _BILLS names, of the accounts that AMONG does."""
    alone = few_accounts(scope, filters, "account", named=True)
    a, items = ledger_accounts(scope, filters), open_items(filters.as_of, filters.basis, alone)
    these = _with_names(items, a).where(items.c.invoice_id.in_(bindparam(_BILLS, expanding=True)))
    order = order_named(sort, {name: items.c[name] for name in SORTS}, items.c.invoice_id)
    return page_of(_chosen(these, filters, which, items), order, limit=None)


def _with_names(items: Subquery, a: Subquery) -> Select[*tuple[Any, ...]]:
    names = ("account_number", "vendor", "site", "site_name", "region", "service_type", "currency")
    return select(items, *(a.c[name] for name in names)).join(a, a.c.account_id == items.c.account_id)


def open_bill_sums(
    connection: Connection, scope: Scope, filters: Filters, **narrowed: Any
) -> list[tuple[str, int, int]]:
    """By currency: how many such open bills there are, and what is open of them. `narrowed` as NarrowedBills."""
    which = NarrowedBills(**narrowed)
    if which.account_id is None and not which.find.strip() and open_totals.kept_by_due_day(scope, filters, "currency"):
        s = open_totals.standing(scope, filters, "currency", open_totals.base_of(connection, scope, filters.as_of)).c
        statement = select(s.currency, total(s.bills), total(s.open_amount)).where(s.due_on.is_not(None))
        statement = statement.where(*which.conditions(filters, s.due_on, s.due_on)).group_by(s.currency)
        found = connection.execute(statement).all()
    else:
        alone = few_accounts(scope, filters, "account", named=which.account_id is not None)
        sums = sums_of_bills if nothing_since(connection, scope, filters.as_of) else past_sums_of_bills
        found = sums(connection, scope, filters, which, alone=alone)
    return sorted((currency, bills, amount) for currency, bills, amount in found if bills)


def _chosen(statement: Statement, filters: Filters, which: NarrowedBills, items: Subquery) -> Statement:
    conditions = which.conditions(filters, items.c.base, items.c.due_on)
    found = contains([items.c.number], which.find) if which.find.strip() else true()
    return statement.where(*conditions, found)


def _open_bill(row: Any, as_of: date) -> OpenBill:
    return OpenBill(
        invoice_id=row.invoice_id,
        account_id=row.account_id,
        account_number=row.account_number,
        vendor=row.vendor,
        site=row.site,
        site_name=row.site_name,
        region=row.region,
        service_type=row.service_type,
        currency=row.currency,
        number=row.number if row.part == 1 else f"{row.number} ({row.part})",
        issued_on=row.issued_on,
        due_on=row.due_on,
        due_missing=bool(row.due_missing),
        period_start=row.period_start,
        period_end=row.period_end,
        days_late=max(0, (as_of - row.base).days),
        amount=row.amount,
        open_amount=row.open_amount,
        disputed=row.disputed,
    )
