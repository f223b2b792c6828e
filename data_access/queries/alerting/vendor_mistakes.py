"""R23 and R24: fees and notices of vendors about what was paid in time."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, func, literal_column, or_, select

from data_access.queries.alerting.subjects import Evidence
from data_access.queries.expressions import signed, total, unindexed
from data_access.queries.positions import effective_due
from data_access.queries.vendor_statements import misapplied_rows
from data_access.schema import accounts, allocations, charges, disputes, invoices, notices, payments
from data_access.scope import within
from domain.alerts.findings import Finding
from domain.alerts.late_fees_charged import FeeBill, undue_fee
from domain.alerts.misapplied import StatedElsewhere, StrayCredit, asked_though_paid, misapplied, misstated
from domain.alerts.paid_in_time import PaidBill
from domain.alerts.subject import Subject
from domain.filters import Filters
from domain.notices import Notice, NoticeKind
from domain.periods import shifted

_FEES = 120  # days after its issue in which a bill with a late fee is judged
_NOTICES = 180  # days after its date in which a notice is judged
_COMPARED = 400  # days before that in which bills are looked for
_AT_ONCE = 500
# As in the index on them, which SQLite takes for literals only.
_LATE_FEE: ColumnElement[bool] = literal_column("charges.type = 'late_fee'")


def fee_findings(evidence: Evidence) -> Iterator[Finding]:
    """R24."""
    since = shifted(evidence.as_of, -_FEES)
    charged = _fees(evidence, since)
    paid = _paid_bills(evidence, charged, shifted(since, -_COMPARED))
    credited = _credits(evidence, since, accounts.c.id.in_(charged)) if charged else []
    for account_id, bills in charged.items():
        own = [credit for credit in credited if credit.account_id == account_id]
        for row in bills:
            back = any(credit.amount == row.fee and credit.dated >= row.issued_on for credit in own)
            bill = FeeBill(row.id, row.number, row.issued_on, row.fee, given_back=back)
            if (finding := undue_fee(evidence.subjects[account_id], bill, paid.get(account_id, ()))) is not None:
                yield finding


def _fees(evidence: Evidence, since: date) -> dict[int, list[Any]]:
    fields = (invoices.c.account_id, invoices.c.id, invoices.c.number, invoices.c.issued_on)
    statement = (
        select(*fields, total(charges.c.amount).label("fee"))
        .join(charges, and_(charges.c.account_id == invoices.c.account_id, charges.c.invoice_id == invoices.c.id))
        .where(
            within(evidence.scope, invoices.c.site_id),
            evidence.among(invoices.c.account_id),
            invoices.c.kind == "invoice",
            unindexed(invoices.c.issued_on) >= since,
            unindexed(invoices.c.issued_on) <= evidence.as_of,
            _LATE_FEE,
        )
        .group_by(*fields)
        .order_by(invoices.c.id)
    )
    found: dict[int, list[Any]] = {}
    for row in evidence.connection.execute(statement):
        found.setdefault(row.account_id, []).append(row)
    return found


def misapplied_findings(evidence: Evidence) -> Iterator[Finding]:
    """R23: the notices of the last months whose bills were all paid, against credits on the vendor's other accounts."""
    since = shifted(evidence.as_of, -_NOTICES)
    asked = {a: own for a, own in _notices(evidence, since).items() if a in evidence.subjects}
    if evidence.few:  # then their bills are fewer than what the vendor credited on its other accounts
        known = _paid_bills(evidence, asked, shifted(since, -_COMPARED))
        asked = {a: [n for n in own if any(asked_though_paid(n, known.get(a, ())))] for a, own in asked.items()}
        asked = {account_id: own for account_id, own in asked.items() if own}
    if not asked:
        return
    whose = {evidence.subjects[account_id].vendor_id for account_id in asked}
    shown: dict[tuple[int, str], list[StrayCredit]] = {}
    for credit in _credits(evidence, since, accounts.c.vendor_id.in_(sorted(whose))):
        shown.setdefault((credit.vendor_id, credit.currency), []).append(credit)
    # Bills are read of the accounts alone for which some credit could be the one that is missing.
    sought = {account_id: _on_others(evidence.subjects[account_id], shown) for account_id in asked}
    doubted = [account_id for account_id in asked if any(_may_be(n, sought[account_id]) for n in asked[account_id])]
    paid = _paid_bills(evidence, doubted, shifted(since, -_COMPARED))
    for account_id in doubted:
        for notice in asked[account_id]:
            found = misapplied(evidence.subjects[account_id], notice, paid.get(account_id, ()), sought[account_id])
            if found is not None:
                yield found


