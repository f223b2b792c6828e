"""Late fees that a vendor should give back: those that R24 finds, and what proves one that is disputed."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, select

from data_access.queries.accounts import AccountRow, account_rows
from data_access.queries.alert_findings import findings
from data_access.queries.applications import applications
from data_access.queries.bills import BillRow, bill_rows, charge_rows, dispute_rows
from data_access.queries.disputes import DisputeCase, dispute_cases
from data_access.queries.payments import payment_rows
from data_access.queries.policies import policies
from data_access.schema import disputes, sites
from data_access.scope import Scope, within
from domain.alerts.thresholds import Thresholds
from domain.filters import Filters
from domain.periods import shifted
from domain.policies import Policy, in_force

LATE_FEE = "late_fee"  # a kind of dispute, and of charge
_COMPARED = 400  # days before the fee in which bills prove that everything was paid in time
_MOST = 1000  # rows of one account that are looked through


@dataclass(frozen=True, slots=True)
class RefundCandidate:
    """A late fee that R24 finds and nobody has disputed yet; minor units. facts: as the alert tells them."""

    bill: BillRow
    amount: int
    facts: tuple[tuple[str, str], ...]

    @property
    def reason(self) -> str:
        """The facts in one line, to be the reason of a dispute."""
        return "Late fee charged though paid in time: " + ", ".join(f"{what} {value}" for what, value in self.facts)


@dataclass(frozen=True, slots=True)
class Money:
    """What one payment or credit note put on a bill by the day; paid_on is the day of a credit's application."""

    paid_on: date
    posted_on: date | None
    confirmation_number: str
    amount: int


@dataclass(frozen=True, slots=True)
class ProvenBill:
    """A bill due before the fee was charged. due_on: the last day in time by the vendor's terms; withheld: on that day."""

    number: str
    due_on: date
    amount: int
    withheld: int
    money: tuple[Money, ...]


@dataclass(frozen=True, slots=True)
class RefundCase:
    """A disputed late fee as of a day, with what proves that nothing was late; policy None where no terms are known."""

    as_of: date
    dispute: DisputeCase
    account: AccountRow
    bill: BillRow
    fees: tuple[tuple[str, int], ...]
    before: tuple[ProvenBill, ...]
    policy: Policy | None


def refund_candidates(connection: Connection, scope: Scope, filters: Filters) -> list[RefundCandidate]:
    """The newest bill first; a fee that is or was disputed is none any more."""
    found = findings(connection, scope, filters.as_of, Thresholds(), frozenset({"R24"}))
    if not found:
        return []
    statement = select(disputes.c.invoice_id).where(
        within(scope, disputes.c.site_id), disputes.c.kind == LATE_FEE, disputes.c.opened_on <= filters.as_of
    )
    disputed = set(connection.execute(statement).scalars())
    candidates = []
    for finding in found:
        if finding.entity_id in disputed or not finding.amount:
            continue
        for bill in bill_rows(connection, scope, filters, bill_id=finding.entity_id):
            candidates.append(RefundCandidate(bill, finding.amount, finding.facts))
    return sorted(candidates, key=lambda c: (c.bill.issued_on, c.bill.id), reverse=True)


def refund_case(connection: Connection, scope: Scope, *, dispute_id: int, as_of: date) -> RefundCase | None:
    """None outside the scope, before it was opened, and for a dispute that is not of a late fee."""
    filters = Filters(as_of=as_of)
    cases = dispute_cases(connection, scope, filters, dispute_id=dispute_id)
    dispute = next((case for case in cases if case.kind == LATE_FEE), None)
    if dispute is None:
        return None
    (account,) = account_rows(connection, scope, filters, account_id=dispute.account_id, limit=1)
    (bill,) = bill_rows(connection, scope, filters, bill_id=dispute.invoice_id)
    charges = charge_rows(connection, scope, dispute.account_id, dispute.invoice_id)
    known = policies(connection, scope).get(bill.vendor, [])
    policy = in_force(known, account.service_type, bill.currency, bill.issued_on)
    return RefundCase(
        as_of=as_of,
        dispute=dispute,
        account=account,
        bill=bill,
        fees=tuple((line.description, line.amount) for line in charges if line.type == LATE_FEE),
        before=tuple(_before(connection, scope, bill, policy, as_of)),
        policy=policy,
    )


def _before(
    connection: Connection, scope: Scope, bill: BillRow, policy: Policy | None, as_of: date
) -> list[ProvenBill]:
    """The bills of the year before that were due by then, in order of their due day."""
    filters = Filters(as_of=as_of, since=shifted(bill.issued_on, -_COMPARED), until=bill.issued_on)
    rows = bill_rows(connection, scope, filters, account_id=bill.account_id, limit=_MOST)
    country = connection.scalar(select(sites.c.country).where(within(scope, sites.c.id), sites.c.code == bill.site))
    made = payment_rows(connection, scope, Filters(as_of=as_of), account_id=bill.account_id, limit=_MOST)
    payments = {payment.id: payment for payment in made}
    held = dispute_rows(connection, scope, Filters(as_of=as_of), account_id=bill.account_id)
    found = []
    for row in rows:
        due_on = policy.due_day(row.due_on, country or "") if policy else row.due_on
        if row.kind != "invoice" or due_on >= bill.issued_on:
            continue
        amounts: dict[tuple[str, int], int] = defaultdict(int)
        applied: dict[tuple[str, int], Money] = {}
        for part in applications(connection, scope, as_of, account_id=row.account_id, bill_id=row.id):
            key = part.source, part.source_id
            amounts[key] += part.amount
            paid = payments.get(part.source_id) if part.source == "payment" else None
            told = paid.confirmation_number if paid else part.source_name
            on, posted = (paid.paid_on, paid.posted_on) if paid else (part.applied_on, None)
            applied.setdefault(key, Money(on, posted, told, 0))
        money = [
            Money(one.paid_on, one.posted_on, one.confirmation_number, amounts[key])
            for key, one in applied.items()
            if amounts[key] > 0
        ]
        withheld = sum(
            one.amount
            for one in held
            if one.invoice_id == row.id and one.opened_on <= due_on < (one.closed_on or date.max)
        )
        found.append(ProvenBill(row.label, due_on, row.amount, withheld, tuple(sorted(money, key=lambda m: m.paid_on))))
    return sorted(found, key=lambda proven: (proven.due_on, proven.number))
