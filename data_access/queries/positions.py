"""What is open and what is unapplied as of a day.

Both start from today's counters and roll back what was applied after the day, so that the cost follows what is open
and what happened since, never the whole history.
"""

from datetime import date
from typing import Any

from sqlalchemy import CompoundSelect, Select, Subquery, and_, case, func, literal, or_, select, union_all

from data_access.queries.expressions import add_days, signed, total
from data_access.schema import accounts, allocations, disputes, invoices, payments
from domain.filters import Basis


def effective_due(terms_days: Any) -> Any:
    """An invoice's due date; a missing one counts from invoice date + terms."""
    return func.coalesce(invoices.c.due_on, add_days(invoices.c.issued_on, terms_days))


def base_date(basis: Basis, terms_days: Any) -> Any:
    """The date that an invoice's age counts from."""
    return invoices.c.issued_on if basis is Basis.INVOICE else effective_due(terms_days)


def _later(column: Any, as_of: date) -> Subquery:
    """Per document named by `column`: the signed sum applied after `as_of`."""
    return (
        select(allocations.c.account_id, column.label("document_id"), total(signed(allocations)).label("later"))
        .where(allocations.c.applied_on > as_of, column.is_not(None))
        .group_by(allocations.c.account_id, column)
        .subquery()
    )


def _disputed(as_of: date) -> Subquery:
    """Per invoice: the amount under dispute on `as_of`."""
    return (
        select(
            disputes.c.account_id,
            disputes.c.invoice_id,
            total(disputes.c.amount).label("withheld"),
        )
        .where(disputes.c.opened_on <= as_of, or_(disputes.c.closed_on.is_(None), disputes.c.closed_on > as_of))
        .group_by(disputes.c.account_id, disputes.c.invoice_id)
        .subquery()
    )


def _documents(kind: str, column: Any, as_of: date) -> CompoundSelect[*tuple[Any, ...]]:
    """Bills of `kind` open on `as_of`: those open now, and those that were settled since. Columns id, open_amount."""
    later = _later(column, as_of)
    matches = and_(later.c.account_id == invoices.c.account_id, later.c.document_id == invoices.c.id)
    open_now = (
        select(
            invoices.c.account_id,
            invoices.c.id,
            (invoices.c.amount - invoices.c.settled + func.coalesce(later.c.later, 0)).label("open_amount"),
        )
        .outerjoin(later, matches)
        .where(invoices.c.kind == kind, invoices.c.issued_on <= as_of, invoices.c.settled < invoices.c.amount)
    )
    settled_since = (
        select(
            invoices.c.account_id,
            invoices.c.id,
            (invoices.c.amount - invoices.c.settled + later.c.later).label("open_amount"),
        )
        .join(later, matches)
        .where(invoices.c.kind == kind, invoices.c.issued_on <= as_of, invoices.c.settled == invoices.c.amount)
    )
    return union_all(open_now, settled_since)


def open_items(as_of: date, basis: Basis = Basis.DUE) -> Subquery:
    """Open invoices on `as_of`: account_id, invoice_id, number, issued_on, due_on, base, amount, open_amount, disputed."""
    documents = _documents("invoice", allocations.c.invoice_id, as_of).subquery()
    withheld = _disputed(as_of)
    in_dispute = func.coalesce(withheld.c.withheld, 0)
    return (
        select(
            invoices.c.account_id,
            invoices.c.id.label("invoice_id"),
            invoices.c.number,
            invoices.c.part,
            invoices.c.issued_on,
            effective_due(accounts.c.terms_days).label("due_on"),
            invoices.c.due_on.is_(None).label("due_missing"),
            invoices.c.period_start,
            invoices.c.period_end,
            base_date(basis, accounts.c.terms_days).label("base"),
            invoices.c.amount,
            documents.c.open_amount,
            case((in_dispute < documents.c.open_amount, in_dispute), else_=documents.c.open_amount).label("disputed"),
        )
        .join(documents, and_(documents.c.account_id == invoices.c.account_id, documents.c.id == invoices.c.id))
        .join(accounts, accounts.c.id == invoices.c.account_id)
        .outerjoin(
            withheld,
            and_(withheld.c.account_id == invoices.c.account_id, withheld.c.invoice_id == invoices.c.id),
        )
        .where(documents.c.open_amount > 0)
        .subquery("items")
    )


def _money(kind: str, column: Any, as_of: date, sign: int) -> list[Select[*tuple[Any, ...]]]:
    """Payments (sign -1) or refunds (sign +1) not fully used on `as_of`."""
    later = _later(column, as_of)
    matches = and_(later.c.account_id == payments.c.account_id, later.c.document_id == payments.c.id)
    live = and_(
        payments.c.kind == kind,
        payments.c.paid_on <= as_of,
        or_(payments.c.reversed_on.is_(None), payments.c.reversed_on > as_of),
    )
    left = payments.c.amount - payments.c.allocated + func.coalesce(later.c.later, 0)
    # Two branches, so that the first is served by the partial index of unapplied money.
    now = (
        select(payments.c.account_id, payments.c.id, literal(kind).label("kind"), (left * sign).label("unapplied"))
        .outerjoin(later, matches)
        .where(
            live,
            payments.c.allocated < payments.c.amount,
            payments.c.reversed_on.is_(None),
            payments.c.kind != "reversal",
        )
    )
    since = (
        select(payments.c.account_id, payments.c.id, literal(kind).label("kind"), (left * sign).label("unapplied"))
        .outerjoin(later, matches)
        .where(
            live,
            or_(
                and_(payments.c.allocated == payments.c.amount, later.c.later.is_not(None)),
                payments.c.reversed_on > as_of,
            ),
        )
    )
    return [now, since]


def unapplied(as_of: date) -> Subquery:
    """Money on account on `as_of`: account_id, id, kind, unapplied (negative; a refund not yet matched is positive)."""
    credit = _documents("credit_note", allocations.c.credit_note_id, as_of).subquery()
    notes = select(
        credit.c.account_id,
        credit.c.id,
        literal("credit_note").label("kind"),
        (-credit.c.open_amount).label("unapplied"),
    )
    everything = union_all(
        *_money("payment", allocations.c.payment_id, as_of, -1),
        *_money("refund", allocations.c.refund_id, as_of, 1),
        notes,
    ).subquery()
    return select(everything).where(everything.c.unapplied != 0).subquery("money")
