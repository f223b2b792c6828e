"""The bills to come in scope and filters, from what was known on the as-of day. The whole product expects these."""

from datetime import date

from sqlalchemy import Connection, or_, select

from data_access.queries.audited_bills import withdrawn_by
from data_access.queries.dimensions import ledger_accounts
from data_access.schema import accounts, invoices
from data_access.scope import Scope
from domain.expected_bills import LOOK_BACK_MONTHS, Billing, ExpectedBill, PastBill, expected_bills
from domain.filters import Filters
from domain.periods import Period, add_months


def bills_to_come(connection: Connection, scope: Scope, filters: Filters, until: date) -> list[ExpectedBill]:
    """Bills to be issued after filters.as_of, up to `until`; by account, the next first.

    Ranges of accounts with few bills lean on the others in scope, whatever the filters, so that a bill is the same on every page.
    """
    shown = ledger_accounts(scope, filters)
    wanted = set(connection.scalars(select(shown.c.account_id)))
    expected = expected_bills(billings(connection, scope, filters.as_of), filters.as_of, until)
    return [bill for bill in expected if bill.account_id in wanted]


def billings(connection: Connection, scope: Scope, as_of: date) -> list[Billing]:
    """The accounts in scope that are not closed by the day, with the bills of the LOOK_BACK_MONTHS before it.

    Bills that were withdrawn by then, and further parts of one, are none.
    """
    since = add_months(as_of, -min(LOOK_BACK_MONTHS, 12 * (as_of.year - 1)))
    a = ledger_accounts(scope, Filters(as_of=as_of))
    statement = (
        select(
            a.c.account_id,
            a.c.service_type,
            a.c.region,
            a.c.terms_days,
            accounts.c.closed_on,
            invoices.c.id,
            invoices.c.number,
            invoices.c.issued_on,
            invoices.c.amount,
            invoices.c.period_start,
            invoices.c.period_end,
            invoices.c.due_on,
        )
        .join(accounts, accounts.c.id == a.c.account_id)
        .join(invoices, invoices.c.account_id == a.c.account_id)
        .where(
            or_(accounts.c.closed_on.is_(None), accounts.c.closed_on > as_of),
            invoices.c.kind == "invoice",
            invoices.c.part == 1,
            invoices.c.issued_on > since,
            invoices.c.issued_on <= as_of,
            ~withdrawn_by(as_of),
        )
        .order_by(a.c.account_id, invoices.c.issued_on, invoices.c.id)
    )
    found: dict[int, Billing] = {}
    bills: dict[int, list[PastBill]] = {}
    for account_id, kind, region, terms_days, closed_on, *bill, start, end, due_on in connection.execute(
        statement
    ).all():
        if account_id not in found:
            bills[account_id] = []
            found[account_id] = Billing(account_id, kind, region, terms_days, closed_on, bills[account_id])
        period = Period(start, end) if start and end else None
        bills[account_id].append(PastBill(*bill, period, due_on))
    return list(found.values())
