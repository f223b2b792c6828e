"""What is open and what is unapplied as of a day.

Both are found by what was applied after the day (past_documents), so that the cost follows what was open then, never the history.
"""

from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    CompoundSelect,
    Connection,
    Date,
    Select,
    Subquery,
    and_,
    bindparam,
    case,
    func,
    literal,
    literal_column,
    or_,
    select,
    union_all,
)

from data_access.queries.expressions import add_days, signed, total, unindexed
from data_access.queries.past_documents import (
    Accounts,
    applied_to_bills_by,
    of_these,
    open_documents_on,
    unused_money_on,
)
from data_access.schema import accounts, allocations, dispute_events, disputes, invoices, payments
from data_access.scope import Scope, within
from domain.filters import Basis


def _after(as_of: date, accounts_alone: Accounts) -> ColumnElement[bool]:
    day = allocations.c.applied_on if accounts_alone is None else unindexed(allocations.c.applied_on)
    return and_(day > as_of, of_these(accounts_alone, allocations.c.account_id))


def effective_due(terms_days: Any, bill: Any = invoices.c) -> Any:
    """A bill's due date; a missing one counts from invoice date + terms."""
    return func.coalesce(bill.due_on, add_days(bill.issued_on, terms_days))


def applied_after(as_of: date, *columns: Any, accounts_alone: Accounts = None) -> Subquery:
    """Per document named by any of `columns` (account_id, document_id): the signed sum applied after `as_of`."""
    uses = union_all(
        *(
            select(allocations.c.account_id, column.label("document_id"), signed(allocations).label("amount")).where(
                _after(as_of, accounts_alone), unindexed(column).is_not(None)
            )
            for column in columns
        )
    ).subquery()
    return (
        select(uses.c.account_id, uses.c.document_id, total(uses.c.amount).label("later"))
        .group_by(uses.c.account_id, uses.c.document_id)
        .subquery()
    )


def credited(as_of: date, accounts_alone: Accounts = None) -> Subquery:
    """Per dispute: what the vendor had credited for it by `as_of`; account_id, dispute_id, credited."""
    e = dispute_events.c
    return (
        select(e.account_id, e.dispute_id, total(e.amount).label("credited"))
        .where(e.kind == "credit", e.dated <= as_of, of_these(accounts_alone, e.account_id))
        .group_by(e.account_id, e.dispute_id)
        .subquery("credited")
    )


def _disputed(as_of: date, accounts_alone: Accounts) -> Subquery | CTE:
    """Per invoice: the amount under dispute on `as_of`, less what was credited for it by then."""
    back = credited(as_of, accounts_alone)
    found = (
        select(
            disputes.c.account_id,
            disputes.c.invoice_id,
            total(disputes.c.amount - func.coalesce(back.c.credited, 0)).label("withheld"),
        )
        .outerjoin(back, and_(back.c.account_id == disputes.c.account_id, back.c.dispute_id == disputes.c.id))
        .where(
            disputes.c.opened_on <= as_of,
            or_(disputes.c.closed_on.is_(None), disputes.c.closed_on > as_of),
            of_these(accounts_alone, disputes.c.account_id),
        )
        .group_by(disputes.c.account_id, disputes.c.invoice_id)
    )
    return found.subquery() if accounts_alone is None else once(found)


def nothing_since(connection: Connection, scope: Scope, as_of: date) -> bool:
    """Was nothing billed, paid, returned or applied after `as_of`, so that the counters are those of the day?"""
    return not connection.scalar(_anything_after(scope), {"as_of": as_of})


@lru_cache(maxsize=64)  # nearly every read asks this
def _anything_after(scope: Scope) -> Select[bool]:
    as_of = bindparam("as_of", type_=Date)
    days = (allocations.c.applied_on, invoices.c.issued_on, payments.c.paid_on)
    later = (select(day).where(day > as_of, within(scope, day.table.c.site_id)).exists() for day in days)
    return select(or_(*later))


