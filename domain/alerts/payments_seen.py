"""R07 to R10, R13 and R22: what became of a payment after it was made, and how it was made."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from domain.alerts.findings import Finding
from domain.alerts.subject import Subject
from domain.alerts.thresholds import Thresholds
from domain.contacts import ContactState, NumberStanding, check_number
from domain.periods import Period, shifted
from domain.policies import USUAL_POSTING, Policy
from domain.working_days import add_working_days

_SLOWEST = max(USUAL_POSTING.values())  # where nothing is known of a method


@dataclass(frozen=True, slots=True)
class MadePayment:
    """A payment that stands on the day. on_call: made on a call, or by phone; confirmed: it or its call has a number.

    number: what was rung, '' where nobody wrote it down; called_on: the day of that call. matched: so much of it bank lines
    show; unmatched_on: when a match was last undone.
    """

    id: int
    paid_on: date
    amount: int
    method: str = ""
    posted_on: date | None = None
    on_call: bool = False
    confirmed: bool = False
    number: str = ""
    called_on: date | None = None
    matched: int = 0
    unmatched_on: date | None = None


@dataclass(frozen=True, slots=True)
class Listing:
    """A number of the directory as known on the day; verified_on: when it was last verified, before it ended if it did."""

    state: ContactState
    verified_on: date | None = None
    ended_on: date | None = None


def unconfirmed(subject: Subject, payment: MadePayment) -> Finding | None:
    """R08."""
    if not payment.on_call or payment.confirmed:
        return None
    return _of(subject, "R08", payment, payment.paid_on)


def not_posted(
    subject: Subject, payment: MadePayment, policy: Policy | None, as_of: date, thresholds: Thresholds
) -> Finding | None:
    """R09: working days for the vendor, calendar days for patience."""
    if payment.posted_on is not None or not payment.confirmed:
        return None
    posting = policy.posting() if policy else USUAL_POSTING
    calendar = (policy.calendar if policy else "") or subject.country
    shown_on = add_working_days(payment.paid_on, posting.get(payment.method, _SLOWEST), calendar)
    crossed = shifted(shown_on, thresholds.posting_days + 1)
    if as_of < crossed:
        return None
    return _of(subject, "R09", payment, crossed, ("should have shown by", shown_on.isoformat()))


def not_in_bank(
    subject: Subject, payment: MadePayment, statements: Sequence[Sequence[Period]], as_of: date, thresholds: Thresholds
) -> Finding | None:
    """R10. `statements`: the periods covered, of each bank account (or card) that the money can have come from.

    Any of them may have paid: a day that one of them does not cover is a day on which the line may yet turn up.
    """
    if payment.posted_on is None or payment.matched >= payment.amount or not statements:
        return None
    crossed = shifted(payment.posted_on, thresholds.bank_days + 1)
    if as_of < crossed or not all(_covers(periods, payment.paid_on, crossed) for periods in statements):
        return None
    since = max(crossed, payment.unmatched_on or crossed)
    told = [("posted on", payment.posted_on.isoformat())]
    if payment.matched:
        told.append(("in the bank", subject.money(payment.matched)))
    return _of(subject, "R10", payment, since, *told)


def _covers(periods: Iterable[Period], start: date, end: date) -> bool:
    for period in sorted(periods, key=lambda p: p.start):
        if period.start <= start < period.end:
            start = period.end
    return start >= end


def badly_dialled(subject: Subject, payment: MadePayment, directory: Mapping[str, Listing]) -> Finding | None:
    """R13. A number that was retired since is no reproach to a payment made while it was verified."""
    if not payment.number or payment.called_on is None:
        return None
    listing = directory.get(payment.number.partition(";")[0])
    if listing is not None and listing.state is ContactState.VERIFIED:
        return None  # as nearly all are: the rest of the directory need not be gone through
    check = check_number(payment.number, {address: known.state for address, known in directory.items()})
    since = payment.paid_on
    if check.standing is NumberStanding.VERIFIED:
        return None
    if check.standing is NumberStanding.RETIRED and listing is not None and _was_verified(listing, payment.called_on):
        return None
    if check.standing is NumberStanding.REPORTED and listing is not None and listing.ended_on is not None:
        since = max(since, listing.ended_on)
    told = [("number", payment.number), ("in the directory", check.standing.value)]
    if check.like:
        told.append(("looks like", check.like))
    return _of(subject, "R13", payment, since, *told)


def _was_verified(listing: Listing, day: date) -> bool:
    verified = listing.verified_on is not None and listing.verified_on <= day
    return verified and (listing.ended_on is None or day <= listing.ended_on)


@dataclass(frozen=True, slots=True)
class ReturnedPayment:
    """A payment that came back; reopened: (number, open and undisputed) of each bill that it had paid, as of the day."""

    id: int
    returned_on: date
    amount: int
    method: str
    reopened: tuple[tuple[str, int], ...]


def still_open(subject: Subject, payment: ReturnedPayment) -> Finding | None:
    """R07."""
    open_bills = [(number, owed) for number, owed in payment.reopened if owed > 0]
    if not open_bills:
        return None
    owed = sum(owed for _, owed in open_bills)
    return subject.finding(
        "R07",
        "payments",
        payment.id,
        payment.returned_on,
        amount=min(owed, payment.amount),
        facts=(
            ("came back on", payment.returned_on.isoformat()),
            ("method", payment.method),
            ("bills still open", ", ".join(number for number, _ in open_bills)),
            ("open on them", subject.money(owed)),
        ),
    )


@dataclass(frozen=True, slots=True)
class MoneyOnAccount:
    """What is left of a payment or credit note (`entity`: payments or invoices) on the day."""

    entity: str
    id: int
    day: date
    name: str
    left: int


def unapplied_money(
    subject: Subject, money: Iterable[MoneyOnAccount], as_of: date, thresholds: Thresholds
) -> Iterator[Finding]:
    """R22."""
    for item in money:
        crossed = shifted(item.day, thresholds.unapplied_days + 1)
        if crossed <= as_of:
            what = "payment" if item.entity == "payments" else "credit note"
            facts = ((what, item.name or "without a number"), ("dated", item.day.isoformat()))
            left = ("applied to no bill", subject.money(item.left))
            yield subject.finding("R22", item.entity, item.id, crossed, amount=item.left, facts=(*facts, left))


def _of(subject: Subject, rule: str, payment: MadePayment, since: date, *told: tuple[str, str]) -> Finding:
    facts = (("paid on", payment.paid_on.isoformat()), ("amount", subject.money(payment.amount)))
    method = (("method", payment.method),) if payment.method else ()
    return subject.finding(rule, "payments", payment.id, since, amount=payment.amount, facts=(*facts, *method, *told))
