"""A late fee that should be given back, to send to the vendor: the fee, the bills before it with their payments, the terms."""

from collections.abc import Iterator

from data_access.printed.document import Document, Section, Table
from data_access.printed.words import day, money
from data_access.queries.refund_cases import ProvenBill, RefundCase
from domain.masking import masked, masked_within
from domain.policies import CountedFrom, FeeBase

_BASES = {
    FeeBase.NONE: "no late fee at all",
    FeeBase.PAST_DUE: "what is past due",
    FeeBase.RECURRING: "the unpaid recurring charges",
}


def refund_case_document(case: RefundCase, number: str | None = None) -> Document:
    """`number`: the whole account number, for somebody who may see it and was told in the audit trail."""
    dispute, code = case.dispute, case.dispute.currency
    return Document(
        title=f"Late fee of {money(dispute.amount, code)} to be given back",
        subtitle=f"{dispute.vendor}, account {number or masked(dispute.account_number)}, as of {day(case.as_of)}",
        sections=[_fee(case, number), _paid(case), _terms(case), *_answers(case)],
        footer=f"Duewatch, dispute {dispute.id}, as of {case.as_of.isoformat()}",
    )


def _fee(case: RefundCase, number: str | None) -> Section:
    dispute, code = case.dispute, case.dispute.currency
    return Section(
        "The fee",
        [
            ("Vendor", dispute.vendor),
            ("Account", number or masked(dispute.account_number)),
            ("Site", f"{case.account.site_name} ({case.account.site})"),
            ("Bill", case.bill.label),
            ("Issued on", day(case.bill.issued_on)),
            *((f"Line: {text or 'late fee'}", money(amount, code)) for text, amount in case.fees),
            ("Asked back", money(dispute.amount, code)),
            ("Disputed on", day(dispute.opened_on)),
            ("Because", masked_within(dispute.reason, dispute.account_number)),
        ],
    )


def _paid(case: RefundCase) -> Section:
    if not case.before:
        return Section("Bills due before it", lines=["No bill of the account was due before the fee."])
    rows = [row for proven in case.before for row in _rows(proven, case.dispute.currency)]
    head = ("Bill", "Due", "Paid on", "Posted on", "Confirmation", "In time", "Amount")
    return Section("Bills due before it, and what paid them", table=Table(head, rows, right=(6,)))


def _rows(proven: ProvenBill, code: str) -> Iterator[list[str]]:
    begin = [proven.number, day(proven.due_on)]
    for part in proven.money:
        posted = day(part.posted_on) if part.posted_on else ""
        when = "yes" if part.paid_on <= proven.due_on else "no"
        yield [*begin, day(part.paid_on), posted, part.confirmation_number, when, money(part.amount, code)]
    left = proven.amount - sum(part.amount for part in proven.money)
    disputed = min(left, proven.withheld)
    if disputed > 0:
        yield [*begin, "withheld in dispute", "", "", "yes", money(disputed, code)]
    if left > disputed:
        yield [*begin, "not paid", "", "", "no", money(left - disputed, code)]


def _terms(case: RefundCase) -> Section:
    policy = case.policy
    if policy is None:
        return Section("The vendor's terms", lines=["No terms of the vendor are on record for the day of the bill."])
    fee, code = policy.late_fee, policy.currency
    counted = "the due day" if fee.counted_from is CountedFrom.DUE else "the issue of the bill"
    return Section(
        "The vendor's terms",
        [
            ("Source", policy.source),
            ("In force from", day(policy.effective_from)),
            ("Paid in time", "up to the next working day" if policy.due_rolls_forward else "up to the due day"),
            ("A late fee is charged on", _BASES[fee.base]),
            ("Rate", f"{fee.basis_points / 100:g}%" if fee.basis_points else ""),
            ("Flat", money(fee.flat, code) if fee.flat else ""),
            ("At least", money(fee.minimum, code) if fee.minimum else ""),
            ("At most", money(fee.cap, code) if fee.cap is not None else ""),
            ("Not before", "" if fee.base is FeeBase.NONE else f"day {fee.grace_days + 1} after {counted}"),
        ],
    )


def _answers(case: RefundCase) -> Iterator[Section]:
    dispute, code = case.dispute, case.dispute.currency
    if not dispute.events:
        return
    rows = [
        [
            day(event.dated),
            event.answer or event.kind,
            masked_within(event.text, dispute.account_number),
            "" if event.amount is None else money(event.amount, code),
        ]
        for event in dispute.events
    ]
    yield Section("What the vendor answered", table=Table(("Day", "What", "Text", "Amount"), rows, right=(3,)))
