"""The next due day of each group, and what has to be paid by then."""

from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import Connection, Subquery, func, select, union_all

from data_access.queries import open_totals
from data_access.queries.dimensions import group_named
from data_access.queries.expressions import total
from data_access.queries.standing import standing
from data_access.schema import accounts, sites, vendors
from data_access.scope import Scope
from domain.filters import Basis, Filters

_KEYS = {"site": ("site_id",), "vendor": ("account_id",), "account": ("account_id",), "currency": ()}
DUE_GROUPS = tuple(_KEYS)


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
    group_named(by, DUE_GROUPS)
    days = _days(connection, scope, filters, by)
    place = func.row_number().over(partition_by=(days.c.key, days.c.currency), order_by=days.c.due_on).label("place")
    ranked = select(days, place).subquery()
    statement = select(ranked).where(ranked.c.place == 1).order_by(ranked.c.due_on, ranked.c.key, ranked.c.currency)
    return [NextDue(str(r.key), r.currency, r.due_on, r.amount, r.bills) for r in connection.execute(statement)]


def first_days(connection: Connection, scope: Scope, filters: Filters) -> dict[str, date]:
    """By site code the earliest day of `next_due`, of whichever currency."""
    days = _days(connection, scope, filters, "site").c
    return dict(connection.execute(select(days.key, func.min(days.due_on)).group_by(days.key)).all())


def _days(connection: Connection, scope: Scope, filters: Filters, by: str) -> Subquery:
    """key, currency, due_on, amount and bills of each day on which something is due, from the as-of day on."""
    parts = []
    for table, chosen in standing(connection, scope, replace(filters, basis=Basis.DUE)):
        t = table.c
        keys = (t.currency, *(t[name] for name in _KEYS[by]), t.due_on)
        sums = select(*keys, total(t.open_amount).label("amount"), total(t.bills).label("bills"))
        parts.append(sums.where(t.due_on >= filters.as_of, *chosen).group_by(*keys))
    s = (union_all(*parts) if len(parts) > 1 else parts[0]).subquery("s")
    key, statement = s.c.currency, select(s)
    if by == "site":
        key, statement = sites.c.code, statement.join(sites, sites.c.id == s.c.site_id)
    elif by == "account":
        key = s.c.account_id
    elif by == "vendor":
        of_account = statement.join(accounts, accounts.c.id == s.c.account_id)
        key, statement = vendors.c.name, of_account.join(vendors, vendors.c.id == accounts.c.vendor_id)
    amount, bills = total(s.c.amount).label("amount"), total(s.c.bills).label("bills")
    return (
        statement.with_only_columns(key.label("key"), s.c.currency, s.c.due_on, amount, bills)
        .group_by(*dict.fromkeys((key, s.c.currency, s.c.due_on)))
        .having(func.sum(s.c.bills) != 0)
        .subquery()
    )


@dataclass(frozen=True, slots=True)
class DueDay:
    """The open bills of one currency that fall due on a day, and their sum, minor units."""

    due_on: date
    currency: str
    bills: int
    amount: int


def due_days(connection: Connection, scope: Scope, filters: Filters, first: date, last: date) -> list[DueDay]:
    """By day and currency, from `first` to `last`."""
    due = replace(filters, basis=Basis.DUE)
    base = open_totals.start_of(connection, scope, due, "currency")
    found = [(open_totals.standing(scope, due, "currency", base), ())] if base else standing(connection, scope, due)
    parts = []
    for table, chosen in found:
        t = table.c
        sums = (total(t.bills).label("bills"), total(t.open_amount).label("amount"))
        keys = (t.due_on, t.currency)
        parts.append(select(*keys, *sums).where(t.due_on.between(first, last), *chosen).group_by(*keys))
    s = (union_all(*parts) if len(parts) > 1 else parts[0]).subquery("s").c
    bills, amount = total(s.bills), total(s.amount)
    statement = (
        select(s.due_on, s.currency, bills, amount).group_by(s.due_on, s.currency).having(func.sum(s.bills) != 0)
    )
    return [DueDay(*row) for row in connection.execute(statement.order_by(s.due_on, s.currency))]
