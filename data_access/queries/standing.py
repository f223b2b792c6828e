"""What stands open and owed of each account on a day, by the day from which it ages.

When nothing is dated after the day, account_totals (decision 0033) hold it, for who sees every site with the moves that came in
since they were added up; who sees some sites is not shown all moves of an account that moved house, and reads the accounts
that moved from their rows. On other days everything is read from the rows that stood open then (decision 0040).

By invoice date the same sums tell what is open and owed; what is not in the oldest bucket is told by its bills, which are few or found by
their day of issue.
"""

from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, Subquery, and_, case, literal, null, select, union_all

from data_access.queries.dimensions import bare_accounts, few_accounts
from data_access.queries.expressions import unindexed
from data_access.queries.past_documents import KINDS, Accounts, of_these, open_documents_on, unused_money_on
from data_access.queries.positions import effective_due, nothing_since, once
from data_access.schema import account_totals, accounts, invoices, open_totals, sites
from data_access.scope import Scope, require, within
from domain.filters import Basis, Filters

Sources = tuple[tuple[Any, tuple[ColumnElement[bool], ...]], ...]
_MEASURES = ("open_amount", "bills", "flagged", "owed")
_ANY_MOVED = select(open_totals.c.id).where(open_totals.c.account_id.is_not(None)).limit(1)


def standing(connection: Connection, scope: Scope, filters: Filters, by: str = "", *, named: bool = False) -> Sources:
    """Tables to be added up, each with the conditions of scope and filters: account_id, site_id, currency, due_on (from when a bill
    ages), open_amount and bills, of them flagged for no due day of their own, and owed.

    named: of those alone that dimensions.AMONG names by what is grouped `by`.
    """
    now = filters.basis is Basis.DUE and nothing_since(connection, scope, filters.as_of)
    moved = now and connection.scalar(_ANY_MOVED) is not None
    few = few_accounts(scope, filters, by, named=named) is not None
    return _sources(require(scope), filters, by, named=named, few=few, now=now, moved=moved)


@lru_cache(maxsize=256)  # putting them together costs more than reading what they tell
def _sources(scope: Scope, filters: Filters, by: str, *, named: bool, few: bool, now: bool, moved: bool) -> Sources:
    """now: of a day after which nothing is dated. moved: something came in since the totals were added up."""
    alone = few_accounts(scope, filters, by, named=named) if few else None
    if not now:
        rows = _standing_rows(filters.as_of, filters.basis, alone)
        return ((rows, _chosen(scope, filters, rows, alone)),)
    chosen = (*_chosen(scope, filters, account_totals, alone), of_these(alone, account_totals.c.account_id))
    m = open_totals.c
    if not moved:
        return ((account_totals, chosen),)
    if scope.everything:
        names = ("account_id", "currency", "due_on", *_MEASURES)
        of_site = select(*(m[name] for name in names), accounts.c.site_id)
        came = (
            of_site.join(accounts, accounts.c.id == m.account_id).where(of_these(alone, m.account_id)).subquery("came")
        )
        return (account_totals, chosen), (came, _chosen(scope, filters, came, alone))
    they = select(m.account_id).where(m.account_id.is_not(None), of_these(alone, m.account_id))
    rows = _standing_rows(filters.as_of, filters.basis, they)
    return (
        (account_totals, (*chosen, account_totals.c.account_id.not_in(they))),
        (rows, _chosen(scope, filters, rows, alone)),
    )


