"""What risk is judged from, by account: bills, money on account, notices, promises and lines, as known on a day.

`among`: the ids of few accounts to look at, None for all; so that a site or an account costs what it has.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Select, or_, select, union

from data_access.queries.dimensions import ledger_accounts
from data_access.queries.expressions import total
from data_access.queries.follow_ups import follow_ups
from data_access.queries.notices import known_notices, notices_by_account, paid_since
from data_access.queries.positions import unapplied
from data_access.queries.unsettled import ONLY, only, only_accounts, unsettled_bills
from data_access.schema import notices, services, sites
from data_access.scope import Scope, within
from domain.filters import Filters
from domain.notices import Notice
from domain.risk_facts import Promise, RiskBill

PROMISES_AHEAD = 60  # days
Among = Collection[int] | None
BillRow = tuple[Any, ...]  # invoice_id, due_on and the other columns of _BILL
_BILL = (
    "invoice_id",
    "due_on",
    "number",
    "part",
    "issued_on",
    "open_amount",
    "pending",
    "disputed",
    "recurring",
    "amount",
)


def unsettled_rows(
    connection: Connection, scope: Scope, filters: Filters, among: Among = None, *, to_fear: bool = False
) -> dict[int, list[BillRow]]:
    """By account, what is not yet paid by money that has arrived, the oldest due first; `bill_of` makes a RiskBill of each.

    to_fear: of the accounts alone that may be above Stage.CURRENT: with a bill whose day has passed, or any notice. A due day
    that falls on a day off only moves on, and a notice stands only if there is one: no other account can be.
    """
    statement = _unsettled(scope, filters, few=among is not None, to_fear=to_fear)
    found: dict[int, list[BillRow]] = {}
    for row in connection.execute(statement, _parameters(among)):
        found.setdefault(row[0], []).append(row[1:])
    return found


@lru_cache(maxsize=64)
def _unsettled(scope: Scope, filters: Filters, *, few: bool, to_fear: bool) -> Select[*tuple[Any, ...]]:
    a, bills = ledger_accounts(scope, filters), unsettled_bills(filters.as_of, few=few)
    fields = [bills.c[name] for name in _BILL]
    statement = select(bills.c.account_id, *fields).join(a, a.c.account_id == bills.c.account_id)
    if to_fear:
        late = select(bills.c.account_id).where(bills.c.due_on < filters.as_of)
        told = select(notices.c.account_id).where(
            within(scope, notices.c.site_id), known_notices(filters.as_of), only(notices.c.account_id, few=few)
        )
        statement = statement.where(bills.c.account_id.in_(union(late, told)))
    return statement.order_by(bills.c.due_on, bills.c.invoice_id)


def bill_of(row: BillRow) -> RiskBill:
    """A row of unsettled_rows."""
    invoice_id, due_on, number, part, issued_on, open_amount, pending, disputed, recurring, amount = row
    named = number if part == 1 else f"{number} ({part})"
    return RiskBill(invoice_id, named, issued_on, due_on, open_amount, pending, disputed, max(0, recurring), amount)


def unsettled_by_account(
    connection: Connection, scope: Scope, filters: Filters, among: Among = None
) -> dict[int, list[RiskBill]]:
    """unsettled_rows as bills."""
    rows = unsettled_rows(connection, scope, filters, among)
    return {account_id: [bill_of(row) for row in own] for account_id, own in rows.items()}


def money_on_account(connection: Connection, scope: Scope, filters: Filters, among: Among = None) -> dict[int, int]:
    """By account, what is applied to no bill: negative, as on Balances."""
    rows = connection.execute(_money(scope, filters, few=among is not None), _parameters(among))
    return {row.account_id: row.unapplied for row in rows}


@lru_cache(maxsize=64)
def _money(scope: Scope, filters: Filters, *, few: bool) -> Select[*tuple[Any, ...]]:
    a, money = ledger_accounts(scope, filters), unapplied(filters.as_of, only_accounts(few=few))
    return (
        select(money.c.account_id, total(money.c.unapplied).label("unapplied"))
        .join(a, a.c.account_id == money.c.account_id)
        .group_by(money.c.account_id)
    )


def notices_about(
    connection: Connection,
    scope: Scope,
    filters: Filters,
    bills: Mapping[int, Sequence[tuple[int, date]]],
    among: Among = None,
) -> dict[int, list[Notice]]:
    """Notices about something unsettled, with what was paid since on what they are about. bills: (id, due day) by account."""
    about = {
        account_id: [n for n in known if any(n.covers(*bill) for bill in bills.get(account_id, ()))]
        for account_id, known in notices_by_account(connection, scope, filters, among).items()
    }
    asking = sorted(n.id for known in about.values() for n in known if n.amount is not None)
    paid = paid_since(connection, scope, filters.as_of, asking)
    return {
        account_id: [replace(notice, paid_since=paid[notice.id]) if notice.id in paid else notice for notice in known]
        for account_id, known in about.items()
    }


def open_promises(
    connection: Connection, scope: Scope, filters: Filters, among: Among = None
) -> dict[int, list[Promise]]:
    """The open promises of the call log; one that a payment has followed is settled, and says nothing any more."""
    found: dict[int, list[Promise]] = {}
    for end in follow_ups(connection, scope, filters, days_ahead=PROMISES_AHEAD, among=among):
        if end.promise is not None and end.call.promised_on is not None:
            found.setdefault(end.call.account_id, []).append(Promise(end.call.id, end.call.promised_on))
    return found


def lines_on(
    connection: Connection, scope: Scope, filters: Filters, among: Among = None
) -> dict[int, list[tuple[Any, ...]]]:
    """By account, the fields of a RiskService of each line that is on, at whichever site it ends."""
    found: dict[int, list[tuple[Any, ...]]] = {}
    for row in connection.execute(_lines(scope, filters, few=among is not None), _parameters(among)):
        found.setdefault(row[0], []).append(row[1:])
    return found


@lru_cache(maxsize=64)
def _lines(scope: Scope, filters: Filters, *, few: bool) -> Select[*tuple[Any, ...]]:
    a, as_of = ledger_accounts(scope, filters), filters.as_of
    return (
        select(
            services.c.account_id,
            services.c.identifier,
            services.c.description,
            sites.c.name,
            services.c.criticality,
            sites.c.headcount,
            services.c.monthly_charge,
        )
        .join(a, a.c.account_id == services.c.account_id)
        .join(sites, sites.c.id == services.c.site_id)
        .where(
            only(services.c.account_id, few=few),
            within(scope, services.c.site_id),
            or_(services.c.started_on.is_(None), services.c.started_on <= as_of),
            or_(services.c.ended_on.is_(None), services.c.ended_on > as_of),
        )
        .order_by(services.c.criticality.desc(), services.c.id)
    )


def _parameters(among: Among) -> dict[str, list[int]]:
    return {} if among is None else {ONLY: list(among)}
