"""What scenarios start from: open and expected bills of one currency, from a few aggregated reads."""

from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import Connection, select

from data_access.queries.dimensions import ledger_accounts
from data_access.queries.expected_bills import Told, bills_to_come
from data_access.queries.policies import policies
from data_access.queries.risk_evidence import Among, money_on_account, notices_about, unsettled_by_account
from data_access.queries.unsettled import ONLY, sent_parts
from data_access.schema import accounts, sites
from data_access.scope import Scope
from domain.filters import Filters
from domain.policies import in_force
from domain.what_if.opening import OpeningAccount, OpeningBill, Sent, opening
from domain.what_if.start import Site, Start

FEW = 500  # accounts that are looked for one by one


def many_accounts(connection: Connection, scope: Scope, filters: Filters) -> bool:
    """Are there more than FEW in scope and filters? Playing them all takes a while."""
    a = ledger_accounts(scope, filters)
    return len(connection.scalars(select(a.c.account_id).limit(FEW + 1)).all()) > FEW


def start(
    connection: Connection,
    scope: Scope,
    filters: Filters,
    currency: str,
    until: date,
    *,
    told: Told = lambda _: None,
) -> Start:
    """As of filters.as_of, by its basis and edges; bills are expected up to `until`. told: hears of the share that is done."""
    filters = replace(filters, currencies=(currency,))
    rows = _accounts(connection, scope, filters)
    among = [row.account_id for row in rows] if len(rows) <= FEW else None
    bills = unsettled_by_account(connection, scope, filters, among)
    sent = _sent(connection, scope, filters, among)
    notices = notices_about(
        connection, scope, filters, {key: [(bill.id, bill.due_on) for bill in own] for key, own in bills.items()}, among
    )
    money = money_on_account(connection, scope, filters, among)
    terms = policies(connection, scope)
    return opening(
        filters.as_of,
        currency,
        (
            OpeningAccount(
                account_id=row.account_id,
                account_number=row.account_number,
                vendor=row.vendor,
                site=Site(row.site, row.site_name, row.region),
                service_type=row.service_type,
                country=row.country,
                terms_days=row.terms_days,
                opened_on=row.opened_on,
                policy=in_force(terms.get(row.vendor, ()), row.service_type, currency, filters.as_of),
                notices=tuple(notices.get(row.account_id, ())),
                unapplied=money.get(row.account_id, 0),
                autopay_until=(row.autopay_expires_on or date.max) if row.autopay_method else None,
            )
            for row in rows
        ),
        (
            OpeningBill(
                account_id=account_id,
                bill_id=bill.id,
                number=bill.number,
                issued_on=bill.issued_on,
                due_on=bill.due_on,
                open_amount=bill.open_amount - bill.pending,
                disputed=bill.disputed,
                recurring=bill.recurring,
                billed=bill.billed,
                sent=tuple(sent.get(bill.id, ())),
            )
            for account_id, known in bills.items()
            for bill in known
        ),
        bills_to_come(connection, scope, filters, until, told=told),
        until=until,
        basis=filters.basis,
        edges=filters.edges,
    )


def _accounts(connection: Connection, scope: Scope, filters: Filters) -> list[Any]:
    a = ledger_accounts(scope, filters)
    statement = (
        select(a, sites.c.country, accounts.c.opened_on, accounts.c.autopay_method, accounts.c.autopay_expires_on)
        .join(accounts, accounts.c.id == a.c.account_id)
        .join(sites, sites.c.id == a.c.site_id)
        .order_by(a.c.account_id)
    )
    return list(connection.execute(statement))


def _sent(connection: Connection, scope: Scope, filters: Filters, among: Among) -> dict[int, list[Sent]]:
    """By bill, what is under way to it."""
    a, parts = ledger_accounts(scope, filters), sent_parts(filters.as_of, few=among is not None)
    statement = (
        select(parts.c.invoice_id, parts.c.paid_on, parts.c.method, parts.c.pending)
        .join(a, a.c.account_id == parts.c.account_id)
        .order_by(parts.c.invoice_id, parts.c.paid_on, parts.c.method)
    )
    found: dict[int, list[Sent]] = {}
    for bill_id, *part in connection.execute(statement, {} if among is None else {ONLY: among}):
        found.setdefault(bill_id, []).append(Sent(*part))
    return found