def _on_others(subject: Subject, shown: Mapping[tuple[int, str], Sequence[StrayCredit]]) -> list[StrayCredit]:
    credits_shown = shown.get((subject.vendor_id, subject.currency), ())
    return [credit for credit in credits_shown if credit.account_id != subject.account_id]


def _may_be(notice: Notice, credits_shown: Sequence[StrayCredit]) -> bool:
    return any(notice.amount in (None, credit.amount) for credit in credits_shown)


def asking_for_credits(evidence: Evidence) -> set[int]:
    """Accounts with a notice of the last months to which a credit shown on one of these few, the vendor's others, may belong."""
    since = shifted(evidence.as_of, -_NOTICES)
    shown: dict[tuple[int, str], set[int]] = {}
    for credit in _credits(evidence, since, evidence.among(accounts.c.id)):
        shown.setdefault((credit.vendor_id, credit.currency), set()).add(credit.amount)
    if not shown:
        return set()
    statement = (
        select(notices.c.account_id, notices.c.amount, accounts.c.vendor_id, accounts.c.currency)
        .join(accounts, accounts.c.id == notices.c.account_id)
        .where(
            within(evidence.scope, notices.c.site_id),
            accounts.c.vendor_id.in_(sorted({vendor for vendor, _ in shown})),
            notices.c.dated >= since,
        )
    )
    return {
        row.account_id
        for row in evidence.connection.execute(statement)
        if (amounts := shown.get((row.vendor_id, row.currency))) and (row.amount is None or row.amount in amounts)
    }


def misstated_findings(evidence: Evidence) -> Iterator[Finding]:
    """R23 by the vendor's own statements: one account's lacks a payment, and others' show as much too little open."""
    since = shifted(evidence.as_of, -_NOTICES)
    rows = misapplied_rows(evidence.connection, evidence.scope, Filters(as_of=evidence.as_of))
    if rows and not evidence.few:
        evidence = evidence.of(tuple(sorted({found.short.account_id for found in rows})))
    for found in rows:
        short = found.short
        if short.account_id not in evidence.subjects:
            continue
        if found.paid_on is not None and short.stated_on >= since:
            others_on = tuple(statement.stated_on for statement, _ in found.long)
            told = StatedElsewhere(short.id, short.stated_on, found.amount, found.paid_on, others_on)
            yield misstated(evidence.subjects[short.account_id], told)


def _notices(evidence: Evidence, since: date) -> dict[int, list[Notice]]:
    statement = (
        select(notices)
        .where(
            within(evidence.scope, notices.c.site_id),
            evidence.among(notices.c.account_id),
            notices.c.dated >= since,
            notices.c.dated <= evidence.as_of,
            or_(notices.c.withdrawn_on.is_(None), notices.c.withdrawn_on > evidence.as_of),
        )
        .order_by(notices.c.id)
    )
    found: dict[int, list[Notice]] = {}
    for row in evidence.connection.execute(statement):
        notice = Notice(row.id, NoticeKind(row.kind), row.dated, row.acts_on, row.amount, bill_id=row.invoice_id)
        found.setdefault(row.account_id, []).append(notice)
    return found


