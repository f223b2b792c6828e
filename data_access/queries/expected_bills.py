"""The bills to come in scope and filters, from what was known on the as-of day. The whole product expects these."""

from collections.abc import Callable
from datetime import date

from sqlalchemy import ColumnElement, Connection, or_, select, true

from data_access.queries.audited_bills import withdrawn_by
from data_access.queries.dimensions import ledger_accounts
from data_access.queries.habits import Common, common_to, kept
from data_access.schema import accounts, invoices
from data_access.scope import Scope
from domain.expected_bills import LOOK_BACK_MONTHS, Billing, ExpectedBill, PastBill, Usual, expected_bills, usual_of
from domain.filters import Filters
from domain.periods import Period, add_months

AT_ONCE = 500  # accounts whose bills are held together
Told = Callable[[float], None]  # hears of the share that is done


def bills_to_come(
    connection: Connection,
    scope: Scope,
    filters: Filters,
    until: date,
    common: Common | None = None,
    *,
    told: Told = lambda _: None,
) -> list[ExpectedBill]:
    """Bills to be issued after filters.as_of, up to `until`; by account, the next first.

    Seasons, and ranges of accounts with few bills, lean on the sites that stand for all in scope (habits), whatever the filters,
    so that a bill is the same on every page. common: what common_to found, where it is known. Some accounts at a time, so that
    memory follows what is to come and not two years of bills.
    """
    as_of = filters.as_of
    common = common or common_to(connection, scope, as_of)
    everybody, standing = Filters(as_of=as_of), invoices.c.site_id.in_(common.chosen)
    usual: Usual = kept("billing", common, lambda: usual_of(billings(connection, scope, everybody, standing), as_of))
    a = ledger_accounts(scope, filters)
    ids = sorted(connection.scalars(select(a.c.account_id)))
    found: list[ExpectedBill] = []
    for start in range(0, len(ids), AT_ONCE):
        told(start / len(ids))
        some = invoices.c.account_id.in_(ids[start : start + AT_ONCE])
        found += expected_bills(billings(connection, scope, filters, some), as_of, until, usual)
    return found


def billings(
    connection: Connection, scope: Scope, filters: Filters, alone: ColumnElement[bool] | None = None
) -> list[Billing]:
    """The accounts in filters that are not closed by the as-of day, with the bills of the LOOK_BACK_MONTHS before it.

    alone: the condition for the bills that are read. Bills that were withdrawn by then, and further parts of one, are none.
    """
    as_of = filters.as_of
    since = add_months(as_of, -min(LOOK_BACK_MONTHS, 12 * (as_of.year - 1)))
    a = ledger_accounts(scope, filters)
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
            true() if alone is None else alone,
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
