"""What matching proposes for open payments and open bank lines. For somebody who sees every site; others get nothing."""

from collections.abc import Iterator
from datetime import date

from sqlalchemy import Connection, and_, func, or_, select

from data_access.queries.bank_lines import standing_decisions
from data_access.queries.call_versions import is_newest
from data_access.queries.local_days import day_start, local_day
from data_access.queries.policies import policies
from data_access.schema import (
    accounts,
    allocations,
    bank_lines,
    bank_statements,
    calls,
    invoices,
    match_aliases,
    payments,
    sites,
    vendors,
)
from data_access.scope import Scope, require
from domain.matching.legs import CallLeg, Learned, LineLeg, PaymentLeg
from domain.matching.matcher import propose
from domain.matching.proposals import Proposals
from domain.periods import shifted
from domain.policies import USUAL_POSTING, in_force

LOOKED_BACK = 400  # days; an older payment or line is matched by hand


def proposals(connection: Connection, scope: Scope, as_of: date) -> Proposals:
    """Matches, explanations and calls, over what is open now and dated on or before `as_of`."""
    if not require(scope).everything:
        return Proposals((), (), ())
    lines = list(_lines(connection, as_of))
    return propose(_payments(connection, scope, as_of), lines, list(_calls(connection, as_of)), _learned(connection))


def _payments(connection: Connection, scope: Scope, as_of: date) -> Iterator[PaymentLeg]:
    since = shifted(as_of, -LOOKED_BACK)
    terms = policies(connection, scope)
    is_open = and_(
        payments.c.kind == "payment",
        payments.c.reversed_on.is_(None),
        payments.c.paid_on.between(since, as_of),
        or_(payments.c.matched < payments.c.amount, payments.c.call_id.is_(None)),
    )
    bills: dict[int, list[str]] = {}
    paid = (
        select(allocations.c.payment_id, invoices.c.number)
        .join(
            payments, and_(payments.c.account_id == allocations.c.account_id, payments.c.id == allocations.c.payment_id)
        )
        .join(
            invoices, and_(invoices.c.account_id == allocations.c.account_id, invoices.c.id == allocations.c.invoice_id)
        )
        .where(is_open)
        .distinct()
        .order_by(invoices.c.number)
    )
    for row in connection.execute(paid):
        bills.setdefault(row.payment_id, []).append(row.number)
    fields = (
        payments,
        accounts.c.vendor_id,
        accounts.c.currency,
        accounts.c.account_number,
        accounts.c.service_type,
        vendors.c.name.label("vendor"),
        sites.c.country,
    )
    statement = (
        select(*fields)
        .join(accounts, accounts.c.id == payments.c.account_id)
        .join(vendors, vendors.c.id == accounts.c.vendor_id)
        .join(sites, sites.c.id == accounts.c.site_id)
        .where(is_open)
        .order_by(payments.c.id)
    )
    for row in connection.execute(statement):
        policy = in_force(terms.get(row.vendor, ()), row.service_type, row.currency, row.paid_on)
        posting = policy.posting() if policy else USUAL_POSTING
        yield PaymentLeg(
            id=row.id,
            account_id=row.account_id,
            vendor_id=row.vendor_id,
            currency=row.currency,
            amount=row.amount - row.matched,
            paid_on=row.paid_on,
            posted_on=row.posted_on,
            method=row.method,
            confirmation=row.confirmation_number,
            account_number=row.account_number,
            names=(row.vendor,),
            invoices=tuple(bills.get(row.id, ())),
            posting_days=posting.get(row.method, max(USUAL_POSTING.values())),
            calendar=(policy.calendar if policy else "") or row.country,
            call_id=row.call_id,
            part_matched=row.matched > 0,
        )


def _lines(connection: Connection, as_of: date) -> Iterator[LineLeg]:
    decided = standing_decisions()
    statement = (
        select(bank_lines, bank_statements.c.kind)
        .join(bank_statements, bank_statements.c.id == bank_lines.c.statement_id)
        .outerjoin(decided, decided.c.bank_line_id == bank_lines.c.id)
        .where(
            bank_lines.c.booked_on.between(shifted(as_of, -LOOKED_BACK), as_of),
            bank_lines.c.matched < func.abs(bank_lines.c.amount),
            decided.c.id.is_(None),
        )
        .order_by(bank_lines.c.id)
    )
    for row in connection.execute(statement):
        left = abs(row.amount) - row.matched
        yield LineLeg(
            id=row.id,
            bank_account=row.bank_account,
            currency=row.currency,
            amount=left if row.amount > 0 else -left,
            booked_on=row.booked_on,
            kind=row.kind,
            value_on=row.value_on,
            reference=row.reference,
            counterparty=row.counterparty,
            description=row.description,
            part_matched=row.matched > 0,
        )


def _calls(connection: Connection, as_of: date) -> Iterator[CallLeg]:
    since, end = (day_start(shifted(as_of, days), "UTC") for days in (-LOOKED_BACK, 2))
    statement = (
        select(calls, sites.c.timezone)
        .join(sites, sites.c.id == calls.c.site_id)
        .where(is_newest(), calls.c.started_at >= since, calls.c.started_at < end)
        .order_by(calls.c.id)
    )
    for row in connection.execute(statement):
        day = local_day(row.started_at, row.timezone)
        yield CallLeg(row.id, row.account_id, day, row.confirmation_number, row.promised_on, row.purpose)


def _learned(connection: Connection) -> Learned:
    """The newest word on each that was not taken back."""
    back = match_aliases.alias("back")
    statement = (
        select(match_aliases)
        .outerjoin(back, back.c.undoes_id == match_aliases.c.id)
        .where(match_aliases.c.undoes_id.is_(None), back.c.id.is_(None))
        .order_by(match_aliases.c.id)
    )
    vendors_known: dict[tuple[str, str], int] = {}
    explanations: dict[tuple[str, str], str] = {}
    for row in connection.execute(statement):
        key = (row.bank_account, row.words)
        vendors_known.pop(key, None)
        explanations.pop(key, None)
        if row.vendor_id is not None:
            vendors_known[key] = row.vendor_id
        else:
            explanations[key] = row.reason
    return Learned(vendors_known, explanations)
