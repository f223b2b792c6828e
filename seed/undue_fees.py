"""Late fees that vendors should not have charged: everything due before was paid in time. What the bill comes to stays."""

from collections import defaultdict
from datetime import date, timedelta

from domain.policies import in_force
from seed.books import Organisation
from seed.people import PAYABLES, address
from seed.records import Account, Allocation, Bill, Charge, Dispute, DisputeEvent, Payment

_COMPARED = 430  # days
_CASES, _LATELY = 2, 90
_DISPUTED_AFTER, _ANSWERED_AFTER = 6, 15


def charge_undue_fees(books: Organisation, today: date) -> None:
    """On one account of each of two vendors; the first is disputed, the other waits to be found."""
    cases: dict[str, tuple[Bill, int]] = {}
    for account, bill in _paid_in_time(books, today - timedelta(days=_COMPARED)):
        fee = _fee(books, account, bill.issued_on)
        lately = bill.issued_on > today - timedelta(days=_LATELY)
        if fee and lately and account.vendor.slug not in cases and len(cases) < _CASES:
            cases[account.vendor.slug] = bill, fee
    for number, (bill, fee) in enumerate(cases.values()):
        largest = max((charge for charge in bill.charges if charge.type == "recurring"), key=lambda c: c.amount)
        largest.amount -= fee
        bill.charges.append(Charge("late_fee", "Late payment charge", fee))
        if number == 0:
            _dispute(books, bill, fee, today)


def _fee(books: Organisation, account: Account, day: date) -> int:
    """What the vendor charges whatever is late; 0 where it is a part of that."""
    terms = [policy for vendor, policy in books.policies if vendor is account.vendor]
    policy = in_force(terms, account.service_type, account.currency, day)
    return policy.late_fee.flat if policy else 0


def _dispute(books: Organisation, bill: Bill, fee: int, today: date) -> None:
    opened_on = min(today, bill.issued_on + timedelta(days=_DISPUTED_AFTER))
    reason = f"Late fee charged though every bill before {bill.number} was paid in time"
    dispute = Dispute(bill, fee, reason, opened_on, kind="late_fee")
    books.disputes.append(dispute)
    if (answered_on := opened_on + timedelta(days=_ANSWERED_AFTER)) <= today:
        text = "They look into it, and ask for the proof of payment."
        books.dispute_events.append(DisputeEvent(dispute, "note", answered_on, address(PAYABLES[1]), text))


def _paid_in_time(books: Organisation, since: date) -> list[tuple[Account, Bill]]:
    """Accounts in their order with the newest bill that is paid, where none was late since then."""
    bills: dict[Account, list[Bill]] = defaultdict(list)
    for bill in books.bills:
        if bill.issued_on >= since:
            bills[bill.account].append(bill)
    late = {a.source.account for a in books.allocations if a.applied_on >= since and _is_late(a)}
    late |= {dispute.bill.account for dispute in books.disputes if dispute.opened_on >= since}
    late |= {notice.account for notice in books.notices if notice.dated >= since}
    found = []
    for account in books.accounts:
        paid = [bill for bill in bills[account] if not bill.open]
        on_time = account not in late and account.closed_on is None
        if on_time and len(paid) > 1 and all(bill.kind == "invoice" for bill in bills[account]):
            found.append((account, paid[-1]))
    return found


def _is_late(allocation: Allocation) -> bool:
    """Applied after the bill was due, or taken back."""
    target = allocation.target
    if not isinstance(target, Bill) or allocation.reverses is not None:
        return True
    paid_on = allocation.source.paid_on if isinstance(allocation.source, Payment) else allocation.applied_on
    return paid_on > target.falls_due_on
