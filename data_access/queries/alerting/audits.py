"""R14 to R19: the bills of the last months against the account's own earlier ones and against their lines."""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import and_, case, or_, select

from data_access.queries.alerting.subjects import Evidence
from data_access.queries.audited_bills import RHYTHM, audited_bills
from data_access.queries.expressions import total, unindexed
from data_access.schema import accounts, charges, invoices
from data_access.scope import within
from domain.alerts.bill_audit import SHORTEST, ItemisedBill, bill_findings, missing_bill, wrong_sum
from domain.alerts.findings import Finding
from domain.periods import shifted

JUDGED = 120  # days after its issue in which a bill is judged
_COMPARED = 400  # days before that in which earlier bills are looked for
_AT_ONCE = 500


def audit_findings(evidence: Evidence) -> Iterator[Finding]:
    """R15 to R18."""
    judged_from = shifted(evidence.as_of, -JUDGED)
    issued = unindexed(invoices.c.issued_on) >= shifted(judged_from, -_COMPARED)
    ids = sorted(evidence.subjects)
    for start in range(0, len(ids), _AT_ONCE):  # so that no more than these are held at once
        some = and_(invoices.c.account_id.in_(ids[start : start + _AT_ONCE]), issued)
        for account_id, bills in audited_bills(evidence.connection, evidence.scope, evidence.as_of, some).items():
            yield from bill_findings(evidence.subjects[account_id], bills, judged_from, evidence.thresholds)


def missing_findings(evidence: Evidence) -> Iterator[Finding]:
    """R14: accounts that have not billed lately, by the rhythm of their last bills."""
    as_of = evidence.as_of
    lately = select(invoices.c.account_id).where(
        evidence.among(invoices.c.account_id),
        invoices.c.kind == "invoice",
        evidence.dated(invoices.c.issued_on) > shifted(as_of, -SHORTEST - evidence.thresholds.missing_days),
        invoices.c.issued_on <= as_of,
    )
    silent = (
        select(accounts.c.id)
        .where(within(evidence.scope, accounts.c.site_id), evidence.among(accounts.c.id), accounts.c.id.not_in(lately))
        .order_by(accounts.c.id)
    )
    ids = list(evidence.connection.scalars(silent))
    for start in range(0, len(ids), _AT_ONCE):
        some = ids[start : start + _AT_ONCE]
        issued = invoices.c.issued_on >= shifted(as_of, -RHYTHM)
        condition = and_(invoices.c.account_id.in_(some), issued)
        for account_id, bills in audited_bills(evidence.connection, evidence.scope, as_of, condition).items():
            subject = evidence.subjects[account_id]
            if (finding := missing_bill(subject, bills, as_of, evidence.thresholds)) is not None:
                yield finding


def sum_findings(evidence: Evidence) -> Iterator[Finding]:
    """R19: added up in the database; what adds up is not read."""
    for row in _wrong_sums(evidence):
        bill = ItemisedBill(row.id, row.number, row.issued_on, row.amount, row.lines)
        if (finding := wrong_sum(evidence.subjects[row.account_id], bill)) is not None:
            yield finding


def _wrong_sums(evidence: Evidence) -> Sequence[Any]:
    amount = case((invoices.c.kind == "invoice", invoices.c.amount), else_=-invoices.c.amount)
    lines = total(charges.c.amount)
    fields = (invoices.c.account_id, invoices.c.id, invoices.c.number, invoices.c.issued_on)
    statement = (
        select(*fields, amount.label("amount"), lines.label("lines"))
        .join(charges, and_(charges.c.account_id == invoices.c.account_id, charges.c.invoice_id == invoices.c.id))
        .where(
            within(evidence.scope, invoices.c.site_id),
            evidence.among(invoices.c.account_id),
            evidence.dated(invoices.c.issued_on) >= shifted(evidence.as_of, -JUDGED),
            invoices.c.issued_on <= evidence.as_of,
            or_(charges.c.issued_on.is_(None), charges.c.issued_on <= evidence.as_of),
        )
        .group_by(*fields, invoices.c.kind, invoices.c.amount)
        .having(lines != amount)
        .order_by(invoices.c.id)
    )
    return evidence.connection.execute(statement).all()
