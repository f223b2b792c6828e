"""Bills that were expected by the as-of day and had not come."""

from dataclasses import dataclass

from sqlalchemy import Connection, and_, select

from data_access.queries.audited_bills import RHYTHM, audited_bills
from data_access.queries.dimensions import ledger_accounts
from data_access.schema import accounts, invoices
from data_access.scope import Scope
from domain.accruals import Accrual, accrual
from domain.filters import Filters
from domain.periods import shifted

_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class AccrualRow:
    """What to accrue on one account."""

    account_id: int
    account_number: str
    vendor: str
    site: str
    site_name: str
    currency: str
    accrual: Accrual


def accrual_rows(connection: Connection, scope: Scope, filters: Filters) -> list[AccrualRow]:
    """By vendor, site and account."""
    a = ledger_accounts(scope, filters)
    columns = (a.c.account_id, a.c.account_number, a.c.vendor, a.c.site, a.c.site_name, a.c.currency)
    statement = select(*columns, accounts.c.closed_on).join(accounts, accounts.c.id == a.c.account_id)
    known = {row.account_id: row for row in connection.execute(statement)}
    rows = []
    ids = sorted(known)
    for start in range(0, len(ids), _AT_ONCE):
        some = ids[start : start + _AT_ONCE]
        lately = and_(invoices.c.account_id.in_(some), invoices.c.issued_on >= shifted(filters.as_of, -RHYTHM))
        for account_id, bills in audited_bills(connection, scope, filters.as_of, lately).items():
            *named, closed_on = known[account_id]
            due = accrual(bills, closed_on, filters.as_of)
            if due is not None:
                rows.append(AccrualRow(*named, due))
    return sorted(rows, key=lambda row: (row.vendor, row.site, row.account_id))