def disputed_bills(
    a: Subquery, keys: Sequence[Any], as_of: date, basis: Basis = Basis.DUE, accounts_alone: Accounts = None
) -> Subquery:
    """What `open_items` tells of disputes, found from these: `keys` of the accounts `a`, base, disputed of the bills open on `as_of`."""
    withheld = _disputed(as_of, accounts_alone)
    i = invoices.c
    bills = (
        select(
            *keys,
            (i.issued_on if basis is Basis.INVOICE else effective_due(a.c.terms_days)).label("base"),
            (i.amount - applied_to_bills_by(as_of)).label("left"),
            withheld.c.withheld,
        )
        .select_from(withheld)
        # Not by id alone, which SQLite would look up among all bills.
        .join(invoices, and_(i.account_id == withheld.c.account_id, unindexed(i.id) == withheld.c.invoice_id))
        .join(a, a.c.account_id == i.account_id)
        .where(i.ever_disputed == literal_column("1"), i.kind == "invoice", i.issued_on <= as_of)
        .subquery("disputed_bills")
    )
    disputed = case((bills.c.withheld < bills.c.left, bills.c.withheld), else_=bills.c.left).label("disputed")
    named = [bills.c[key.name] for key in keys]
    return select(*named, bills.c.base, disputed).where(bills.c.left > 0).subquery("disputed")


def open_items(as_of: date, basis: Basis = Basis.DUE, accounts_alone: Accounts = None) -> Subquery:
    """Open invoices on `as_of`: account_id, invoice_id, number, issued_on, due_on, base, amount, open_amount, disputed."""
    i = open_documents_on(
        ("invoice",),
        as_of,
        invoices.c.account_id,
        invoices.c.id.label("invoice_id"),
        invoices.c.number,
        invoices.c.part,
        invoices.c.issued_on,
        invoices.c.due_on,
        invoices.c.period_start,
        invoices.c.period_end,
        invoices.c.amount,
        accounts_alone=accounts_alone,
    ).subquery("i")
    withheld = _disputed(as_of, accounts_alone)
    in_dispute = func.coalesce(withheld.c.withheld, 0)
    due_on = func.coalesce(i.c.due_on, add_days(i.c.issued_on, accounts.c.terms_days))
    return (
        select(
            i.c.account_id,
            i.c.invoice_id,
            i.c.number,
            i.c.part,
            i.c.issued_on,
            due_on.label("due_on"),
            i.c.due_on.is_(None).label("due_missing"),
            i.c.period_start,
            i.c.period_end,
            (i.c.issued_on if basis is Basis.INVOICE else due_on).label("base"),
            i.c.amount,
            i.c.open_amount,
            case((in_dispute < i.c.open_amount, in_dispute), else_=i.c.open_amount).label("disputed"),
        )
        .join(accounts, accounts.c.id == i.c.account_id)
        .outerjoin(withheld, and_(withheld.c.account_id == i.c.account_id, withheld.c.invoice_id == i.c.invoice_id))
        .where(i.c.open_amount > 0)
        .subquery("items")
    )


def unapplied(as_of: date, accounts_alone: Accounts = None) -> Subquery | CTE:
    """Money on account on `as_of`: account_id, id, kind, unapplied (negative; a refund not yet matched is positive)."""
    of_notes = (invoices.c.account_id, invoices.c.id)
    credit = open_documents_on(("credit_note",), as_of, *of_notes, accounts_alone=accounts_alone).subquery()
    notes = select(
        credit.c.account_id,
        credit.c.id,
        literal("credit_note").label("kind"),
        (-credit.c.open_amount).label("unapplied"),
    )
    m = unused_money_on(as_of, accounts_alone=accounts_alone).subquery().c
    money = select(m.account_id, m.id, m.kind, case((m.kind == "refund", m.left), else_=-m.left).label("unapplied"))
    everything = union_all(money, notes).subquery()
    found = select(everything).where(everything.c.unapplied != 0)
    return found.subquery("money") if accounts_alone is None else once(found, "money")


def once(few: Select[*tuple[Any, ...]] | CompoundSelect[*tuple[Any, ...]], name: str | None = None) -> CTE:
    """What there is of few accounts, of which PostgreSQL expects so little that it would look all of it up once for each of them."""
    return few.cte(name).prefix_with("MATERIALIZED", dialect="postgresql")
