"""A cash plan as a document to print: what to pay on which day, the calls to make, and what stays unpaid."""

from collections.abc import Iterator

from data_access.cash_plan_run import PlanRun, about, bill_name, call_bills
from data_access.printed.document import Document, Section, Table
from data_access.printed.words import day, money
from domain.cash_plan.payment_run import Payment
from domain.cash_plan.words import why_left, why_paid
from domain.masking import masked
from domain.parsing.phones import spaced_phone

LEFT_PRINTED = 60
NOT_VERIFIED = "none verified: do not pay by telephone until one is"


def payment_run_document(run: PlanRun) -> Document:
    """Laid across; each part on a page of its own."""
    currency = run.facts.currency
    return Document(
        title=f"Payment run, {currency}",
        subtitle=f"as of {day(run.facts.as_of)}, {len(run.problem.cash)} weeks",
        sections=[
            Section("What it costs", table=_rules(run), lines=list(about(run))[1:]),
            Section("Payments by week", table=_payments(run)),
            Section("Calls to make", table=_calls(run)),
            Section("Stays unpaid", table=_left(run), small=list(_more(run))),
        ],
        footer="A plan, not a payment: it changes nothing in the ledger. Numbers are those that were verified.",
        wide=True,
    )


def _rules(run: PlanRun) -> Table:
    currency = run.facts.currency
    rows = [
        [
            rule.value,
            *(money(n, currency) for n in (cost.total, cost.fees, cost.restoral, cost.lost)),
            str(cost.days_off),
        ]
        for rule, cost in run.planned.rules
    ]
    return Table(("Rule", "Cost", "Late fees", "Restoral", "Lost service", "Days off"), rows, right=(1, 2, 3, 4, 5))


def _payments(run: PlanRun) -> Table:
    head = ("Week", "Pay on", "By", "Vendor", "Account", "Site", "Bill", "Amount", "Why")
    rows = [
        [str(p.week + 1), day(p.pay_on), p.method, *_account(run, p), bill_name(p.payable)]
        + [money(p.payable.amount, run.facts.currency), why_paid(p, run.writer)]
        for p in run.payments
    ]
    return Table(head, rows, right=(7,))


def _calls(run: PlanRun) -> Table:
    rows = [
        [day(call.by), *_account(run, call.payments[0])[:2], _number(run, call.payments[0])]
        + [money(call.amount, run.facts.currency), call.payments[0].method, call_bills(call)]
        for call in run.calls
    ]
    return Table(("Ring by", "Vendor", "Account", "Verified number", "Amount", "By", "Bills"), rows, right=(4,))


def _left(run: PlanRun) -> Table:
    currency = run.facts.currency
    rows = []
    for one in run.left[:LEFT_PRINTED]:
        entry = run.accounts[one.account.id]
        amounts = [money(one.payable.amount, currency), money(one.fact.cost.total, currency)]
        name = bill_name(one.payable)
        rows.append(
            [entry.vendor, masked(entry.account_number), entry.site_name, name, *amounts, why_left(one, run.writer)]
        )
    return Table(("Vendor", "Account", "Site", "Bill", "Amount", "Costs if left", "Why"), rows, right=(4, 5))


def _more(run: PlanRun) -> Iterator[str]:
    if len(run.left) > LEFT_PRINTED:
        yield f"{len(run.left) - LEFT_PRINTED} more are in the table to export."
    for entry, number, amount in run.disputed:
        yield f"In dispute, so held: {money(amount, run.facts.currency)} of {number}, {entry.vendor}, {entry.site_name}."


def _account(run: PlanRun, payment: Payment) -> list[str]:
    entry = run.accounts[payment.account.id]
    return [entry.vendor, masked(entry.account_number), entry.site_name]


def _number(run: PlanRun, payment: Payment) -> str:
    number = run.facts.numbers.get(payment.account.id, "")
    return spaced_phone(number) if number else NOT_VERIFIED
