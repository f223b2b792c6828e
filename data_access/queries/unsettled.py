"""Bills as the vendor sees them on a day: what is open, and what is paid only by money still on its way."""

from datetime import date
from typing import Any

from sqlalchemy import Subquery, and_, literal, literal_column, or_, select, union_all

from data_access.queries.expressions import signed, total, unindexed
from data_access.queries.positions import effective_due, open_items
from data_access.schema import accounts, allocations, charges, invoices, payments
from domain.periods import shifted

LOOKED_BACK = 60  # days; a payment older than that had arrived on the day, unless it is pending even now


def is_under_way(as_of: date) -> Any:
    """A payment made by `as_of` that the vendor did not show, nor the bank return, by then."""
    return and_(
        payments.c.kind == "payment",
        payments.c.paid_on <= as_of,
        or_(payments.c.posted_on.is_(None), payments.c.posted_on > as_of),
        or_(payments.c.reversed_on.is_(None), payments.c.reversed_on > as_of),
    )


def pending_parts(as_of: date) -> Subquery:
    """Per bill (account_id, invoice_id): the amount applied by `as_of` from payments that were under way then."""
    lately = shifted(as_of, -LOOKED_BACK)
    # Two branches: by the index of days, and by that of payments pending now, which SQLite takes for a literal only.
    pending_now = and_(payments.c.status == literal_column("'pending'"), unindexed(payments.c.paid_on) < lately)
    under_way = union_all(
        select(payments.c.account_id, payments.c.id).where(is_under_way(as_of), payments.c.paid_on >= lately),
        select(payments.c.account_id, payments.c.id).where(payments.c.kind == "payment", pending_now),
    ).subquery()
    parts = (allocations.c.account_id, allocations.c.invoice_id)
    return (
        select(*parts, total(signed(allocations)).label("pending"))
        .join(
            under_way,
            and_(under_way.c.account_id == allocations.c.account_id, under_way.c.id == allocations.c.payment_id),
        )
        .where(allocations.c.applied_on <= as_of, allocations.c.invoice_id.is_not(None))
        .group_by(*map(unindexed, parts))  # else SQLite walks all allocations in the order of the groups
        .having(total(signed(allocations)) > 0)
        .subquery("pending_parts")
    )


def unsettled_bills(as_of: date) -> Subquery:
    """account_id, invoice_id, number, part, issued_on, due_on, open_amount (with pending), pending, disputed, recurring."""
    items, pending = open_items(as_of), pending_parts(as_of)
    either = union_all(
        select(
            items.c.account_id, items.c.invoice_id, items.c.open_amount, items.c.disputed, literal(0).label("pending")
        ),
        select(pending.c.account_id, pending.c.invoice_id, literal(0), literal(0), pending.c.pending),
    ).subquery()
    bills = (
        select(
            either.c.account_id,
            either.c.invoice_id,
            total(either.c.open_amount).label("open_amount"),
            total(either.c.disputed).label("disputed"),
            total(either.c.pending).label("pending"),
        )
        .group_by(either.c.account_id, either.c.invoice_id)
        .cte("bills")
    )
    recurring = (  # bill by bill: SQLite would walk all charges for a join
        select(total(charges.c.amount))
        .where(
            charges.c.account_id == bills.c.account_id,
            charges.c.invoice_id == bills.c.invoice_id,
            charges.c.type == "recurring",
        )
        .correlate(bills)
        .scalar_subquery()
    )
    return (
        select(
            bills.c.account_id,
            bills.c.invoice_id,
            invoices.c.number,
            invoices.c.part,
            invoices.c.issued_on,
            effective_due(accounts.c.terms_days).label("due_on"),
            (bills.c.open_amount + bills.c.pending).label("open_amount"),
            bills.c.pending,
            bills.c.disputed,
            recurring.label("recurring"),
        )
        .join(invoices, and_(invoices.c.account_id == bills.c.account_id, invoices.c.id == bills.c.invoice_id))
        .join(accounts, accounts.c.id == bills.c.account_id)
        .subquery("unsettled")
    )
