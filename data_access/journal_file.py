"""The ledger as a journal for hledger, line by line: one account tree, every movement on its own day.

What is owed is a liability of each billing account. It holds what `balances --as-of` says, unapplied money and credits
included, since a payment counts from the day it was made, applied or not.
"""

import heapq
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from itertools import chain

from sqlalchemy import Connection

from data_access.queries.journal import (
    Entry,
    JournalAccount,
    dated_rates,
    entries,
    journal_accounts,
    methods_used,
)
from data_access.queries.sheet_parts import describe
from data_access.queries.trends import history
from data_access.scope import Scope
from domain.filters import Filters
from domain.journal import (
    NOT_ITEMISED,
    Posting,
    Transaction,
    declared,
    expense,
    masked_payable,
    money_account,
    payable,
    plain,
    tags,
)
from domain.periods import month_ends

CHARGES = ("recurring", "usage", "one_time", "tax", "fee", "late_fee", "credit", "adjustment", NOT_ITEMISED)
MONTHS_ASSERTED = 13
_LOOKED_BACK_YEARS = 2  # at the calendar's beginning there is nothing to look back to
_SAID = {"invoice": "bill", "credit_note": "credit note"}


def journal(
    connection: Connection,
    scope: Scope,
    filters: Filters,
    *,
    numbers: Mapping[int, str] | None = None,
    asserted: bool = False,
) -> Iterator[str]:
    """The lines, up to and with the as-of day; `numbers`: whole account numbers by id, for who may see them.

    asserted: at each month end of the last year every account states what it must hold, as the balances read it.
    """
    accounts = {account.id: account for account in journal_accounts(connection, scope, filters)}
    named = {
        account.id: payable(account.vendor, numbers[account.id], account.id)
        if numbers and account.id in numbers
        else masked_payable(account.vendor, account.account_number, account.id)
        for account in accounts.values()
    }
    yield from (f"; {plain(line)}" for line in ("Duewatch: the ledger", *describe(filters)))
    currencies = sorted({account.currency for account in accounts.values()})
    methods = methods_used(connection, scope, filters)
    yield from declared(_chart(accounts, named, methods), currencies)
    for rate in dated_rates(connection, scope, set(currencies), filters.as_of):
        yield f"P {rate.on_date} {rate.currency} {rate.rate:f} {rate.quote}{tags({'source': rate.rate_source})}"
    yield ""
    booked = (
        _booked(entry, accounts[entry.account_id], named, filters) for entry in entries(connection, scope, filters)
    )
    # An assertion of a day comes after what happened on it.
    checks = _assertions(connection, scope, filters, accounts, named) if asserted else iter(())
    ordered = heapq.merge(((t.day, 0, t) for t in booked), ((t.day, 1, t) for t in checks), key=lambda part: part[:2])
    yield from chain.from_iterable(transaction.lines() for _, _, transaction in ordered)


def _chart(
    accounts: Mapping[int, JournalAccount], named: Mapping[int, str], methods: list[str]
) -> Iterator[tuple[str, dict[str, str]]]:
    for account in accounts.values():
        yield named[account.id], {"site": account.site, "region": account.region, "service": account.service_type}
    yield from ((expense(kind), {}) for kind in CHARGES)
    yield from ((name, {}) for name in sorted({money_account(method) for method in methods}))


def _booked(entry: Entry, account: JournalAccount, named: Mapping[int, str], filters: Filters) -> Transaction:
    code = account.currency
    owed = Posting(named[account.id], -entry.owed, code, {})
    if entry.kind in _SAID:
        what = _SAID[entry.kind]
        lines = dict(entry.lines)
        if rest := entry.owed - sum(lines.values()):
            lines[NOT_ITEMISED, account.site] = rest
        others = [
            Posting(expense(kind), amount, code, {"site": site}) for (kind, site), amount in lines.items() if amount
        ]
        told = {"bill": entry.id, "due": entry.due_on, "reverses_bill": entry.reverses_id}
    else:
        what = f"{entry.reverses} taken back" if entry.reverses else entry.kind
        others = [Posting(money_account(entry.method), entry.owed, code, {})]
        told = {"payment": entry.id, "reverses_payment": entry.reverses_id, "channel": entry.channel}
        told |= {"confirmation": entry.name}
    # A bill is final; money counts as settled once vendor or bank has shown it.
    settled = entry.kind != "payment" or (entry.posted_on is not None and entry.posted_on <= filters.as_of)
    name = entry.name or f"{entry.kind} {entry.id}"
    return Transaction(entry.day, name, account.vendor, what, [*others, owed], told, settled)


def _assertions(
    connection: Connection,
    scope: Scope,
    filters: Filters,
    accounts: Mapping[int, JournalAccount],
    named: Mapping[int, str],
) -> Iterator[Transaction]:
    if filters.as_of.year <= _LOOKED_BACK_YEARS:
        return
    days = month_ends(filters.as_of, MONTHS_ASSERTED)
    held: dict[tuple[date, str], int] = {
        (position.day, position.key): position.outstanding
        for position in history(connection, scope, replace(filters, as_of=days[-1]), days, "account")
    }
    for day in days:
        postings = [
            Posting(named[account.id], 0, account.currency, {}, holds=-held.get((day, str(account.id)), 0))
            for account in accounts.values()
        ]
        if postings:
            yield Transaction(day, "balances", "Duewatch", "what each account holds", postings, {})
