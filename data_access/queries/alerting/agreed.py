"""R11, R12, R20 and R21: what was promised on calls, what is disputed, and contracts."""

from collections.abc import Iterator

from sqlalchemy import or_, select

from data_access.queries.alerting.subjects import Evidence
from data_access.queries.bills import dispute_rows
from data_access.queries.follow_ups import follow_ups
from data_access.schema import dispute_events, services
from data_access.scope import within
from domain.alerts.contracts import ContractService, ending
from domain.alerts.disputes import OpenDispute, closing_window
from domain.alerts.findings import Finding
from domain.alerts.promises_made import CallEnd, call_findings
from domain.periods import shifted


def promise_findings(evidence: Evidence) -> Iterator[Finding]:
    """R11 and R12, over the calls of the half year that follow-ups look back."""
    owed = {entry.account_id: sum(bill.owed for bill in entry.facts.bills) for entry in evidence.risks}
    for end in follow_ups(evidence.connection, evidence.scope, evidence.filters, days_ahead=0):
        call = end.call
        left = CallEnd(
            call.id,
            call.promised_on,
            end.promise,
            call.follow_up_on,
            end.follow_up,
            call.purpose,
            call.agent,
            owed.get(call.account_id, 0),
        )
        yield from call_findings(evidence.subjects[call.account_id], left)


def dispute_findings(evidence: Evidence) -> Iterator[Finding]:
    """R20: of disputes that the vendor has not answered."""
    e = dispute_events.c
    answered = set(
        evidence.connection.scalars(
            select(e.dispute_id).where(within(evidence.scope, e.site_id), e.kind == "reply", e.dated <= evidence.as_of)
        )
    )
    for row in dispute_rows(evidence.connection, evidence.scope, evidence.filters):
        if row.closed_on is None and row.id not in answered:
            dispute = OpenDispute(row.id, row.opened_on, row.amount, row.number, row.reason, row.issued_on)
            subject = evidence.subjects[row.account_id]
            if (finding := closing_window(subject, dispute, evidence.as_of, evidence.thresholds)) is not None:
                yield finding


def contract_findings(evidence: Evidence) -> Iterator[Finding]:
    """R21: services that are on, of accounts that are open."""
    as_of = evidence.as_of
    statement = (
        select(
            services.c.account_id,
            services.c.id,
            services.c.identifier,
            services.c.description,
            services.c.contract_ends_on,
            services.c.notice_days,
        )
        .where(
            within(evidence.scope, services.c.site_id),
            evidence.among(services.c.account_id),
            services.c.contract_ends_on >= as_of,
            services.c.contract_ends_on <= shifted(as_of, 3 * 365),
            or_(services.c.started_on.is_(None), services.c.started_on <= as_of),
            or_(services.c.ended_on.is_(None), services.c.ended_on > as_of),
        )
        .order_by(services.c.id)
    )
    for account_id, *fields in evidence.connection.execute(statement):
        subject = evidence.subjects.get(account_id)  # a line at a site in scope, on an account that is not
        if subject is None or (subject.closed_on is not None and subject.closed_on <= as_of):
            continue
        if (finding := ending(subject, ContractService(*fields), as_of, evidence.thresholds)) is not None:
            yield finding
