"""R23: a vendor asks on one account for what was paid in time, and shows the money on another."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from domain.alerts.findings import Finding
from domain.alerts.paid_in_time import PaidBill
from domain.alerts.subject import Subject
from domain.notices import Notice


@dataclass(frozen=True, slots=True)
class StrayCredit:
    """A credit on some account of the vendor, positive, in that account's currency."""

    account_id: int
    vendor_id: int
    currency: str
    dated: date
    amount: int


def asked_though_paid(notice: Notice, bills: Iterable[PaidBill]) -> Iterator[tuple[PaidBill, set[int], date]]:
    """Bills paid in time for which the notice asks, the last due first: each with amounts that may be the stray one, and since when.

    None where something was owed when the notice was dated: then it is about that.
    """
    asked = [bill for bill in bills if notice.covers(bill.id, bill.due_on)]
    if any(bill.owed_on(notice.dated) for bill in asked):
        return
    for bill in sorted(asked, key=lambda b: (b.due_on, b.id), reverse=True):
        paid = {amount for _, amount in bill.paid} | {bill.amount}
        if bill.paid and bill.in_time and notice.amount in (None, *paid):
            sought = {notice.amount} if notice.amount is not None else paid
            yield bill, sought, min((day for day, _ in bill.paid), default=bill.issued_on)


def misapplied(
    subject: Subject, notice: Notice, bills: Iterable[PaidBill], credits_shown: Iterable[StrayCredit]
) -> Finding | None:
    """R23. The other account is not named: whoever may see this one need not see that."""
    for bill, sought, since in asked_though_paid(notice, bills):
        stray = [
            credit
            for credit in credits_shown
            if (credit.vendor_id, credit.currency) == (subject.vendor_id, subject.currency)
            and credit.account_id != subject.account_id
            and credit.amount in sought
            and since <= credit.dated
        ]
        if stray:
            credit = min(stray, key=lambda c: c.dated)
            return subject.finding(
                "R23",
                "notices",
                notice.id,
                max(notice.dated, credit.dated),
                amount=credit.amount,
                facts=(
                    ("notice", notice.kind.value),
                    ("dated", notice.dated.isoformat()),
                    ("asks for bill", bill.number),
                    ("paid on", ", ".join(sorted({day.isoformat() for day, _ in bill.paid}))),
                    ("due on", bill.due_on.isoformat()),
                    ("credit on another account", f"{subject.money(credit.amount)} on {credit.dated.isoformat()}"),
                ),
            )
    return None


@dataclass(frozen=True, slots=True)
class StatedElsewhere:
    """A statement that lacks the payment of `paid_on`; others_on: the days of those that show as much too little."""

    statement_id: int
    stated_on: date
    amount: int
    paid_on: date
    others_on: tuple[date, ...]


def misstated(subject: Subject, found: StatedElsewhere) -> Finding:
    """R23 by statements. The other accounts are not named here either."""
    return subject.finding(
        "R23",
        "vendor_statements",
        found.statement_id,
        max(found.stated_on, *found.others_on),
        amount=found.amount,
        facts=(
            ("statement of", found.stated_on.isoformat()),
            ("asks too much by", subject.money(found.amount)),
            ("paid on", found.paid_on.isoformat()),
            ("as much too little on the statement of another account", found.others_on[0].isoformat()),
        ),
    )
