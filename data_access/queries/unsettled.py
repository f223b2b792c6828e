"""Bills as the vendor sees them on a day: what is open, and what is paid only by money still on its way."""

from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import Select, Subquery, and_, bindparam, literal, literal_column, or_, select, true, union_all

from data_access.queries.expressions import signed, total, unindexed
from data_access.queries.past_documents import Accounts
from data_access.queries.positions import effective_due, open_items
from data_access.schema import accounts, allocations, charges, invoices, payments
from domain.periods import shifted

_TOLD = ("account_id", "invoice_id", "number", "part", "issued_on", "due_on", "amount")
ONLY = "only"  # the parameter of a statement about few accounts: their ids
LOOKED_BACK = 60  # days; a payment older than that had arrived on the day, unless it is pending even now


def only(column: Any, *, few: bool) -> Any:
    """That it is one of the accounts of the parameter ONLY; nothing where all of them are looked at."""
    return column.in_(bindparam(ONLY, expanding=True)) if few else true()


def only_accounts(*, few: bool) -> Accounts:
    """The accounts of the parameter ONLY, as the way in; None for all."""
    return select(accounts.c.id).where(only(accounts.c.id, few=True)) if few else None


def is_under_way(as_of: date) -> Any:
    """A payment made by `as_of` that the vendor did not show, nor the bank return, by then."""
    return _is_under_way(as_of, payments.c.paid_on)


def _is_under_way(as_of: date, paid_on: Any) -> Any:
    return and_(
        payments.c.kind == "payment",
        paid_on <= as_of,
        or_(payments.c.posted_on.is_(None), payments.c.posted_on > as_of),
        or_(payments.c.reversed_on.is_(None), payments.c.reversed_on > as_of),
    )


def pending_parts(as_of: date, *, few: bool = False) -> Subquery:
    """Per bill (account_id, invoice_id): the amount applied by `as_of` from payments that were under way then."""
    return _parts_under_way(as_of, few=few).subquery("pending_parts")


def sent_parts(as_of: date, *, few: bool = False) -> Subquery:
    """The same by the day and the method of the payment: account_id, invoice_id, paid_on, method, pending."""
    return _parts_under_way(as_of, "paid_on", "method", few=few).subquery("sent_parts")


def _parts_under_way(as_of: date, *by: str, few: bool = False) -> Select[*tuple[Any, ...]]:
    lately = shifted(as_of, -LOOKED_BACK)
    paid_on = unindexed(payments.c.paid_on) if few else payments.c.paid_on
    of_few = only(payments.c.account_id, few=few)
    fields = (payments.c.account_id, payments.c.id, *(payments.c[name] for name in by))
    # Two branches: by the index of days, and by that of payments pending now, which SQLite takes for a literal only.
    pending_now = and_(payments.c.status == literal_column("'pending'"), unindexed(payments.c.paid_on) < lately)
    under_way = union_all(
        select(*fields).where(_is_under_way(as_of, paid_on), paid_on >= lately, of_few),
        select(*fields).where(payments.c.kind == "payment", pending_now, of_few),
    ).subquery()
    of_payment = tuple(under_way.c[name] for name in by)
    parts = (allocations.c.account_id, allocations.c.invoice_id)
    return (
        select(*parts, *of_payment, total(signed(allocations)).label("pending"))
        .join(
            under_way,
            and_(under_way.c.account_id == allocations.c.account_id, under_way.c.id == allocations.c.payment_id),
        )
        .where(allocations.c.applied_on <= as_of, allocations.c.invoice_id.is_not(None))
        .group_by(*map(unindexed, parts), *of_payment)  # else SQLite walks all allocations in the order of the groups
        .having(total(signed(allocations)) > 0)
    )


@lru_cache(maxsize=64)  # putting a statement together costs more than the answer for one site
def unsettled_bills(as_of: date, *, few: bool = False) -> Subquery:
    """account_id, invoice_id, number, part, issued_on, due_on, amount, open_amount (with pending), pending, disputed, recurring.

    few: of the accounts of the parameter ONLY.
    """
    items, pending = open_items(as_of, accounts_alone=only_accounts(few=few)), pending_parts(as_of, few=few)
    told = [items.c[name] for name in _TOLD]
    # What is open brings its bill along: joined to all bills again, PostgreSQL took it for one row and tried every account.
    either = union_all(
        select(*told, items.c.open_amount, items.c.disputed, literal(0).label("pending")).where(
            only(items.c.account_id, few=few)  # SQLite does not carry it through the grouping
        ),
        select(
            pending.c.account_id,
            pending.c.invoice_id,
            invoices.c.number,
            invoices.c.part,
            invoices.c.issued_on,
            effective_due(accounts.c.terms_days),
            invoices.c.amount,
            literal(0),
            literal(0),
            pending.c.pending,
        )
        .join(invoices, and_(invoices.c.account_id == pending.c.account_id, invoices.c.id == pending.c.invoice_id))
        .join(accounts, accounts.c.id == pending.c.account_id),
    ).subquery()
    keys = [either.c[name] for name in _TOLD]
    bills = (
        select(
            *keys,
            total(either.c.open_amount).label("open_amount"),
            total(either.c.disputed).label("disputed"),
            total(either.c.pending).label("pending"),
        )
        .group_by(*keys)
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
    return select(
        *(bills.c[name] for name in _TOLD),
        (bills.c.open_amount + bills.c.pending).label("open_amount"),
        bills.c.pending,
        bills.c.disputed,
        recurring.label("recurring"),
    ).subquery("unsettled")