def _credits(evidence: Evidence, since: date, whose: Any) -> list[StrayCredit]:
    """Credit notes, and lines of bills that give money back, of accounts in scope, from `since` to the day."""
    of_scope = and_(within(evidence.scope, accounts.c.site_id), whose)
    notes = (
        select(accounts.c.id, accounts.c.vendor_id, accounts.c.currency, invoices.c.issued_on, invoices.c.amount)
        .join(invoices, invoices.c.account_id == accounts.c.id)
        .where(
            of_scope,
            invoices.c.kind == "credit_note",
            invoices.c.issued_on >= since,
            invoices.c.issued_on <= evidence.as_of,
        )
    )
    lines = (
        select(accounts.c.id, accounts.c.vendor_id, accounts.c.currency, invoices.c.issued_on, -charges.c.amount)
        .join(invoices, invoices.c.account_id == accounts.c.id)
        .join(charges, and_(charges.c.account_id == invoices.c.account_id, charges.c.invoice_id == invoices.c.id))
        .where(
            of_scope,
            charges.c.amount < 0,
            charges.c.type.in_(("credit", "adjustment")),
            invoices.c.kind == "invoice",
            invoices.c.issued_on >= since,
            invoices.c.issued_on <= evidence.as_of,
        )
    )
    return [StrayCredit(*row) for statement in (notes, lines) for row in evidence.connection.execute(statement)]


def _paid_bills(evidence: Evidence, account_ids: Collection[int], since: date) -> dict[int, list[PaidBill]]:
    """By account: bills issued from `since` to the day, with what stayed applied to them by then."""
    found: dict[int, list[PaidBill]] = {}
    ids = sorted(account_ids)
    for start in range(0, len(ids), _AT_ONCE):
        some = ids[start : start + _AT_ONCE]
        due = effective_due(accounts.c.terms_days)
        statement = (
            select(
                invoices.c.account_id,
                invoices.c.id,
                invoices.c.number,
                invoices.c.issued_on,
                due.label("due_on"),
                invoices.c.amount,
            )
            .join(accounts, accounts.c.id == invoices.c.account_id)
            .where(
                within(evidence.scope, invoices.c.site_id),
                invoices.c.account_id.in_(some),
                invoices.c.kind == "invoice",
                invoices.c.issued_on >= since,
                invoices.c.issued_on <= evidence.as_of,
            )
            .order_by(invoices.c.id)
        )
        paid, withheld = _applied(evidence, some), _withheld(evidence, some)
        for row in evidence.connection.execute(statement):
            subject = evidence.subjects[row.account_id]
            policy = evidence.policy(subject)
            due_on = policy.due_day(row.due_on, subject.country) if policy else row.due_on
            disputed = sum(
                amount for opened, closed, amount in withheld.get(row.id, ()) if opened <= due_on < (closed or date.max)
            )
            bill = PaidBill(
                row.id, row.number, row.issued_on, due_on, row.amount, tuple(paid.get(row.id, ())), disputed
            )
            found.setdefault(row.account_id, []).append(bill)
    return found


def _applied(evidence: Evidence, account_ids: Collection[int]) -> dict[int, list[tuple[date, int]]]:
    """By bill: (day, amount). Money counts from the day on which it was paid, a credit from that of its application."""
    amount = total(signed(allocations))
    statement = (
        select(
            allocations.c.invoice_id,
            payments.c.paid_on,
            func.min(allocations.c.applied_on).label("applied_on"),
            amount.label("amount"),
        )
        .outerjoin(
            payments, and_(payments.c.account_id == allocations.c.account_id, payments.c.id == allocations.c.payment_id)
        )
        .where(
            allocations.c.account_id.in_(account_ids),
            allocations.c.invoice_id.is_not(None),
            allocations.c.applied_on <= evidence.as_of,
        )
        .group_by(allocations.c.invoice_id, allocations.c.payment_id, allocations.c.credit_note_id, payments.c.paid_on)
        .having(amount > 0)
    )
    found: dict[int, list[tuple[date, int]]] = {}
    for row in evidence.connection.execute(statement):
        found.setdefault(row.invoice_id, []).append((row.paid_on or row.applied_on, row.amount))
    return found


def _withheld(evidence: Evidence, account_ids: Collection[int]) -> dict[int, list[tuple[date, date | None, int]]]:
    statement = select(disputes).where(disputes.c.account_id.in_(account_ids), disputes.c.opened_on <= evidence.as_of)
    found: dict[int, list[tuple[date, date | None, int]]] = {}
    for row in evidence.connection.execute(statement):
        closed_on = row.closed_on if row.closed_on and row.closed_on <= evidence.as_of else None
        found.setdefault(row.invoice_id, []).append((row.opened_on, closed_on, row.amount))
    return found
