"""R01 to R06: what is open, what is announced for it, and autopay."""

from collections.abc import Iterator

from sqlalchemy import and_, or_, select

from data_access.queries.alerting.subjects import Evidence
from data_access.queries.expressions import unindexed
from data_access.schema import allocations, payments
from domain.alerts.due_bills import autopay_expiry, due_findings
from domain.alerts.findings import Finding
from domain.alerts.suspension import suspension_findings

_AT_ONCE = 500


def open_bill_findings(evidence: Evidence) -> Iterator[Finding]:
    """R01 to R05, account by account."""
    drawn = _drawn_by_autopay(evidence)
    for entry in evidence.risks:
        subject = evidence.subjects[entry.account_id]
        judged = (evidence.as_of, evidence.thresholds)
        yield from suspension_findings(subject, entry.facts, entry.risk, *judged)
        yield from due_findings(subject, entry.facts, *judged, drawn)


def autopay_findings(evidence: Evidence) -> Iterator[Finding]:
    """R06."""
    for subject in evidence.subjects.values():
        if (finding := autopay_expiry(subject, evidence.as_of, evidence.thresholds)) is not None:
            yield finding


def _drawn_by_autopay(evidence: Evidence) -> set[int]:
    """Unsettled bills of accounts on autopay for which it has drawn something, come back or not."""
    wanted = {
        entry.account_id: [bill.id for bill in entry.facts.bills]
        for entry in evidence.risks
        if evidence.subjects[entry.account_id].autopay_method
    }
    statement = (
        select(allocations.c.invoice_id)
        .join(
            payments,
            and_(payments.c.account_id == allocations.c.account_id, payments.c.id == allocations.c.payment_id),
        )
        .where(
            unindexed(payments.c.paid_on) <= evidence.as_of,
            or_(payments.c.method == "autopay", payments.c.channel == "autopay"),
        )
        .distinct()
    )
    found: set[int] = set()
    ids = sorted(wanted)
    for start in range(0, len(ids), _AT_ONCE):
        some = ids[start : start + _AT_ONCE]
        bills = [bill_id for account_id in some for bill_id in wanted[account_id]]
        which = and_(allocations.c.account_id.in_(some), allocations.c.invoice_id.in_(bills))
        found |= set(evidence.connection.scalars(statement.where(which)))
    return found
