"""R03 to R06: bills past due or due soon with no money under way, and autopay that does not draw or soon will not."""

from collections.abc import Iterator, Set
from dataclasses import replace
from datetime import date

from domain.alerts.findings import Finding
from domain.alerts.subject import Subject
from domain.alerts.thresholds import Thresholds
from domain.periods import shifted
from domain.risk_facts import AccountFacts, RiskBill, oldest_due_first, with_money_under_way


def due_findings(
    subject: Subject, facts: AccountFacts, as_of: date, thresholds: Thresholds, drawn: Set[int] = frozenset()
) -> Iterator[Finding]:
    """R03 to R05 of one account; `drawn`: the bills for which autopay has drawn something, come back or not."""
    under_way = facts.on_account or any(bill.pending for bill in facts.bills)
    left = with_money_under_way(replace(facts, promises=()), as_of) if under_way else facts
    uncovered = [bill for bill in oldest_due_first(left.bills) if bill.owed]
    late = [bill for bill in uncovered if facts.due_day(bill) < as_of]
    if late:
        yield _overdue(subject, facts, late, as_of)
    promised = any(promise.promised_on >= as_of for promise in facts.promises)
    soon = [
        bill
        for bill in uncovered
        if as_of <= facts.due_day(bill) <= shifted(as_of, thresholds.due_days)
        and not subject.autopay_on(facts.due_day(bill))
    ]
    if soon and not promised:
        yield _due_soon(subject, facts, soon, thresholds)
    if subject.autopay_method:
        for bill in late:
            crossed = shifted(facts.due_day(bill), thresholds.autopay_days + 1)
            if crossed <= as_of and bill.id not in drawn:
                yield subject.finding(
                    "R05",
                    "invoices",
                    bill.id,
                    crossed,
                    amount=bill.owed,
                    facts=(("bill", bill.number), ("due on", facts.due_day(bill).isoformat())),
                )


def _overdue(subject: Subject, facts: AccountFacts, late: list[RiskBill], as_of: date) -> Finding:
    due_on, amount = facts.due_day(late[0]), sum(bill.owed for bill in late)
    return subject.finding(
        "R03",
        "accounts",
        subject.account_id,
        shifted(due_on, 1),
        amount=amount,
        facts=(
            ("bills past due", str(len(late))),
            ("past due", subject.money(amount)),
            ("oldest bill", late[0].number),
            ("was due on", due_on.isoformat()),
            ("days past due", str((as_of - due_on).days)),
        ),
    )


def _due_soon(subject: Subject, facts: AccountFacts, soon: list[RiskBill], thresholds: Thresholds) -> Finding:
    due_on, amount = facts.due_day(soon[0]), sum(bill.owed for bill in soon)
    return subject.finding(
        "R04",
        "accounts",
        subject.account_id,
        max(soon[0].issued_on, shifted(due_on, -thresholds.due_days)),
        amount=amount,
        act_by=due_on,
        facts=(
            ("bills due soon", str(len(soon))),
            ("to pay", subject.money(amount)),
            ("first bill", soon[0].number),
            ("due on", due_on.isoformat()),
        ),
    )


def autopay_expiry(subject: Subject, as_of: date, thresholds: Thresholds) -> Finding | None:
    """R06 of one account."""
    ends_on = subject.autopay_expires_on
    closed = subject.closed_on is not None and subject.closed_on <= as_of
    if not subject.autopay_method or ends_on is None or closed:
        return None
    crossed = shifted(ends_on, -thresholds.expiry_days)
    if crossed > as_of:
        return None
    return subject.finding(
        "R06",
        "accounts",
        subject.account_id,
        crossed,
        act_by=ends_on,
        facts=(("autopay by", subject.autopay_method), ("ends on", ends_on.isoformat())),
    )
