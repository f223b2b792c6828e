"""R07 to R10, R13 and R22: payments of the months looked back, what came back, and what is applied to nothing."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import and_, func, literal_column, or_, select

from data_access.queries.alerting.bank import bank_legs, card_and_bank_periods
from data_access.queries.alerting.directory import numbers_known
from data_access.queries.alerting.subjects import Evidence
from data_access.queries.expressions import unindexed
from data_access.queries.local_days import local_day
from data_access.queries.positions import open_items
from data_access.queries.unapplied import unapplied_rows
from data_access.schema import allocations, calls, payments, sites
from data_access.scope import within
from domain.alerts.findings import Finding
from domain.alerts.payments_seen import (
    Listing,
    MadePayment,
    MoneyOnAccount,
    ReturnedPayment,
    badly_dialled,
    not_in_bank,
    not_posted,
    still_open,
    unapplied_money,
    unconfirmed,
)
from domain.contacts import ContactState
from domain.periods import shifted

LOOKED_BACK = 180  # days in which a payment is judged; one that is pending even now is judged whenever it was made


def payment_findings(evidence: Evidence) -> Iterator[Finding]:
    """R08, R09, R10 and R13, payment by payment."""
    as_of, thresholds = evidence.as_of, evidence.thresholds
    directory = numbers_known(evidence)
    covered = card_and_bank_periods(evidence, shifted(as_of, -LOOKED_BACK))
    for account_id, payment in _made(evidence, directory, covered):
        subject = evidence.subjects[account_id]
        kind = "card" if payment.method == "card" else "bank"
        found = (
            unconfirmed(subject, payment),
            not_posted(subject, payment, evidence.policy(subject), as_of, thresholds),
            not_in_bank(subject, payment, covered.get((kind, subject.currency), ()), as_of, thresholds),
            badly_dialled(subject, payment, directory),
        )
        yield from (finding for finding in found if finding is not None)


def _made(
    evidence: Evidence, directory: Mapping[str, Listing], covered: Collection[tuple[str, str]]
) -> Iterator[tuple[int, MadePayment]]:
    """Payments that stand on the day, with the newest version of their call; not those with which nothing can be wrong."""
    as_of = evidence.as_of
    since = shifted(as_of, -LOOKED_BACK)
    fields = (
        payments.c.account_id,
        payments.c.id,
        payments.c.paid_on,
        payments.c.amount,
        payments.c.method,
        payments.c.channel,
        payments.c.posted_on,
        payments.c.confirmation_number,
        payments.c.call_id,
    )
    stands = and_(
        within(evidence.scope, payments.c.site_id),
        evidence.among(payments.c.account_id),
        payments.c.kind == "payment",
        or_(payments.c.reversed_on.is_(None), payments.c.reversed_on > as_of),
    )
    paid_on = evidence.dated(payments.c.paid_on)
    lately = select(*fields).where(stands, paid_on >= since, paid_on <= as_of)
    # As a literal: SQLite takes the index of pending payments for nothing else.
    pending = select(*fields).where(
        stands, payments.c.status == literal_column("'pending'"), unindexed(payments.c.paid_on) < since
    )
    rows = [*evidence.connection.execute(lately), *evidence.connection.execute(pending)]
    told = _calls_of(evidence, [row.call_id for row in rows if row.call_id is not None])
    in_bank = bank_legs(evidence, since)
    subjects = evidence.subjects
    verified = {number for number, known in directory.items() if known.state is ContactState.VERIFIED}
    shown = {(kind == "card", currency) for kind, currency in covered}
    for row in rows:
        numbers = told.get(row.call_id, ())
        latest = numbers[-1] if numbers else None
        matched, unmatched_on = in_bank.get(row.id, (0, None))
        posted_on = row.posted_on if row.posted_on and row.posted_on <= as_of else None
        on_call = row.call_id is not None or row.channel == "phone"
        confirmed = bool(row.confirmation_number.strip() or any(c.confirmation_number.strip() for c in numbers))
        # As nearly all are: what they are made of is not put together.
        seen = matched >= row.amount or (row.method == "card", subjects[row.account_id].currency) not in shown
        dialled_well = latest is None or latest.number.partition(";")[0] in verified
        if posted_on and seen and dialled_well and (confirmed or not on_call):
            continue
        yield (
            row.account_id,
            MadePayment(
                id=row.id,
                paid_on=row.paid_on,
                amount=row.amount,
                method=row.method,
                posted_on=posted_on,
                on_call=on_call,
                confirmed=confirmed,
                number=latest.number if latest else "",
                called_on=local_day(latest.started_at, latest.timezone) if latest else None,
                matched=matched,
                unmatched_on=unmatched_on,
            ),
        )


_AT_ONCE = 500


def _calls_of(evidence: Evidence, call_ids: Sequence[int]) -> dict[int, list[Any]]:
    """By the call that a payment names: its versions from that one on, the newest last."""
    found: dict[int, list[Any]] = {}
    for start in range(0, len(call_ids), _AT_ONCE):
        some = sorted(set(call_ids[start : start + _AT_ONCE]))
        versions = (
            select(calls.c.id.label("first"), calls.c.account_id, calls.c.id)
            .where(calls.c.id.in_(some), within(evidence.scope, calls.c.site_id))
            .cte("versions", recursive=True)
        )
        later = calls.alias("later")
        versions = versions.union_all(
            select(versions.c.first, later.c.account_id, later.c.id).join(
                later, and_(later.c.account_id == versions.c.account_id, later.c.amends_id == versions.c.id)
            )
        )
        firsts: dict[int, list[int]] = {}
        for row in evidence.connection.execute(select(versions)):
            firsts.setdefault(row.id, []).append(row.first)
        # Apart from that: joined to them, SQLite reads every call ever made.
        statement = (
            select(calls.c.id, calls.c.number, calls.c.confirmation_number, calls.c.started_at, sites.c.timezone)
            .join(sites, sites.c.id == calls.c.site_id)
            .where(calls.c.id.in_(sorted(firsts)), within(evidence.scope, calls.c.site_id))
            .order_by(calls.c.id)
        )
        for row in evidence.connection.execute(statement):
            for first in firsts[row.id]:
                found.setdefault(first, []).append(row)
    return found


def returned_findings(evidence: Evidence) -> Iterator[Finding]:
    """R07: what came back in the year before, and the bills that it had paid."""
    as_of = evidence.as_of
    of_the_year = (
        within(evidence.scope, payments.c.site_id),
        evidence.among(payments.c.account_id),
        payments.c.kind == "payment",
        payments.c.status == "returned",
        payments.c.reversed_on <= as_of,
        payments.c.reversed_on > shifted(as_of, -365),
    )
    # Few accounts had any: their bills alone are read, by their accounts.
    items = open_items(as_of, accounts_alone=select(payments.c.account_id).where(*of_the_year))
    reopened = items.c.open_amount - items.c.disputed
    statement = (
        select(
            payments.c.account_id,
            payments.c.id,
            payments.c.reversed_on,
            payments.c.amount,
            payments.c.method,
            items.c.number,
            func.max(reopened).label("owed"),
        )
        .join(
            allocations,
            and_(allocations.c.account_id == payments.c.account_id, allocations.c.payment_id == payments.c.id),
        )
        .join(
            items, and_(items.c.account_id == allocations.c.account_id, items.c.invoice_id == allocations.c.invoice_id)
        )
        .where(*of_the_year)
        .group_by(
            payments.c.account_id,
            payments.c.id,
            payments.c.reversed_on,
            payments.c.amount,
            payments.c.method,
            items.c.invoice_id,
            items.c.number,
        )
        .order_by(payments.c.id, items.c.number)
    )
    came_back: dict[int, list[Any]] = {}
    for row in evidence.connection.execute(statement):
        came_back.setdefault(row.id, []).append(row)
    for payment_id, rows in came_back.items():
        first = rows[0]
        bills = tuple((row.number, row.owed) for row in rows)
        returned = ReturnedPayment(payment_id, first.reversed_on, first.amount, first.method, bills)
        if (finding := still_open(evidence.subjects[first.account_id], returned)) is not None:
            yield finding


def unapplied_findings(evidence: Evidence) -> Iterator[Finding]:
    """R22."""
    asked = (evidence.connection, evidence.scope, evidence.filters)
    for row in unapplied_rows(*asked, among=list(evidence.subjects) if evidence.few else None):
        if row.left < 0:  # a refund not yet matched adds to what is owed
            entity = "invoices" if row.kind == "credit_note" else "payments"
            item = MoneyOnAccount(entity, row.id, row.day, row.name, -row.left)
            yield from unapplied_money(evidence.subjects[row.account_id], [item], evidence.as_of, evidence.thresholds)
