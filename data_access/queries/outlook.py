"""The late-payment outlook of open bills, and how good it was, read as of a day.

Learned from bills in scope of the two years before, whatever the filters, so that a bill has the same outlook on every page:
those of its site, and those of the sites that stand for all (habits). Rows count by their own days: one that was imported
later with an earlier date was known.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, Select, and_, exists, func, select, true

from data_access.queries.dimensions import ledger_accounts
from data_access.queries.expressions import total, unindexed
from data_access.queries.habits import Common, accounts_of, common_to, kept, others
from data_access.queries.positions import effective_due, of_these, open_items
from data_access.schema import accounts, allocations, invoices
from data_access.scope import Scope
from domain.filters import Filters
from domain.outlook import LOOK_BACK_MONTHS, Learned, Outlook, learn
from domain.outlook_scores import Forecast, forecasts
from domain.payment_habits import KnownBill
from domain.periods import add_months, month_start


@dataclass(frozen=True, slots=True)
class BillOutlook:
    """An open bill and its outlook."""

    invoice_id: int
    account_id: int
    account_number: str
    vendor: str
    site: str
    site_name: str
    number: str
    part: int
    issued_on: date
    due_on: date
    outlook: Outlook


def bill_outlooks(
    connection: Connection, scope: Scope, filters: Filters, *, account_ids: Collection[int] | None = None
) -> list[BillOutlook]:
    """Every bill open on the as-of day, the likeliest to be late first; of `account_ids` alone where they are named."""
    a = ledger_accounts(scope, filters)
    alone = None if account_ids is None else select(accounts.c.id).where(accounts.c.id.in_(account_ids))
    items = open_items(filters.as_of, accounts_alone=alone)
    names = ("account_number", "vendor", "site", "site_name")
    statement = select(
        *(items.c[name] for name in ("invoice_id", "account_id", "number", "part", "issued_on", "due_on")),
        *(a.c[name] for name in names),
    ).join(items, items.c.account_id == a.c.account_id)
    rows = connection.execute(statement).all()
    learned = learned_of(connection, scope, filters, account_ids)
    outlooks = [
        BillOutlook(
            **row._mapping,
            outlook=learned.outlook(
                KnownBill(row.invoice_id, row.account_id, row.site, row.vendor, row.issued_on, row.due_on, None)
            ),
        )
        for row in rows
    ]
    return sorted(outlooks, key=lambda o: (-o.outlook.late_probability, o.due_on, o.invoice_id))


def outlooks(
    connection: Connection, scope: Scope, filters: Filters, *, account_ids: Collection[int] | None = None
) -> dict[int, Outlook]:
    """The same by invoice id, for tables that have the bills already."""
    return {o.invoice_id: o.outlook for o in bill_outlooks(connection, scope, filters, account_ids=account_ids)}


def learned_of(
    connection: Connection,
    scope: Scope,
    filters: Filters,
    account_ids: Collection[int] | None = None,
    common: Common | None = None,
) -> Learned:
    """What is known of how the accounts in filters pay, or those of `account_ids`. common: what common_to found, where it is known."""
    as_of = filters.as_of
    common = common or common_to(connection, scope, as_of)
    of_all: Learned = kept(
        "paying", common, lambda: learn(_known_or_open(connection, scope, as_of, common.chosen), as_of)
    )
    return of_all.beside(_known_or_open(connection, scope, as_of, others(scope, filters, common, account_ids)))


def _known_or_open(
    connection: Connection, scope: Scope, as_of: date, of_sites: Select[tuple[int]]
) -> Collection[KnownBill]:
    """known_bills, and those that have been open for longer than is looked back."""
    known = {bill.id: bill for bill in known_bills(connection, scope, as_of, of_sites=of_sites)}
    a = ledger_accounts(scope, Filters(as_of=as_of))
    items = open_items(as_of, accounts_alone=accounts_of(of_sites))
    i = items.c
    still_open = select(i.invoice_id, i.account_id, a.c.site, a.c.vendor, i.issued_on, i.due_on)
    for row in connection.execute(still_open.join(a, a.c.account_id == i.account_id)):
        known.setdefault(row[0], KnownBill(*row, None))
    return known.values()


def known_bills(
    connection: Connection,
    scope: Scope,
    as_of: date,
    months: int = LOOK_BACK_MONTHS,
    *,
    of_sites: Select[tuple[int]] | None = None,
) -> list[KnownBill]:
    """Bills issued in the `months` before `as_of`, one row each, with the day on which they were settled by then.

    What was taken back by then (a returned payment) settled nothing. of_sites: the ids of the sites alone that are read.
    """
    alone = None if of_sites is None else accounts_of(of_sites)
    day = allocations.c.applied_on if alone is None else unindexed(allocations.c.applied_on)
    since = add_months(as_of, -min(months, 12 * (as_of.year - 1)))  # as far as the calendar reaches
    a = ledger_accounts(scope, Filters(as_of=as_of))
    undone = allocations.alias("undone")
    # An anti-join: PostgreSQL takes an outer join to nothing for a single row, and would look at it once a bill.
    taken_back = exists().where(
        undone.c.account_id == allocations.c.account_id,
        undone.c.reverses_id == allocations.c.id,
        undone.c.applied_on > since,
        undone.c.applied_on <= as_of,
    )
    # Nothing is applied before its bill is issued, so that what was applied in the same months is all of it.
    paid = (
        select(
            allocations.c.account_id,
            allocations.c.invoice_id,
            total(allocations.c.amount).label("amount"),
            func.max(allocations.c.applied_on).label("last"),
        )
        .where(
            of_these(alone, allocations.c.account_id),
            day > since,
            day <= as_of,
            allocations.c.invoice_id.is_not(None),
            allocations.c.reverses_id.is_(None),
            ~taken_back,
        )
        .group_by(allocations.c.account_id, allocations.c.invoice_id)
        .subquery("paid")
    )
    statement = (
        select(
            invoices.c.id,
            invoices.c.account_id,
            a.c.site,
            a.c.vendor,
            invoices.c.issued_on,
            effective_due(a.c.terms_days).label("due_on"),
            invoices.c.amount,
            paid.c.amount.label("paid"),
            paid.c.last,
        )
        .join(a, a.c.account_id == invoices.c.account_id)
        .outerjoin(paid, and_(paid.c.account_id == invoices.c.account_id, paid.c.invoice_id == invoices.c.id))
        .where(
            true() if of_sites is None else invoices.c.site_id.in_(of_sites),
            invoices.c.kind == "invoice",
            invoices.c.issued_on > since,
            invoices.c.issued_on <= as_of,
        )
        .order_by(invoices.c.issued_on, invoices.c.id)
    )
    return [
        KnownBill(*bill, last if paid == amount else None)
        for *bill, amount, paid, last in connection.execute(statement).all()
    ]


def outlook_forecasts(connection: Connection, scope: Scope, as_of: date, months: int = 12) -> list[Forecast]:
    """What the outlook would have said on the first of each of the `months` up to `as_of`, with what came of it."""
    first = month_start(as_of)
    days = [add_months(first, -back) for back in range(months - 1, -1, -1)]
    outcomes = {bill.id: bill for bill in known_bills(connection, scope, as_of, LOOK_BACK_MONTHS + months)}
    made: list[Forecast] = []
    for day in days:
        learned = learned_of(connection, scope, Filters(as_of=day))
        said = {bill.id: learned.outlook(bill) for bill in learned.bills if bill.settled_on is None}
        made += forecasts(learned.bills, day, said, outcomes, as_of)
    return made
