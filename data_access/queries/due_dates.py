"""The next due day of each group, and what has to be paid by then."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, func, select

from data_access.queries.dimensions import few_accounts, group_named, ledger_accounts
from data_access.queries.expressions import total
from data_access.queries.positions import open_items
from data_access.scope import Scope
from domain.filters import Filters

DUE_GROUPS = ("site", "vendor", "account", "currency")


@dataclass(frozen=True, slots=True)
class NextDue:
    """The earliest due day of one group and currency from the as-of day on: open bills and their sum, minor units."""

    key: str
    currency: str
    due_on: date
    amount: int
    bills: int


def next_due(connection: Connection, scope: Scope, filters: Filters, by: str = "site") -> list[NextDue]:
    """One row a group and currency that has open bills not yet past due, the earliest first. An account's key is its id."""
    group = group_named(by, DUE_GROUPS)
    a = ledger_accounts(scope, filters)
    items = open_items(filters.as_of, accounts_alone=few_accounts(scope, filters))
    key = a.c["account_id" if by == "account" else group.key].label("key")
    days = (
        select(
            key, a.c.currency, items.c.due_on, total(items.c.open_amount).label("amount"), func.count().label("bills")
        )
        .join(items, items.c.account_id == a.c.account_id)
        .where(items.c.due_on >= filters.as_of)
        .group_by(*dict.fromkeys((key.element, a.c.currency, items.c.due_on)))
        .subquery()
    )
    place = func.row_number().over(partition_by=(days.c.key, days.c.currency), order_by=days.c.due_on).label("place")
    ranked = select(days, place).subquery()
    statement = select(ranked).where(ranked.c.place == 1).order_by(ranked.c.due_on, ranked.c.key, ranked.c.currency)
    return [NextDue(str(r.key), r.currency, r.due_on, r.amount, r.bills) for r in connection.execute(statement)]
