"""Money on account: payments and credit notes not yet applied to a bill, refunds not yet matched."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, and_, func, select

from data_access.queries.dimensions import ledger_accounts
from data_access.queries.positions import unapplied
from data_access.schema import invoices, payments
from data_access.scope import Scope
from domain.filters import Filters


@dataclass(frozen=True, slots=True)
class UnappliedRow:
    """One payment, refund or credit note with money left on the as-of day; minor units.

    `left` is what it takes off the balance: negative, of an unmatched refund positive. `name` is the confirmation or
    credit note number. The rows of a group add up to the `unapplied` of its aging.
    """

    kind: str
    id: int
    account_id: int
    account_number: str
    vendor: str
    site: str
    site_name: str
    currency: str
    day: date
    name: str
    method: str
    amount: int
    left: int


def unapplied_rows(
    connection: Connection, scope: Scope, filters: Filters, *, account_id: int | None = None
) -> list[UnappliedRow]:
    """All of them, the oldest first; there are few, since what is applied is not here."""
    a = ledger_accounts(scope, filters)
    money = unapplied(filters.as_of)
    statement = (
        select(
            money.c.kind,
            money.c.id,
            a.c.account_id,
            a.c.account_number,
            a.c.vendor,
            a.c.site,
            a.c.site_name,
            a.c.currency,
            func.coalesce(payments.c.paid_on, invoices.c.issued_on).label("day"),
            func.coalesce(payments.c.confirmation_number, invoices.c.number).label("name"),
            func.coalesce(payments.c.method, "").label("method"),
            func.coalesce(payments.c.amount, invoices.c.amount).label("amount"),
            money.c.unapplied.label("left"),
        )
        .join(a, a.c.account_id == money.c.account_id)
        .outerjoin(
            payments,
            and_(
                payments.c.account_id == money.c.account_id, payments.c.id == money.c.id, money.c.kind != "credit_note"
            ),
        )
        .outerjoin(
            invoices,
            and_(
                invoices.c.account_id == money.c.account_id, invoices.c.id == money.c.id, money.c.kind == "credit_note"
            ),
        )
        .order_by("day", money.c.kind, money.c.id)
    )
    if account_id is not None:
        statement = statement.where(money.c.account_id == account_id)
    return [UnappliedRow(*row) for row in connection.execute(statement)]
