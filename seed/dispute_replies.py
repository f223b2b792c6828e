"""What vendors answered to disputes, what they credited, and what stays unanswered while the window closes."""

from datetime import date, timedelta

from seed.books import Organisation
from seed.people import PAYABLES, address
from seed.records import Bill, Dispute, DisputeEvent

_BY = address(PAYABLES[1])
_ACCEPTED, _REFUSED = "They agree; the credit comes with the next bill.", "They say that the bill is right."
_PARTLY = "Half of it is granted: the rate was wrong, the distance charge stays."
_ANNOUNCED = "First part of what they granted, shown on the portal; the credit note is to follow."
_RANG = "Rang them twice: with the back office, no date given."


def answer_disputes(books: Organisation, today: date) -> None:
    """Closed disputes end as their outcome says; of the open ones some are answered and one is credited in part."""
    notes = {
        (allocation.target, allocation.applied_on): allocation.source
        for allocation in books.allocations
        if isinstance(allocation.source, Bill) and allocation.reverses is None
    }
    add = books.dispute_events.append
    for dispute in books.disputes:
        if dispute.closed_on is None:
            continue
        before = max(dispute.opened_on, dispute.closed_on - timedelta(days=4))
        if dispute.outcome == "credited":
            add(_reply(dispute, before, "accepted", _ACCEPTED, dispute.amount))
            note = notes.get((dispute.bill, dispute.closed_on))
            credit = DisputeEvent(dispute, "credit", dispute.closed_on, _BY, "", amount=dispute.amount)
            credit.credit_note = note if isinstance(note, Bill) else None
            add(credit)
        elif dispute.outcome == "rejected":
            add(_reply(dispute, before, "refused", _REFUSED))
    open_ones = sorted(
        (d for d in books.disputes if d.closed_on is None and d.kind == "bill"), key=lambda d: d.opened_on
    )
    for dispute, plot in zip(open_ones, (_in_part, _silent, _refused, _silent), strict=False):
        plot(books, dispute, today)


def _reply(dispute: Dispute, dated: date, answer: str, text: str, amount: int | None = None) -> DisputeEvent:
    return DisputeEvent(dispute, "reply", dated, _BY, text, answer, amount)


def _in_part(books: Organisation, dispute: Dispute, today: date) -> None:
    granted = dispute.amount // 2
    answered_on = _within(dispute, 26, today)
    books.dispute_events.append(_reply(dispute, answered_on, "partly", _PARTLY, granted))
    credited_on = _within(dispute, 40, today)
    credit = DisputeEvent(dispute, "credit", credited_on, _BY, _ANNOUNCED, amount=max(1, granted * 2 // 3))
    books.dispute_events.append(credit)


def _silent(books: Organisation, dispute: Dispute, today: date) -> None:
    books.dispute_events.append(DisputeEvent(dispute, "note", _within(dispute, 17, today), _BY, _RANG))


def _refused(books: Organisation, dispute: Dispute, today: date) -> None:
    books.dispute_events.append(_reply(dispute, _within(dispute, 21, today), "refused", _REFUSED))


def _within(dispute: Dispute, days: int, today: date) -> date:
    return min(today, dispute.opened_on + timedelta(days=days))
