"""When anything happened: the first and the last bill and payment, so that an empty page can say where the data lies."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, func, select

from data_access.queries.dimensions import ledger_accounts, narrowed
from data_access.schema import invoices, payments
from data_access.scope import Scope, require
from domain.filters import Filters


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
    a = ledger_accounts(scope, filters)
    ends = []
    for table, day in ((invoices, invoices.c.issued_on), (payments, payments.c.paid_on)):
        if every:  # one end at a time: so each is the first or last entry of the index of days
            ends += [connection.scalar(select(end(day)).where(day <= filters.as_of)) for end in (func.min, func.max)]
            continue
        statement = (
            select(func.min(day), func.max(day))
            .join(a, a.c.account_id == table.c.account_id)
            .where(day <= filters.as_of)
        )
        if account_id is not None:
            statement = statement.where(table.c.account_id == account_id)
        ends += connection.execute(statement).one()
    return Activity(*ends)
