"""What stood open and owed of each account on a day, from its bills and money, with the columns of account_totals."""

from datetime import date
from functools import lru_cache

from sqlalchemy import Subquery, literal, null, select, union_all

from data_access.queries.past_documents import Accounts, open_bills_on, unused_money_on
from data_access.queries.positions import effective_due
from data_access.schema import accounts, invoices
from domain.filters import Basis


@lru_cache(maxsize=64)  # putting it together costs more than reading it
def standing_accounts(as_of: date, basis: Basis, accounts_alone: Accounts = None) -> Subquery:
    """account_id, site_id, currency, due_on (from when a bill ages), open_amount and owed: several rows of each."""
    i = invoices.c
    bills = open_bills_on(
        "invoice", as_of, i.account_id, i.issued_on, i.due_on, accounts_alone=accounts_alone
    ).subquery("b")
    notes = open_bills_on("credit_note", as_of, i.account_id, accounts_alone=accounts_alone).subquery("n")
    money = unused_money_on(as_of, accounts_alone=accounts_alone).subquery("m")
    parts = (
        select(
            bills.c.account_id,
            bills.c.issued_on,
            bills.c.due_on,
            bills.c.open_amount,
            bills.c.open_amount.label("owed"),
        ),
        select(notes.c.account_id, null(), null(), literal(0), -notes.c.open_amount),
        select(money.c.account_id, null(), null(), literal(0), money.c.unapplied),
    )
    s = union_all(*parts).subquery("s")
    due_on = s.c.issued_on if basis is Basis.INVOICE else effective_due(accounts.c.terms_days, s.c)
    of_account = (s.c.account_id, accounts.c.site_id, accounts.c.currency)
    return (
        select(*of_account, due_on.label("due_on"), s.c.open_amount, s.c.owed)
        .join(accounts, accounts.c.id == s.c.account_id)
        .subquery("standing")
    )
