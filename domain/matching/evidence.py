"""What speaks for one payment and one line being the same: reasons with points, and what of them tells who was paid."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from domain.matching.legs import BANK, CARD, Learned, LineLeg, PaymentLeg
from domain.matching.proposals import Reason
from domain.matching.words import holds, likeness, words_of
from domain.working_days import add_working_days

EARLY, LATE = 3, 10  # days around the days on which a line is expected
LATE_WITH_NUMBER = 60  # a confirmation number is believed that long
NAMED = 85  # likeness from which a line names a vendor
_POINTS = {"exact": 600, "mangled": 350}
_ACCOUNT = {"exact": 250, "mangled": 150}
_INVOICE = {"exact": 250, "mangled": 150}
IDENTIFIED = 140  # so many points must tell whose payment it is before it is matched without asking
_AMOUNT, _DAY, _NAME, _LEARNED, _UNIQUE, _APART = 300, 150, 200, 200, 200, 400
DECISIVE = 200  # by so many points must what tells who was paid be better than the next one's


@dataclass(frozen=True, slots=True)
class Evidence:
    """Reasons for one payment and one line. identity: the points of those that tell whose payment it is."""

    reasons: tuple[Reason, ...]
    identity: int
    numbered: bool  # the line holds the confirmation number as it is
    slip: int  # days from paid to booked: among equals the earlier line is the earlier payment's

    @property
    def score(self) -> int:
        """Before uniqueness."""
        return sum(reason.points for reason in self.reasons)


def window(payment: PaymentLeg) -> tuple[date, date]:
    """The first and the last day on which a line may show the payment."""
    first, last = expected(payment)
    return first - timedelta(days=EARLY), last + timedelta(days=LATE)


def near_enough(payment: PaymentLeg, line: LineLeg) -> bool:
    """Whether the line's day is one on which its confirmation number is believed."""
    first, last = expected(payment)
    return first - timedelta(days=LATE_WITH_NUMBER) <= line.booked_on <= last + timedelta(days=LATE_WITH_NUMBER)


def expected(payment: PaymentLeg) -> tuple[date, date]:
    """From the day it was made to the day by which it shows, by the method's working days and by when it posted."""
    return shown_within(payment.paid_on, payment.posted_on, payment.posting_days, payment.calendar)


@lru_cache(maxsize=65_536)
def shown_within(paid_on: date, posted_on: date | None, days: int, calendar: str) -> tuple[date, date]:
    """The same of a payment that is no leg yet; `days`: working days until it shows."""
    shown = add_working_days(paid_on, days, calendar)
    posted = posted_on or shown
    return min(paid_on, posted), max(shown, posted)


_EITHER, _ON_CARD, _IN_BANK = (BANK, CARD), (CARD,), (BANK,)


def books_of(method: str) -> tuple[str, ...]:
    """The kinds of statement that may show it: what was paid by card is on a card's, the rest on a bank account's."""
    if method == CARD:
        return _ON_CARD
    return _IN_BANK if method else _EITHER


def same_book(payment: PaymentLeg, line: LineLeg) -> bool:
    """Money out, in the same currency, on a statement that may show it."""
    return line.amount < 0 and line.currency == payment.currency and line.kind in books_of(payment.method)


def weigh(payment: PaymentLeg, line: LineLeg, learned: Learned) -> Evidence:
    """All reasons but how unique the pair is."""
    text = line.text
    number = holds(text, payment.confirmation)
    told = list(_numbers(payment, text, number))
    told += _names(payment, line, learned)
    identity = sum(reason.points for reason in told)
    if payment.amount == -line.amount:
        told.append(Reason("amount", "equal", _AMOUNT))
    day = _days(payment, line)
    return Evidence((*told, day), identity, number == "exact", (line.booked_on - payment.paid_on).days)


def _numbers(payment: PaymentLeg, text: str, number: str) -> list[Reason]:
    told = []
    if number in _POINTS:
        told.append(Reason("confirmation number", number, _POINTS[number]))
    elif number == "another":
        told.append(Reason("confirmation number", number, -_APART))
    account = holds(text, payment.account_number)
    if account in _ACCOUNT:
        told.append(Reason("account number", account, _ACCOUNT[account]))
    elif account == "another" and number != "exact":
        told.append(Reason("account number", account, -_APART))
    found = {holds(text, invoice) for invoice in payment.invoices}
    best = next((how for how in _INVOICE if how in found), "")
    if best:
        told.append(Reason("bill number", best, _INVOICE[best]))
    return told


def _names(payment: PaymentLeg, line: LineLeg, learned: Learned) -> list[Reason]:
    vendor = learned.vendors.get((line.bank_account, words_of(line.text)))
    if vendor is not None:
        same = vendor == payment.vendor_id
        return [Reason("decided before", "this vendor" if same else "another vendor", _LEARNED if same else -_LEARNED)]
    like = max((likeness(name, line.text) for name in payment.names), default=0)
    points = max(0, min(_NAME, (like - 60) * _NAME // 35))
    return [Reason("vendor name", f"{like}%", points)] if points else []


def _days(payment: PaymentLeg, line: LineLeg) -> Reason:
    target = payment.posted_on or expected(payment)[1]
    apart = min(abs((day - target).days) for day in (line.booked_on, line.value_on) if day)
    return Reason("day", f"{apart} days from the expected one", max(0, _DAY - 10 * apart))


def uniqueness(identity: int, next_best: int | None) -> Reason:
    """How much better a pair is, by what tells whose payment it is, than the next one of the same line or payment.

    Days tell no twins apart: a bank may be late with either.
    """
    if next_best is None:
        return Reason("next one", "none", _UNIQUE)
    ahead = identity - next_best
    if ahead <= 0:
        return Reason("next one", "told as well", 0)
    return Reason("next one", f"{ahead} points behind", max(0, min(_UNIQUE, ahead * _UNIQUE // DECISIVE)))