def _chosen(scope: Scope, filters: Filters, table: Any, alone: Accounts) -> tuple[ColumnElement[bool], ...]:
    # Where the accounts are few they are the way in.
    site_id, currency = ((c if alone is None else unindexed(c)) for c in (table.c.site_id, table.c.currency))
    found = [within(scope, site_id)]
    if filters.currencies:
        found.append(currency.in_(filters.currencies))
    if filters.regions:
        found.append(site_id.in_(select(sites.c.id).where(sites.c.region.in_(filters.regions))))
    if filters.sites:
        found.append(site_id.in_(select(sites.c.id).where(sites.c.code.in_(filters.sites))))
    if filters.vendors or filters.service_types or filters.search.strip():
        # What stood open is less than all that the accounts, looked up one by one, ever paid.
        account_id = table.c.account_id if table is account_totals else unindexed(table.c.account_id)
        found.append(account_id.in_(select(bare_accounts(scope, filters).c.account_id)))
    return tuple(found)


def newer_bills_apart(
    connection: Connection, scope: Scope, filters: Filters, by: str = "", *, named: bool = False
) -> bool:
    """Do the sums by due day tell what is open by invoice date as well, with open_bills_since beside them? Not of few accounts."""
    many = few_accounts(scope, filters, by, named=named) is None
    return filters.basis is Basis.INVOICE and many and nothing_since(connection, scope, filters.as_of)


def open_bills_since(scope: Scope, filters: Filters, first: date) -> Subquery:
    """account_id, site_id, currency, issued_on and open_amount of the bills open now that were issued from `first` on."""
    i, a = invoices.c, bare_accounts(scope, filters)
    columns = (a.c.account_id, a.c.site_id, a.c.currency, i.issued_on, (i.amount - i.settled).label("open_amount"))
    of_account = select(*columns).select_from(invoices).join(a, a.c.account_id == unindexed(i.account_id))
    return of_account.where(i.settled < i.amount, i.kind == "invoice", i.issued_on >= first).subquery("newer")


@lru_cache(maxsize=64)
def bills_open_then(scope: Scope, filters: Filters, by: str) -> Subquery:
    """Those open on a day in the past: bare_accounts by `by`, due_on and bills (1); of many accounts."""
    i, a = invoices.c, bare_accounts(scope, filters, by)
    d = open_documents_on(("invoice",), filters.as_of, i.account_id, i.issued_on, i.due_on).subquery("d").c
    due_on = effective_due(a.c.terms_days, d).label("due_on")
    # Not account by account: what is open is little among their rows.
    bills = select(*a.c, due_on, literal(1).label("bills")).join(a, a.c.account_id == unindexed(d.account_id))
    return bills.where(d.open_amount > 0).subquery("open_then")


@lru_cache(maxsize=64)  # putting it together costs more than reading it
def _standing_rows(as_of: date, basis: Basis, accounts_alone: Accounts) -> Subquery:
    """The same columns from bills and money: several rows of each."""
    i = invoices.c
    fields = (i.account_id, i.kind, i.issued_on, i.due_on)
    d = open_documents_on(tuple(KINDS), as_of, *fields, accounts_alone=accounts_alone).subquery("d").c
    m = unused_money_on(as_of, accounts_alone=accounts_alone).subquery("m").c
    bill, none = and_(d.kind == "invoice", d.open_amount > 0), literal(0)
    of_documents = select(
        *(d.account_id, d.issued_on, d.due_on),
        case((bill, d.open_amount), else_=0).label("open_amount"),
        case((bill, 1), else_=0).label("bills"),
        case((and_(bill, d.due_on.is_(None)), 1), else_=0).label("flagged"),
        case((d.kind == "invoice", d.open_amount), else_=-d.open_amount).label("owed"),
    )
    left = case((m.kind == "refund", m.left), else_=-m.left)
    of_money = select(m.account_id, null(), null(), none, none, none, left)
    both, a = union_all(of_documents, of_money), accounts.c
    s = both.subquery("s").c if accounts_alone is None else once(both).c
    due_on = s.issued_on if basis is Basis.INVOICE else effective_due(a.terms_days, s)
    measures = [s[name] for name in _MEASURES]
    rows = select(s.account_id, a.site_id, a.currency, due_on.label("due_on"), *measures)
    return rows.join(accounts, a.id == s.account_id).subquery("standing")
