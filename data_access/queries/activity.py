"""When anything happened: the first and the last bill and payment, so that an empty page can say where the data lies."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import partial
from itertools import islice

from sqlalchemy import ColumnElement, Connection, Select, func, select

from data_access.queries import month_totals
from data_access.queries.dimensions import ledger_accounts, narrowed
from data_access.schema import invoices, payments
from data_access.scope import Scope, require
from domain.filters import Filters
from domain.periods import add_months


@dataclass(frozen=True, slots=True)
class Activity:
    """Days of the first and last bill and payment up to the as-of day; None for none."""

    first_bill: date | None
    last_bill: date | None
    first_payment: date | None
    last_payment: date | None

    @property
    def first(self) -> date | None:
        """The first of either."""
        return min((day for day in (self.first_bill, self.first_payment) if day), default=None)

    @property
    def last(self) -> date | None:
        """The last of either."""
        return max((day for day in (self.last_bill, self.last_payment) if day), default=None)


def activity(connection: Connection, scope: Scope, filters: Filters, *, account_id: int | None = None) -> Activity:
    """The span of bills and payments of the accounts in scope and filters; the filters' period is not looked at."""
    every = account_id is None and require(scope).everything and not narrowed(filters)
    of_months = account_id is None and month_totals.kept_by_month(scope, filters)
    a = ledger_accounts(scope, filters)
    ends = []
    for table, day, counted in (
        (invoices, invoices.c.issued_on, ("billed", "credited")),
        (payments, payments.c.paid_on, ("payments",)),
    ):
        if every:  # one end at a time: so each is the first or last entry of the index of days
            ends += [connection.scalar(select(end(day)).where(day <= filters.as_of)) for end in (func.min, func.max)]
            continue
        days = select(day).join(a, a.c.account_id == table.c.account_id).where(day <= filters.as_of)
        if of_months:
            with_any = partial(month_totals.months_with, connection, scope, filters, counted)
            ends += _at_the_ends(connection, with_any, days, day)
            continue
        if account_id is not None:
            days = days.where(table.c.account_id == account_id)
        ends += connection.execute(days.with_only_columns(func.min(day), func.max(day))).one()
    return Activity(*ends)


def _at_the_ends(
    connection: Connection, with_any: Callable[..., Iterator[str]], days: Select[date], day: ColumnElement[date]
) -> tuple[date | None, date | None]:
    """The first and the last of `days`, each looked for in a month that has some: no more than that month is read."""

    def found(month: str, order: ColumnElement[date]) -> date | None:
        first = date.fromisoformat(f"{month}-01")
        within = days.where(day >= first, day < add_months(first, 1))
        return connection.scalar(within.order_by(order).limit(1))

    begins = islice(with_any(), 1)
    # All that the as-of day's own month has may come after that day.
    ends = islice(with_any(newest_first=True), 2)
    first = next((found(month, day) for month in begins), None)
    return first, next(filter(None, (found(month, day.desc()) for month in ends)), None)
