"""Which open payments any of the open lines could be a part of: the others need not be read for them."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date, timedelta

from domain.matching.evidence import EARLY, LATE, LATE_WITH_NUMBER, NAMED, books_of, shown_within
from domain.matching.legs import Learned, LineLeg, PaymentLeg
from domain.matching.words import named_in, squeezed, tokens, words_of
from domain.working_days import add_working_days

When = tuple[date, date | None, int, str]  # paid, posted, working days until it shows, and whose they are
_DAY, _EARLY, _LATE, _BELIEVED = (timedelta(days=days) for days in (1, EARLY, LATE, LATE_WITH_NUMBER))


class Reach:
    """What the lines say, looked up once for all payments. names: of every vendor, by id."""

    def __init__(self, lines: Iterable[LineLeg], names: Mapping[int, str], learned: Learned) -> None:
        out, every = [line for line in lines if line.amount < 0], tuple(sorted(names.items()))
        self.any = bool(out)
        self.first = min((line.booked_on for line in out), default=date.min)
        self._amounts: dict[tuple[str, int], list[date]] = defaultdict(list)
        self._numbers: dict[str, list[date]] = defaultdict(list)
        self._vendors: dict[tuple[int, str, str], list[date]] = defaultdict(list)
        for line in sorted(out, key=lambda line: line.booked_on):
            self._amounts[line.currency, -line.amount].append(line.booked_on)
            for token in tokens(line.text):
                self._numbers[token].append(line.booked_on)
            for vendor in _named(line, every, learned):
                self._vendors[vendor, line.currency, line.kind].append(line.booked_on)

    @property
    def numbers(self) -> Collection[str]:
        """All that the lines hold of numbers, squeezed."""
        return self._numbers.keys()

    def holds(self, payment: PaymentLeg) -> bool:
        """Is it equal in amount and near in time to a line, or its number in one, or its vendor named by one?"""
        when = payment.paid_on, payment.posted_on, payment.posting_days, payment.calendar
        numbers = payment.account_number, payment.confirmation
        return self.near((payment.vendor_id, payment.currency, payment.method), payment.amount, when, numbers)

    def near(self, whose: tuple[int, str, str], amount: int, when: When, numbers: tuple[str, str]) -> bool:
        """The same of a payment that is no leg yet. whose: vendor, currency and method; numbers: of its account, and its confirmation."""
        vendor_id, currency, method = whose
        first, last = shown_within(*when)
        start, end = first - _EARLY, last + _LATE
        for kind in books_of(method):
            if _any_in(self._vendors.get((vendor_id, currency, kind)), start, end):
                return True
        if _any_in(self._amounts.get((currency, amount)), start, end):
            return True
        if _any_in(self._numbers.get(squeezed(numbers[0])), start, end):
            return True
        days = self._numbers.get(squeezed(numbers[1]))
        return days is not None and _any_in(days, first - _BELIEVED, last + _BELIEVED)


def paid_since(shown: date, days: int, calendars: Iterable[str]) -> date:
    """The first day on which a payment can be made to show, so many working days later, no earlier than `shown`."""
    first = shown
    for calendar in calendars:
        while add_working_days(first - _DAY, days, calendar) >= shown:
            first -= _DAY
    return first


def _named(line: LineLeg, names: tuple[tuple[int, str], ...], learned: Learned) -> list[int]:
    text = line.text
    known = learned.vendors.get((line.bank_account, words_of(text)))
    return [known] if known is not None else [vendor for vendor, _ in named_in(text, names, NAMED)]


def _any_in(days: list[date] | None, first: date, last: date) -> bool:
    if not days:
        return False
    at = bisect_left(days, first)
    return at < len(days) and days[at] <= last
